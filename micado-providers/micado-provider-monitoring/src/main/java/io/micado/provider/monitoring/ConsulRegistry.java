package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a Consul agent knows of an infrastructure as the cluster is, opened by {@link ConsulMetricSource} and read by the engine's
 * observer, never twice at a time.
 *
 * <p>Each reading compares the workers with what the agent lists as ours, so that whatever a crash left behind goes with the first one.
 * What is somebody else's stays. Nothing is taken away while the managers have no quorum, since then nobody knows who has left. A healthy
 * worker is 1 by the metric {@value #HEALTHY} of its node, another one 0.
 */
final class ConsulRegistry implements Metrics {
    /** The metric of a node that tells whether Consul finds its exporters healthy. */
    static final String HEALTHY = "consul.healthy";

    private static final String WORKERS = "worker_cluster";
    private static final String CONTAINERS = "app_docker_cluster";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final ConsulSettings settings;
    private final String infrastructure;
    private final Timekeeper timekeeper;
    private final HttpClient agent;

    ConsulRegistry(ConsulSettings settings, PluginContext context) {
        this.settings = settings;
        infrastructure = context.infrastructure();
        timekeeper = context.timekeeper();
        agent = HttpClient.open(
                settings.agent()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .loggerName(context.loggerName())
                        .failures(new ConsulFailures())
                        .build(),
                timekeeper);
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    @Override
    public MetricReadings read(MetricRequest request) {
        long end = timekeeper.nanoTime()
                + request.deadline().multipliedBy(9).dividedBy(10).toNanos();
        Map<String, Registration> present = present(end);
        Map<String, Registration> wanted = wanted(request);
        List<String> problems = new ArrayList<>();
        wanted.forEach((id, one) -> {
            Registration there = present.get(id);
            if (there != null && !there.isOf(infrastructure)) {
                problems.add("Consul: service id " + id + " is somebody else's, so it stays as it is");
            } else if (!one.equals(there)) {
                attempt(
                        problems,
                        () -> agent.call(HttpRequest.put("/v1/agent/service/register")
                                .body("application/json", one.document(settings.forget()))
                                .deadline(left(end))));
            }
        });
        if (request.cluster().quorum()) {
            present.forEach((id, one) -> {
                if (one.isOf(infrastructure) && !wanted.containsKey(id)) {
                    attempt(
                            problems,
                            () -> agent.call(HttpRequest.put("/v1/agent/service/deregister/{}", id)
                                    .deadline(left(end))));
                }
            });
        }
        Map<MetricKey, Sample> samples = new HashMap<>();
        attempt(problems, () -> samples.putAll(health(present, end)));
        return new MetricReadings(samples, problems);
    }

    private static void attempt(List<String> problems, Runnable step) {
        try {
            step.run();
        } catch (MicadoException e) {
            // The next reading does what this one could not; one sentence tells of all that failed alike.
            if (problems.size() < 3) {
                problems.add("Consul: " + e.getMessage());
            }
        }
    }

    private Duration left(long end) {
        Duration left = Duration.ofNanos(end - timekeeper.nanoTime());
        if (left.compareTo(Duration.ofMillis(1)) < 0 || Thread.currentThread().isInterrupted()) {
            throw new MicadoException(ErrorKind.TRANSIENT, "there was no time left; it goes on with the next reading");
        }
        return left;
    }

    private Map<String, Registration> present(long end) {
        Map<String, Registration> present = new LinkedHashMap<>();
        JsonNode services = agent.call(HttpRequest.get("/v1/agent/services").deadline(left(end)))
                .json();
        for (JsonNode service : services) {
            Registration one = Registration.read(service);
            present.put(one.id(), one);
        }
        return present;
    }

    private Map<MetricKey, Sample> health(Map<String, Registration> present, long end) {
        Map<NodeId, Boolean> healthy = new HashMap<>();
        JsonNode checks = agent.call(HttpRequest.get("/v1/agent/checks").deadline(left(end)))
                .json();
        for (JsonNode check : checks) {
            Registration of = present.get(check.path("ServiceID").asText());
            if (of != null && of.isOf(infrastructure) && of.meta().containsKey(Registration.NODE)) {
                boolean passing = check.path("Status").asText().equals("passing");
                healthy.merge(new NodeId(of.meta().getOrDefault(Registration.NODE, "")), passing, Boolean::logicalAnd);
            }
        }
        Map<MetricKey, Sample> samples = new HashMap<>();
        healthy.forEach((node, passing) ->
                samples.put(MetricKey.node(HEALTHY, node), Sample.of(passing ? 1 : 0, timekeeper.wallClock())));
        return samples;
    }

    private Map<String, Registration> wanted(MetricRequest request) {
        Map<WorkerId, Machine> machines = new HashMap<>();
        request.machines().forEach(machine -> machine.worker().ifPresent(worker -> machines.put(worker, machine)));
        Map<String, Registration> wanted = new LinkedHashMap<>();
        for (Node node : request.cluster().nodes()) {
            Optional<WorkerId> worker = node.workerLabel();
            if (worker.isEmpty()) {
                continue;
            }
            List<String> addresses = settings.address().of(node, Optional.ofNullable(machines.get(worker.get())));
            if (addresses.isEmpty()) {
                continue;
            }
            Map<String, String> meta = meta();
            meta.put(Registration.NODE, node.id().value());
            meta.put("micado_worker", worker.get().value());
            meta.put("micado_pool", node.labels().getOrDefault(Tags.POOL, ""));
            add(wanted, WORKERS, worker.get().value(), addresses.get(0), settings.nodeExporterPort(), meta);
            add(wanted, CONTAINERS, worker.get().value(), addresses.get(0), settings.cAdvisorPort(), meta);
            if (settings.services()) {
                addServices(wanted, request, worker.get().value(), node, addresses.get(0));
            }
        }
        return wanted;
    }

    private void addServices(
            Map<String, Registration> wanted, MetricRequest request, String worker, Node node, String address) {
        for (ServiceState service : request.cluster().services()) {
            for (PublishedPort port : service.ports()) {
                boolean here = port.mode() == PublishedPort.Mode.INGRESS || runs(request, service, node);
                if (port.protocol() == PublishedPort.Protocol.TCP && here) {
                    Map<String, String> meta = meta();
                    meta.put("micado_service", service.name());
                    add(wanted, service.name(), worker + "-" + port.published(), address, port.published(), meta);
                }
            }
        }
    }

    private static boolean runs(MetricRequest request, ServiceState service, Node node) {
        return request.cluster().tasks().stream()
                .anyMatch(task -> task.service().equals(service.name())
                        && task.phase() == TaskState.Phase.RUNNING
                        && task.node().equals(Optional.of(node.id())));
    }

    private Map<String, String> meta() {
        Map<String, String> meta = new HashMap<>();
        meta.put(Registration.INFRASTRUCTURE, infrastructure);
        meta.put(Registration.FORMAT, Registration.FORMAT_VERSION);
        return meta;
    }

    private void add(
            Map<String, Registration> wanted,
            String name,
            String of,
            String address,
            int port,
            Map<String, String> meta) {
        if (port > 0) {
            String id = "micado-" + infrastructure + "-" + name + "-" + of;
            wanted.put(id, new Registration(id, name, address, port, meta));
        }
    }

    @Override
    public void close() {
        agent.close();
    }
}

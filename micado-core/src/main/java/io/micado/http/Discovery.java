package io.micado.http;

import io.micado.Micado;
import io.micado.Status;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus what there is to scrape of one infrastructure, in the format of its {@code http_sd_configs}: an endpoint of {@link
 * MicadoHttpServer}, given by the host program. Immutable and thread-safe.
 *
 * <p>The jobs have the names of MiCADO 0.3: {@value #WORKERS} is the node exporter of each worker, {@value #CONTAINERS} its cAdvisor; {@value
 * #SERVICES} are the published TCP ports of the services that are scaled. {@code ?job=} asks for one of them. A worker is there from
 * its join on until its machine is terminated. Before the cluster was seen the answer is 503, on which Prometheus keeps what it had.
 */
public final class Discovery implements Endpoint {
    /** The job of the workers' node exporters. */
    public static final String WORKERS = "worker_cluster";
    /** The job of the workers' cAdvisors. */
    public static final String CONTAINERS = "app_docker_cluster";
    /** The job of the services' published ports. */
    public static final String SERVICES = "micado_services";

    private static final Set<String> JOBS = Set.of(WORKERS, CONTAINERS, SERVICES);
    private static final Set<WorkerState> UP =
            Set.of(WorkerState.READY, WorkerState.CORDONED, WorkerState.DRAINING, WorkerState.LEAVING);
    /** What a manager of one node calls itself, and what nobody else reaches. */
    private static final Pattern OF_NO_USE = Pattern.compile("|0\\.0\\.0\\.0|127\\..*|::1?");

    private final Supplier<Status> status;
    private final int nodeExporterPort;
    private final int cAdvisorPort;

    private Discovery(Supplier<Status> status, int nodeExporterPort, int cAdvisorPort) {
        this.status = status;
        this.nodeExporterPort = nodeExporterPort;
        this.cAdvisorPort = cAdvisorPort;
    }

    /** {@return the discovery of an infrastructure whose exporters listen on the usual ports, 9100 and 9200} */
    public static Discovery of(Micado micado) {
        return of(micado, 9100, 9200);
    }

    /** {@return the discovery of an infrastructure} */
    public static Discovery of(Micado micado, int nodeExporterPort, int cAdvisorPort) {
        return new Discovery(micado::status, checked(nodeExporterPort), checked(cAdvisorPort));
    }

    static Discovery of(Supplier<Status> status) {
        return new Discovery(status, 9100, 9200);
    }

    private static int checked(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port must be 1 to 65535, got " + port);
        }
        return port;
    }

    @Override
    public Reply handle(Request request) {
        Optional<String> job = request.query("job");
        if (job.isPresent() && !JOBS.contains(job.get())) {
            throw HttpProblem.badRequest("job must be " + WORKERS + ", " + CONTAINERS + " or " + SERVICES);
        }
        Status now = status.get();
        if (now.at().isEmpty()) {
            throw new HttpProblem(503, "the cluster has not been seen yet", Map.of("Retry-After", "5"));
        }
        List<Object> groups = new ArrayList<>();
        for (Worker worker : now.workers()) {
            address(worker).ifPresent(address -> {
                add(groups, job, WORKERS, List.of(at(address, nodeExporterPort)), labels(now, worker));
                add(groups, job, CONTAINERS, List.of(at(address, cAdvisorPort)), labels(now, worker));
            });
        }
        for (Status.ServiceStatus service : now.services()) {
            for (PublishedPort port : service.ports()) {
                addPort(groups, job, now, service, port);
            }
        }
        return Reply.json(groups);
    }

    private static void addPort(
            List<Object> groups, Optional<String> job, Status now, Status.ServiceStatus service, PublishedPort port) {
        if (port.protocol() != PublishedPort.Protocol.TCP || port.published() == 0) {
            return;
        }
        List<String> targets = now.workers().stream()
                .filter(worker -> port.mode() == PublishedPort.Mode.INGRESS || runs(now, service.name(), worker))
                .flatMap(worker -> address(worker).stream())
                .map(address -> at(address, port.published()))
                .toList();
        Map<String, @Nullable Object> labels = Json.object(
                "service", service.name(),
                "micado_infrastructure", now.name(),
                "micado_port", Integer.toString(port.target()));
        if (!targets.isEmpty()) {
            add(groups, job, SERVICES, targets, labels);
        }
    }

    private static boolean runs(Status now, String service, Worker worker) {
        return now.tasks().stream()
                .anyMatch(task -> task.service().equals(service)
                        && task.phase() == TaskState.Phase.RUNNING
                        && task.node().equals(worker.node().map(Node::id)));
    }

    private static void add(
            List<Object> groups,
            Optional<String> asked,
            String job,
            List<String> targets,
            Map<String, @Nullable Object> labels) {
        if (asked.isEmpty() || asked.get().equals(job)) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("job", job);
            all.putAll(labels);
            groups.add(Json.object("targets", targets, "labels", all));
        }
    }

    private static Map<String, @Nullable Object> labels(Status now, Worker worker) {
        Map<String, @Nullable Object> labels = Json.object(
                "micado_infrastructure", now.name(),
                "micado_pool", worker.pool(),
                "micado_worker", worker.id().value());
        worker.node().ifPresent(node -> {
            labels.put("micado_node", node.id().value());
            labels.put("micado_host", node.hostname());
        });
        return labels;
    }

    /** {@return where a worker is reached that has joined; what the Swarm knows before what the cloud tells} */
    private static Optional<String> address(Worker worker) {
        if (!UP.contains(worker.state()) || worker.node().isEmpty()) {
            return Optional.empty();
        }
        List<String> candidates = new ArrayList<>(List.of(worker.node().get().address()));
        worker.machine().map(Machine::addresses).ifPresent(candidates::addAll);
        return candidates.stream()
                .filter(address -> !OF_NO_USE.matcher(address).matches())
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(address -> !address.isBlank())
                        .findFirst());
    }

    private static String at(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}

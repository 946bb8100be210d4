package io.micado.provider.monitoring;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.WorkerId;
import io.micado.provider.http.BodyReader;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Reads the exporters of all workers at once, opened by {@link ExportersMetricSource} and read by the engine's observer, never twice at
 * a time. One that has not answered by the deadline is left out, with a problem; the others are there.
 *
 * <p>CPU is the difference of two pages, so the first reading brings memory and disk only.
 */
final class ExporterMetrics implements Metrics {
    private final ExporterSettings settings;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final HttpClient http;
    private final Map<NodeId, NodeReader> readers = new HashMap<>();

    ExporterMetrics(ExporterSettings settings, PluginContext context) {
        this.settings = settings;
        timekeeper = context.timekeeper();
        executor = timekeeper.boundedExecutor("exporters", settings.threads());
        http = HttpClient.open(settings.http(context.loggerName()), timekeeper);
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    /** The pages of one node that were asked for. */
    private record Asked(
            Node node,
            String address,
            List<TaskState> tasks,
            Optional<CompletableFuture<Visit<NodePage>>> nodeExporter,
            Optional<CompletableFuture<Visit<ContainerPage>>> cAdvisor) {}

    @Override
    public MetricReadings read(MetricRequest request) {
        // Answered in time means some time before the deadline, so that the answer itself is in time.
        Duration budget = request.deadline().multipliedBy(9).dividedBy(10);
        long end = timekeeper.nanoTime() + budget.toNanos();
        List<Node> nodes = request.cluster().nodes().stream()
                .filter(node -> node.status() == Node.Status.READY)
                .filter(node -> settings.allNodes() || node.workerLabel().isPresent())
                .toList();
        readers.keySet().retainAll(nodes.stream().map(Node::id).collect(Collectors.toSet()));

        ReadingsBuilder readings = new ReadingsBuilder();
        List<Asked> all = ask(nodes, request, end, readings);
        await(all, end);
        all.forEach(asked -> take(asked, readings));
        return readings.build();
    }

    private List<Asked> ask(List<Node> nodes, MetricRequest request, long end, ReadingsBuilder readings) {
        Map<WorkerId, Machine> machines = new HashMap<>();
        request.machines().forEach(machine -> machine.worker().ifPresent(worker -> machines.put(worker, machine)));
        Map<NodeId, List<TaskState>> tasks = runningTasks(request);
        List<Asked> all = new ArrayList<>();
        for (Node node : nodes) {
            Optional<Machine> machine = node.workerLabel().map(machines::get);
            List<String> candidates = settings.address().of(node, machine);
            if (candidates.isEmpty()) {
                readings.at("node " + NodeReader.name(node));
                readings.problem("neither the Swarm nor its cloud tells an address of it that was asked for");
                continue;
            }
            NodeReader reader = readers.computeIfAbsent(node.id(), NodeReader::new);
            String address = reader.address(candidates);
            List<TaskState> here = tasks.getOrDefault(node.id(), List.of());
            all.add(new Asked(
                    node,
                    address,
                    here,
                    submit(
                            address,
                            settings.nodeExporterPort(),
                            new NodePage(settings.mountPoint(), settings.maxPageBytes()),
                            end),
                    submit(
                            address,
                            settings.cAdvisorPort(),
                            new ContainerPage(
                                    here.stream().map(TaskState::id).collect(Collectors.toSet()),
                                    settings.maxPageBytes()),
                            end)));
        }
        return all;
    }

    private static Map<NodeId, List<TaskState>> runningTasks(MetricRequest request) {
        Map<NodeId, List<TaskState>> byNode = new LinkedHashMap<>();
        for (TaskState task : request.cluster().tasks()) {
            boolean runs = task.phase() == TaskState.Phase.RUNNING || task.phase() == TaskState.Phase.STOPPING;
            if (runs) {
                task.node()
                        .ifPresent(node -> byNode.computeIfAbsent(node, unused -> new ArrayList<>())
                                .add(task));
            }
        }
        return byNode;
    }

    private <T extends BodyReader> Optional<CompletableFuture<Visit<T>>> submit(
            String address, int port, T page, long end) {
        if (port == 0) {
            return Optional.empty();
        }
        CompletableFuture<Visit<T>> visit = new CompletableFuture<>();
        executor.submit(() -> visit.complete(visit(address, port, page, end)));
        return Optional.of(visit);
    }

    private <T extends BodyReader> Visit<T> visit(String address, int port, T page, long end) {
        Instant asked = timekeeper.wallClock();
        Duration left = Duration.ofNanos(end - timekeeper.nanoTime());
        try {
            if (left.compareTo(Duration.ofMillis(1)) < 0) {
                return failed(page, asked, "its turn did not come in time");
            }
            HttpResponse answer =
                    http.call(request(address, port).deadline(left).reading(page));
            return new Visit<>(
                    page,
                    asked,
                    timekeeper.wallClock(),
                    Duration.ofNanos(timekeeper.nanoTime()),
                    answer.header("Date").flatMap(ExporterMetrics::date),
                    null);
        } catch (MicadoException e) {
            return failed(page, asked, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // a page that nobody thought of must not cost the others their turn
            return failed(page, asked, "the page could not be read: " + e);
        }
    }

    private static <T extends BodyReader> Visit<T> failed(T page, Instant asked, String problem) {
        return new Visit<>(page, asked, asked, Duration.ZERO, Optional.empty(), problem);
    }

    private HttpRequest request(String address, int port) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        HttpRequest request = HttpRequest.get(
                        URI.create((settings.tls() ? "https://" : "http://") + host + ":" + port + "/metrics"))
                .header("Accept", "text/plain;version=0.0.4");
        if (settings.secret().isEmpty()) {
            return request;
        }
        String secret = settings.secret().get().reveal();
        String proof = settings.user()
                .map(user -> "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> "Bearer " + secret.strip());
        return request.header("Authorization", proof).hiding(secret).hiding(proof);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void await(List<Asked> all, long end) {
        List<CompletableFuture<?>> open = new ArrayList<>();
        all.forEach(asked -> {
            asked.nodeExporter().ifPresent(open::add);
            asked.cAdvisor().ifPresent(open::add);
        });
        Duration left = Duration.ofNanos(Math.max(0, end - timekeeper.nanoTime()));
        timekeeper.await(CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new)), left);
        if (Thread.currentThread().isInterrupted()) {
            throw new MicadoException(ErrorKind.TRANSIENT, "reading the exporters was interrupted");
        }
    }

    private void take(Asked asked, ReadingsBuilder readings) {
        NodeReader reader = readers.computeIfAbsent(asked.node().id(), NodeReader::new);
        boolean[] answered = {false};
        String at = "node " + NodeReader.name(asked.node()) + " at " + asked.address();
        asked.nodeExporter().ifPresent(future -> {
            readings.at(at + ", node exporter");
            outcome(future, readings).ifPresent(visit -> {
                answered[0] = true;
                reader.take(visit, readings);
            });
        });
        asked.cAdvisor().ifPresent(future -> {
            readings.at(at + ", cAdvisor");
            outcome(future, readings).ifPresent(visit -> {
                answered[0] = true;
                reader.take(visit, asked.tasks(), readings);
            });
        });
        if (!answered[0]) {
            reader.noAnswer();
        }
    }

    private static <T extends BodyReader> Optional<Visit<T>> outcome(
            CompletableFuture<Visit<T>> future, ReadingsBuilder readings) {
        if (!future.isDone()) {
            readings.problem("it has not answered in time");
            return Optional.empty();
        }
        Visit<T> visit = future.join();
        if (!visit.succeeded()) {
            readings.problem(String.valueOf(visit.problem()));
            return Optional.empty();
        }
        readings.answered();
        return Optional.of(visit);
    }

    @Override
    public void close() {
        http.close();
        executor.close();
    }
}

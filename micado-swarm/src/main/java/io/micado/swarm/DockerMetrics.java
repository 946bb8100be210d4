package io.micado.swarm;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.Metrics;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.NodeId;
import io.micado.docker.DockerConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Asks the engines of all nodes what the Swarm's tasks use, opened by {@link DockerMetricSource} and read by the
 * engine's observer, never twice at a time. All engines are asked at once; one that has not answered by the deadline is
 * left out, with a problem, and not asked again before it has.
 *
 * <p>CPU is the difference of two readings: of this round and the last one, or of two that the engine itself takes a second
 * apart when a container is new. A node's CPU and memory are the sums
 * over its tasks' containers; what else runs on the node is not in them. A node of which one container could not be
 * measured has none.
 */
final class DockerMetrics implements Metrics {
    /** How long the first question, which node a host is, may hold up the others. */
    private static final Duration LONGEST_WAIT_FOR_HOSTS = Duration.ofSeconds(1);

    private final EngineDirectory directory;
    private final Duration interval;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;

    DockerMetrics(
            Set<URI> hosts,
            Function<URI, DockerConnection> connections,
            Duration interval,
            Timekeeper timekeeper,
            BoundedExecutor executor) {
        directory = new EngineDirectory(hosts, connections, timekeeper, executor);
        this.interval = interval;
        this.timekeeper = timekeeper;
        this.executor = executor;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public MetricReadings read(MetricRequest request) {
        long started = timekeeper.nanoTime();
        // Answered in time means some time before the deadline, so that the answer itself is in time.
        Duration budget = request.deadline().multipliedBy(9).dividedBy(10);
        await(directory.learnHosts(request.cluster()), LONGEST_WAIT_FOR_HOSTS);

        ReadingsBuilder readings = new ReadingsBuilder(request, timekeeper.wallClock());
        List<String> problems = new ArrayList<>();
        Map<NodeId, List<TaskState>> tasks = runningTasks(request);
        Map<NodeId, EngineSampler> samplers = directory.samplers(request, problems);
        directory.addProblems(problems);
        problems.forEach(readings::problem);

        List<CompletableFuture<Void>> rounds = new ArrayList<>();
        Map<NodeId, EngineSampler> begun = new LinkedHashMap<>();
        samplers.forEach((node, sampler) -> sampler.begin(tasks.getOrDefault(node, List.of()))
                .ifPresentOrElse(
                        round -> {
                            rounds.add(round);
                            begun.put(node, sampler);
                        },
                        () -> readings.stuck(sampler.engine())));
        await(
                CompletableFuture.allOf(rounds.toArray(CompletableFuture<?>[]::new)),
                budget.minusNanos(timekeeper.nanoTime() - started));

        begun.forEach((node, sampler) ->
                readings.add(node, tasks.getOrDefault(node, List.of()), sampler.engine(), sampler.finish()));
        tasks.forEach((node, onNode) -> {
            if (!samplers.containsKey(node)) {
                readings.noEngine(node, onNode.size());
            }
        });
        return readings.build();
    }

    private static Map<NodeId, List<TaskState>> runningTasks(MetricRequest request) {
        Map<NodeId, List<TaskState>> byNode = new HashMap<>();
        for (TaskState task : request.cluster().tasks()) {
            boolean runs = task.phase() == Phase.RUNNING || task.phase() == Phase.STOPPING;
            if (runs && task.containerId().isPresent()) {
                task.node()
                        .ifPresent(node -> byNode.computeIfAbsent(node, unused -> new ArrayList<>())
                                .add(task));
            }
        }
        return byNode;
    }

    private void await(CompletableFuture<Void> awaited, Duration atMost) {
        CompletableFuture<Void> timeIsUp = new CompletableFuture<>();
        Cancellable timer =
                timekeeper.schedule(atMost.isNegative() ? Duration.ZERO : atMost, () -> timeIsUp.complete(null));
        try {
            CompletableFuture.anyOf(awaited.exceptionally(failure -> null), timeIsUp)
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MicadoException(ErrorKind.TRANSIENT, "reading the engines' statistics was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause()); // neither of the two can fail
        } finally {
            timer.cancel();
        }
    }

    @Override
    public void close() {
        directory.close();
        executor.close();
    }
}

package io.micado.swarm;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.docker.DockerEngine;
import io.micado.swarm.EngineSampler.Report;
import io.micado.swarm.EngineSampler.TaskUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Makes samples of what the engines reported, on our clock, and sums them up for each node; used by {@link
 * DockerMetrics} for one reading. Confined to one thread.
 */
final class ReadingsBuilder {
    private final MetricRequest request;
    private final Instant now;
    private final Map<MetricKey, Sample> samples = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private int enginesThatAnswered;

    ReadingsBuilder(MetricRequest request, Instant now) {
        this.request = request;
        this.now = now;
    }

    void problem(String message) {
        problems.add(message);
    }

    void stuck(DockerEngine engine) {
        problems.add(engine + " has not answered the last question about its containers yet");
    }

    void noEngine(NodeId node, int tasks) {
        String name = request.cluster().nodes().stream()
                .filter(n -> n.id().equals(node))
                .map(Node::hostname)
                .findFirst()
                .orElse(node.value());
        problems.add("the address of the Docker Engine of node " + name + " is not known, so its " + tasks
                + " tasks are not measured; name it among \"" + SwarmSettings.HOSTS
                + "\" or use another metric source");
    }

    /** Takes what one engine reported about the tasks on its node. */
    void add(NodeId node, List<TaskState> tasks, DockerEngine engine, Report report) {
        Duration ahead = engine.clockOffset().orElse(Duration.ZERO);
        Sum cpu = new Sum();
        Sum memory = new Sum();
        int missing = 0;
        for (TaskState task : tasks) {
            TaskUsage usage = report.usage().get(task.id());
            if (usage != null) {
                addTask(task, usage, ahead, cpu, memory);
            } else if (!report.gone().contains(task.id())) {
                missing++;
            }
        }
        if (missing == 0) {
            enginesThatAnswered++;
        }
        if (missing == 0 && isReady(node)) {
            cpu.sample(now).ifPresent(sample -> samples.put(MetricKey.node(Metric.CPU, node), sample));
            memory.sample(now).ifPresent(sample -> samples.put(MetricKey.node(Metric.MEMORY, node), sample));
        } else if (missing > 0) {
            enginesThatAnswered += missing < tasks.size() ? 1 : 0;
            String why = report.failure().map(Throwable::getMessage).orElse(engine + " did not answer in time");
            problems.add(missing + " of " + tasks.size() + " tasks were not measured: " + why);
        }
    }

    /** Of a node that does not answer the Swarm, an empty sum would be a guess. */
    private boolean isReady(NodeId node) {
        return request.cluster().nodes().stream().anyMatch(n -> n.id().equals(node) && n.status() == Node.Status.READY);
    }

    private void addTask(TaskState task, TaskUsage usage, Duration ahead, Sum cpu, Sum memory) {
        Instant at = usage.now().read().minus(ahead);
        double bytes = usage.now().memoryBytes();
        samples.put(MetricKey.task(Metric.MEMORY, task.id()), Sample.of(bytes, at));
        memory.add(bytes, at, Duration.ZERO);

        OptionalDouble cores = usage.before().map(usage.now()::coresSince).orElse(OptionalDouble.empty());
        if (cores.isPresent()) {
            Duration window = usage.now().since(usage.before().orElseThrow());
            samples.put(MetricKey.task(Metric.CPU, task.id()), new Sample(cores.getAsDouble(), at, window));
            cpu.add(cores.getAsDouble(), at, window);
        } else {
            cpu.incomplete();
        }
    }

    /**
     * {@return all samples and problems}
     *
     * @throws MicadoException when there were engines to ask and none answered
     */
    MetricReadings build() {
        if (enginesThatAnswered == 0 && !problems.isEmpty()) {
            throw new MicadoException(
                    ErrorKind.TRANSIENT, "no Docker Engine told what its tasks use: " + String.join("; ", problems));
        }
        return new MetricReadings(samples, problems);
    }

    /** A sum over a node's tasks: as old as the oldest of them, and none at all when one of them is unknown. */
    private static final class Sum {
        private double total;
        private @Nullable Instant oldest;
        private Duration window = Duration.ZERO;
        private boolean incomplete;

        void add(double value, Instant at, Duration over) {
            total += value;
            oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
            window = over.compareTo(window) > 0 ? over : window;
        }

        void incomplete() {
            incomplete = true;
        }

        Optional<Sample> sample(Instant whenEmpty) {
            return incomplete
                    ? Optional.empty()
                    : Optional.of(new Sample(total, oldest == null ? whenEmpty : oldest, window));
        }
    }
}

package io.micado.provider.monitoring;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.provider.monitoring.ContainerPage.Usage;
import io.micado.provider.monitoring.CpuRate.Counters;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes samples of the pages of one node, and remembers what the next pages are compared with. Confined to the reader of {@link
 * ExporterMetrics}.
 */
final class NodeReader {
    /** A sample this far ahead of our clock is unknown; closer ones are taken as of now. */
    private static final Duration INTO_THE_FUTURE = Duration.ofSeconds(2);

    private final NodeId node;
    private final CpuRate nodeCpu = new CpuRate();
    private final Map<String, CpuRate> taskCpu = new HashMap<>();
    private final ClockOffset cAdvisorClock = new ClockOffset();
    private int address;

    NodeReader(NodeId node) {
        this.node = node;
    }

    /** {@return the address to read now} */
    String address(List<String> candidates) {
        return candidates.get(address % candidates.size());
    }

    /** Takes notice that nobody answered there, so that the next candidate is tried. */
    void noAnswer() {
        address = address == Integer.MAX_VALUE ? 0 : address + 1;
    }

    void take(Visit<NodePage> visit, ReadingsBuilder readings) {
        NodePage page = visit.page();
        Instant at = visit.answered();
        if (page.busyOfCore().isEmpty()) {
            readings.problem("the page of the node exporter has no CPU counters");
        } else {
            nodeCpu.next(new Counters(Map.copyOf(page.busyOfCore()), visit.at()), at)
                    .ifPresent(sample -> readings.sample(MetricKey.node(Metric.CPU, node), sample));
        }
        page.memory().ifPresent(bytes -> readings.sample(MetricKey.node(Metric.MEMORY, node), Sample.of(bytes, at)));
        page.disk().ifPresent(share -> readings.sample(MetricKey.node(Metric.DISK, node), Sample.of(share, at)));
    }

    void take(Visit<ContainerPage> visit, List<TaskState> tasks, ReadingsBuilder readings) {
        visit.theirSecond().ifPresent(second -> cAdvisorClock.observe(visit.asked(), second, visit.answered()));
        ContainerPage page = visit.page();
        Set<String> nodes = page.nodes();
        if (!nodes.isEmpty() && !nodes.contains(node.value())) {
            readings.problem("the cAdvisor there tells of node " + String.join(", ", nodes)
                    + " and not of this one; its address is another machine's");
            return;
        }
        int missing = 0;
        for (TaskState task : tasks) {
            Usage usage = page.usage().get(task.id());
            if (usage == null) {
                missing += task.phase() == TaskState.Phase.RUNNING ? 1 : 0;
            } else {
                take(task.id(), usage, visit, readings);
            }
        }
        Set<String> present = tasks.stream().map(TaskState::id).collect(Collectors.toSet());
        taskCpu.keySet().retainAll(present);
        if (missing > 0) {
            readings.problem(missing + " of " + tasks.size() + " tasks are not on the page of cAdvisor");
        }
    }

    private void take(String task, Usage usage, Visit<ContainerPage> visit, ReadingsBuilder readings) {
        Instant at = usage.timestamp().isPresent()
                ? Instant.ofEpochMilli(usage.timestamp().getAsLong())
                        .minus(cAdvisorClock.estimate().orElse(Duration.ZERO))
                : visit.answered();
        if (at.isAfter(visit.answered().plus(INTO_THE_FUTURE))) {
            readings.problem("cAdvisor tells of a time that has not come yet; its clock was set");
            return;
        }
        Instant observedAt = at.isAfter(visit.answered()) ? visit.answered() : at;
        usage.memory()
                .ifPresent(bytes -> readings.sample(MetricKey.task(Metric.MEMORY, task), Sample.of(bytes, observedAt)));
        Duration axis = usage.timestamp().isPresent()
                ? Duration.ofMillis(usage.timestamp().getAsLong())
                : visit.at();
        if (!usage.cpuOfCore().isEmpty()) {
            taskCpu.computeIfAbsent(task, unused -> new CpuRate())
                    .next(new Counters(Map.copyOf(usage.cpuOfCore()), axis), observedAt)
                    .ifPresent(sample -> readings.sample(MetricKey.task(Metric.CPU, task), sample));
        }
    }

    /** {@return the name of a node, for people} */
    static String name(Node node) {
        return node.hostname().isBlank() ? node.id().value() : node.hostname();
    }
}

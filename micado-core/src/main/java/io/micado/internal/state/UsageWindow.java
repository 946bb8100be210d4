package io.micado.internal.state;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.service.TaskState;
import io.micado.internal.plan.MeasuredUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Remembers what one replica of a service used lately, as the 95th percentile of ten minutes: so much room it needs elsewhere
 * when it reserves nothing. Confined to the loop thread.
 */
public final class UsageWindow {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_SAMPLES = 240;
    private static final double PERCENTILE = 0.95;

    private final Map<String, Deque<Use>> byService = new HashMap<>();

    private record Use(Instant at, OptionalDouble cpuCores, OptionalDouble memoryBytes) {}

    /** Takes in one answer of the metric sources. */
    public void add(Instant now, MetricReadings readings, Map<String, List<TaskState>> tasksByService) {
        tasksByService.forEach((service, tasks) -> {
            OptionalDouble cpu = mean(readings, Metric.CPU, tasks);
            OptionalDouble memory = mean(readings, Metric.MEMORY, tasks);
            if (cpu.isPresent() || memory.isPresent()) {
                Deque<Use> uses = byService.computeIfAbsent(service, s -> new ArrayDeque<>());
                uses.addLast(new Use(now, cpu, memory));
                while (uses.size() > MOST_SAMPLES || uses.getFirst().at().isBefore(now.minus(WINDOW))) {
                    uses.removeFirst();
                }
            }
        });
    }

    /** Forgets services that are gone. */
    public void keepOnly(Set<String> services) {
        byService.keySet().retainAll(services);
    }

    /** {@return what one replica uses, by service; one that was never measured is absent} */
    public Map<String, MeasuredUse> p95() {
        Map<String, MeasuredUse> all = new LinkedHashMap<>();
        byService.forEach((service, uses) ->
                all.put(service, new MeasuredUse(percentile(uses, Use::cpuCores), percentile(uses, Use::memoryBytes))));
        return all;
    }

    private static OptionalDouble mean(MetricReadings readings, String metric, Collection<TaskState> tasks) {
        return tasks.stream()
                .map(task -> readings.get(MetricKey.task(metric, task.id())))
                .flatMap(java.util.Optional::stream)
                .mapToDouble(sample -> sample.value())
                .average();
    }

    private static OptionalDouble percentile(Collection<Use> uses, Function<Use, OptionalDouble> of) {
        double[] values = uses.stream()
                .map(of)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .sorted()
                .toArray();
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(values[(int) Math.ceil(PERCENTILE * values.length) - 1]);
    }
}

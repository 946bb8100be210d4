package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one container has used so far, read from an engine's statistics by {@link EngineSampler}. Immutable.
 *
 * @param cpuNanos CPU time since the container's start, over all cores
 * @param memoryBytes memory without page cache that could be dropped
 * @param read when, on the engine's clock
 */
record ContainerUsage(long cpuNanos, long memoryBytes, Instant read) {
    /** Two readings further apart say nothing about now, and closer together mostly noise. */
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(5);

    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(500);

    /** {@return the usage; empty for a container that has ended, of which the engine reports zeros} */
    static Optional<ContainerUsage> parse(JsonNode stats) {
        return parse(stats, "read", "cpu_stats");
    }

    /** {@return the usage at the reading that the engine took just before, with the same memory; empty when it took none} */
    static Optional<ContainerUsage> parseEarlier(JsonNode stats) {
        return parse(stats, "preread", "precpu_stats");
    }

    private static Optional<ContainerUsage> parse(JsonNode stats, String time, String cpuStats) {
        Instant read = Json.instant(stats.path(time), Instant.MIN);
        JsonNode memory = stats.path("memory_stats");
        if (read.isBefore(Instant.EPOCH) || !memory.has("usage")) {
            return Optional.empty();
        }
        JsonNode detail = memory.path("stats");
        // The first is of cgroup v1, the second of v2.
        long cache = detail.path("total_inactive_file")
                .asLong(detail.path("inactive_file").asLong());
        long used = Math.max(0, memory.path("usage").asLong() - cache);
        long cpu = stats.path(cpuStats).path("cpu_usage").path("total_usage").asLong();
        return Optional.of(new ContainerUsage(cpu, used, read));
    }

    Duration since(ContainerUsage earlier) {
        return Duration.between(earlier.read, read);
    }

    /** {@return the cores in use since the earlier reading; empty when the two do not fit together} */
    OptionalDouble coresSince(ContainerUsage earlier) {
        Duration window = since(earlier);
        boolean counterWasReset = cpuNanos < earlier.cpuNanos;
        boolean usable = window.compareTo(SHORTEST_WINDOW) >= 0 && window.compareTo(LONGEST_WINDOW) <= 0;
        return counterWasReset || !usable
                ? OptionalDouble.empty()
                : OptionalDouble.of((cpuNanos - earlier.cpuNanos) / (double) window.toNanos());
    }
}

package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ContainerUsageTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void leavesOutTheCacheThatCouldBeDropped() {
        // As cgroup v1 and v2 name it.
        assertThat(parse("{\"usage\":1000,\"stats\":{\"total_inactive_file\":300,\"inactive_file\":100}}")
                        .memoryBytes())
                .isEqualTo(700);
        assertThat(parse("{\"usage\":1000,\"stats\":{\"inactive_file\":100}}").memoryBytes())
                .isEqualTo(900);
        assertThat(parse("{\"usage\":1000,\"stats\":{\"inactive_file\":2000}}").memoryBytes())
                .isZero();
    }

    @Test
    void takesTheZerosOfAStoppedContainerForNothing() {
        assertThat(
                        ContainerUsage.parse(
                                Recorded.parse(
                                        "{\"read\":\"0001-01-01T00:00:00Z\",\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":0}},\"memory_stats\":{}}")))
                .isEmpty();
        assertThat(ContainerUsage.parse(Recorded.parse("{}"))).isEmpty();
    }

    @Test
    void countsCoresBetweenTwoReadings() {
        ContainerUsage before = new ContainerUsage(1_000_000_000L, 0, AT);

        assertThat(new ContainerUsage(4_000_000_000L, 0, AT.plusSeconds(2)).coresSince(before))
                .hasValue(1.5);
        assertThat(new ContainerUsage(1_000_000_000L, 0, AT.plusSeconds(2)).coresSince(before))
                .hasValue(0);
    }

    @Test
    void saysNothingAfterAResetOrOverAUselessWindow() {
        ContainerUsage before = new ContainerUsage(1_000_000_000L, 0, AT);

        assertEmpty(new ContainerUsage(999_999_999L, 0, AT.plusSeconds(2)), before);
        assertEmpty(new ContainerUsage(2_000_000_000L, 0, AT), before);
        assertEmpty(new ContainerUsage(2_000_000_000L, 0, AT.minusSeconds(5)), before);
        assertEmpty(new ContainerUsage(2_000_000_000L, 0, AT.plusSeconds(3600)), before);
    }

    private static void assertEmpty(ContainerUsage now, ContainerUsage before) {
        Assertions.assertThat(now.coresSince(before)).isEmpty();
    }

    private static ContainerUsage parse(String memory) {
        return ContainerUsage.parse(Recorded.parse("{\"read\":\"" + AT
                        + "\",\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":5}},\"memory_stats\":" + memory + "}"))
                .orElseThrow();
    }
}

package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedMetricsTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.builder(time)
            .taskStart(RandomDuration.NONE)
            .taskStop(RandomDuration.NONE)
            .build();
    private final SimulatedMetrics metrics = SimulatedMetrics.of(cluster);

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private NodeId node(double cores) {
        return cluster.addForeignNode("n" + cores, Resources.ofMebibytes(cores, 8192));
    }

    private void deploy(String name, int replicas, double limit) {
        cluster.deployByHand(ServiceSpec.builder(name)
                .image("x")
                .limit(Resources.ofCores(limit))
                .reservation(Resources.ZERO)
                .replicas(0, 1000)
                .initialReplicas(replicas)
                .build());
        time.advance(Duration.ZERO);
    }

    private MetricReadings read() {
        return metrics.read(new MetricRequest(cluster.look(), List.of(), s(5)));
    }

    private List<Double> cpuOf(String service) {
        MetricReadings readings = read();
        List<Double> values = new ArrayList<>();
        for (TaskState task : cluster.look().tasks()) {
            if (task.service().equals(service)) {
                readings.get(MetricKey.task(Metric.CPU, task.id())).ifPresent(sample -> values.add(sample.value()));
            }
        }
        return values;
    }

    @Test
    void aLoadIsSpreadEvenlyOverTheRunningTasks() {
        node(8);
        deploy("web", 4, 1);
        metrics.load("web", Workload.constant(20), 0.1);
        time.advance(s(10));

        assertThat(cpuOf("web")).hasSize(4).allSatisfy(v -> assertThat(v).isCloseTo(0.5, within(1e-9)));
        assertThat(metrics.work("web").offered()).isCloseTo(200, within(1e-6));
        assertThat(metrics.work("web").served()).isCloseTo(200, within(1e-6));
        assertThat(metrics.work("web").unservedShare()).isCloseTo(0, within(1e-9));
    }

    @Test
    void aTaskServesNoMoreThanItsLimit() {
        node(8);
        deploy("web", 2, 1);
        metrics.load("web", Workload.constant(40), 0.1);
        time.advance(s(10));

        assertThat(cpuOf("web")).containsExactly(1.0, 1.0);
        assertThat(metrics.work("web").unservedShare()).isCloseTo(0.5, within(1e-9));
        assertThat(metrics.work("web").unserved()).isCloseTo(200, within(1e-6));
    }

    @Test
    void aFullNodeIsSharedFairly() {
        node(2);
        deploy("modest", 1, 0);
        deploy("greedy", 2, 0);
        metrics.load("modest", Workload.constant(0.4));
        metrics.load("greedy", Workload.constant(6));
        time.advance(s(10));

        assertThat(cpuOf("modest")).singleElement().satisfies(v -> assertThat(v).isCloseTo(0.4, within(1e-9)));
        assertThat(cpuOf("greedy")).hasSize(2).allSatisfy(v -> assertThat(v).isCloseTo(0.8, within(1e-9)));
        assertThat(metrics.work("modest").unserved()).isCloseTo(0, within(1e-9));
        assertThat(metrics.work("greedy").unservedShare()).isCloseTo(4.4 / 6, within(1e-9));
    }

    @Test
    void nodesShowTheSumOfTheirTasks() {
        NodeId node = node(4);
        deploy("web", 2, 1);
        metrics.load("web", Workload.constant(1));
        metrics.background("web", Resources.ofMebibytes(0.25, 100), 50L << 20);
        time.advance(s(10));
        MetricReadings readings = read();

        assertThat(readings.get(MetricKey.node(Metric.CPU, node)).orElseThrow().value())
                .isCloseTo(1.5, within(1e-9));
        assertThat(readings.get(MetricKey.node(Metric.MEMORY, node))
                                .orElseThrow()
                                .value()
                        / (1 << 20))
                .isCloseTo(200 + 1.5 * 50, within(1e-6));
        assertThat(readings.get(MetricKey.service(SimulatedMetrics.REQUESTS, "web"))
                        .orElseThrow()
                        .value())
                .isCloseTo(1, within(1e-9));
        assertThat(metrics.work("web").unservedShare()).isCloseTo(0, within(1e-9));
    }

    @Test
    void backgroundUseCountsAgainstTheLimit() {
        node(4);
        deploy("web", 1, 1);
        metrics.background("web", Resources.ofCores(0.25), 0);
        metrics.load("web", Workload.constant(1));
        time.advance(s(10));

        assertThat(cpuOf("web")).containsExactly(1.0);
        assertThat(metrics.work("web").unservedShare()).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void whatIsServedFollowsTheTasksAsTheyComeAndGo() {
        node(8);
        deploy("web", 1, 1);
        metrics.load("web", Workload.constant(2));
        time.advance(s(10));
        cluster.scaleByHand("web", 2);
        time.advance(s(10));
        cluster.scaleByHand("web", 0);
        time.advance(s(10));

        assertThat(metrics.work("web").offered()).isCloseTo(60, within(1e-6));
        assertThat(metrics.work("web").served()).isCloseTo(30, within(1e-6));
    }

    @Test
    void aTaskThatWarmsUpServesNothingYet() {
        node(8);
        cluster.warmUp("web", s(30));
        deploy("web", 1, 1);
        metrics.load("web", Workload.constant(1));
        time.advance(s(40));

        assertThat(metrics.work("web").served()).isCloseTo(10, within(1e-6));
        assertThat(cpuOf("web")).containsExactly(1.0);
    }

    @Test
    void loadOnADeadNodeIsLostUntilItIsNoticed() {
        NodeId first = node(8);
        node(7);
        deploy("web", 2, 1);
        metrics.load("web", Workload.constant(1));
        time.advance(s(10));
        cluster.faults().failNode(first);
        assertThat(cpuOf("web")).hasSize(1);
        assertThat(read().problems()).anyMatch(p -> p.contains("does not answer"));
        time.advance(s(30));

        // 15 s until it is noticed, and 5 s until another may start; meanwhile the one that is left serves all.
        assertThat(metrics.work("web").unserved()).isCloseTo(7.5, within(1e-6));
    }

    @Test
    void aLoadWithoutItsServiceIsNotServed() {
        metrics.load("web", Workload.constant(3));
        time.advance(s(10));
        assertThat(metrics.work("web")).isEqualTo(new ServedWork(30, 0));
        assertThat(metrics.work("web").unservedShare()).isEqualTo(1);
        assertThat(metrics.work("nothing")).isEqualTo(ServedWork.NOTHING);
    }

    @Test
    void theNumbersCanBeNoisyLateMissingOrLies() {
        node(8);
        deploy("web", 4, 1);
        metrics.load("web", Workload.step(1, s(20), 2));
        time.advance(s(10));
        metrics.faults().noise(0.1);
        assertThat(cpuOf("web"))
                .doesNotHaveDuplicates()
                .allSatisfy(v -> assertThat(v).isBetween(0.1, 0.4));
        metrics.faults().noise(0).lie("web", 0.9);
        assertThat(cpuOf("web")).containsOnly(0.9);
        metrics.faults().tellTheTruth("web").missing("web");
        assertThat(cpuOf("web")).isEmpty();
        assertThat(read().problems()).containsExactly("4 tasks could not be measured");
        metrics.faults().tellTheTruth("web").missing(0.5);
        assertThat(cpuOf("web").size()).isBetween(0, 4);
        metrics.faults().missing(0);

        metrics.faults().lag(s(15));
        time.advance(s(20));
        MetricReadings late = read();
        assertThat(late.samples().values())
                .allSatisfy(sample -> assertThat(sample.age(time.wallClock())).isGreaterThanOrEqualTo(s(15)));
        assertThat(late.get(MetricKey.service(SimulatedMetrics.REQUESTS, "web"))
                        .orElseThrow()
                        .value())
                .isCloseTo(1, within(1e-9));
        time.advance(s(15));
        assertThat(read().get(MetricKey.service(SimulatedMetrics.REQUESTS, "web"))
                        .orElseThrow()
                        .value())
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void nothingIsOldEnoughAtFirst() {
        metrics.faults().lag(s(15));
        assertThat(read().samples()).isEmpty();
        assertThat(read().problems()).isNotEmpty();
    }

    @Test
    void theSourceCanBeDown() {
        metrics.calls().unreachable();
        assertThatThrownBy(this::read).hasMessageContaining("metric source");
        metrics.calls().reachable();
        assertThat(read().problems()).isEmpty();
    }

    @Test
    void samplesCarryTheClockOfTheProgramThatReads() {
        node(2);
        VirtualProcess ahead = time.process().wallClockOffset(Duration.ofHours(1));
        List<MetricReadings> answers = new ArrayList<>();
        ahead.boundedExecutor("x", 1).submit(() -> answers.add(read()));
        time.advance(s(1));

        assertThat(answers.get(0).samples().values())
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.observedAt())
                        .isEqualTo(ahead.wallClock().minusSeconds(1)));
    }
}

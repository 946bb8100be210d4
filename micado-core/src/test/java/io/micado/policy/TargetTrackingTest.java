package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TargetTrackingTest {
    private static final PolicySpec CPU_60 = TargetTracking.cpu(0.6);

    /** Every replica reserves one core, the target is 60 % and the tolerance 10 %; computed by hand. */
    static Stream<Arguments> utilisationCases() {
        return Stream.of(
                row("at the target", web().replicas(4, 0.6), 4),
                row("90/60 = 1.5, times 4", web().replicas(4, 0.9), 6),
                row("90/60 = 1.5, times 3 = 4.5, rounded up", web().replicas(3, 0.9), 5),
                row("30/60 = 0.5, times 4", web().replicas(4, 0.3), 2),
                row("30/60 = 0.5, times 5 = 2.5, rounded up", web().replicas(5, 0.3), 3),
                row("66/60 = 1.1, the upper edge, is within", web().replicas(10, 0.66), 10),
                row("67/60 = 1.117 is not", web().replicas(10, 0.67), 12),
                row("54/60 = 0.9, the lower edge, is within", web().replicas(10, 0.54), 10),
                row("53/60 = 0.883 is not", web().replicas(10, 0.53), 9),
                row("66.9 % is cut to 66 %, which is within", web().replicas(10, 0.669), 10),
                row("72.9 % is cut to 72 %: 1.2 times 20, not 1.215 times 20", web().replicas(20, 0.729), 24),
                row("no load needs nobody; the bounds say otherwise", web().replicas(4, 0.0), 0),
                row("the sum counts: 1.6 of 4 = 40 %", web().replicas(1.0, 0.2, 0.3, 0.1), 3),
                row("beyond its reservation: 150/60 = 2.5", web().replicas(1, 1.5), 3),
                row(
                        "missing counts full on the way in: (9*0.2 + 1)/10 = 28 %",
                        web().replicas(9, 0.2).unmeasured(1), 5),
                row(
                        "missing counts full: (3*0.3 + 1)/4 = 47 %, times 4 = 3.1",
                        web().replicas(3, 0.3).unmeasured(1), 4),
                row(
                        "missing turns the direction: (0.5 + 3)/4 = 87 %",
                        web().replicas(1, 0.5).unmeasured(3), 4),
                row(
                        "missing brings it within: (7*0.41 + 2)/9 = 54 %",
                        web().replicas(7, 0.41).unmeasured(2), 9),
                row(
                        "missing counts idle on the way out: 3*0.9/4 = 67 %",
                        web().replicas(3, 0.9).unmeasured(1), 5),
                row(
                        "missing brings it within: 3*0.85/4 = 63 %",
                        web().replicas(3, 0.85).unmeasured(1), 4),
                row(
                        "missing turns the direction: 0.9/2 = 45 %",
                        web().replicas(1, 0.9).unmeasured(1), 2),
                row(
                        "starting ones take the load: 2*1/4 = 50 % turns the direction",
                        web().replicas(2, 1.0).inPhase(Phase.PENDING, 2), 4),
                row(
                        "starting ones take a part: 3*1/4 = 75 %",
                        web().replicas(3, 1.0).inPhase(Phase.STARTING, 1), 5),
                row(
                        "starting ones are no reason to stay: 0.5 times 3 = 1.5",
                        web().replicas(3, 0.3).inPhase(Phase.PENDING, 1),
                        2),
                row("starting ones within the tolerance", web().replicas(3, 0.6).inPhase(Phase.PENDING, 1), 4),
                row(
                        "missing and starting on the way out: 5*1/7 = 71 %",
                        web().replicas(5, 1.0).unmeasured(1).inPhase(Phase.STARTING, 1), 9),
                row(
                        "missing and starting on the way in: (4*0.2 + 1)/5 = 36 %",
                        web().replicas(4, 0.2).unmeasured(1).inPhase(Phase.PENDING, 1), 3),
                row("missing while at the target", web().replicas(3, 0.6).unmeasured(1), 4),
                row(
                        "a young one is idle on the way out: 3*0.9/4 = 67 %, not 92 %",
                        web().replicas(3, 0.9).replica(Duration.ofSeconds(29), Metric.CPU, 1.0), 5),
                row(
                        "after the warm-up it counts: 3.7/4 = 92 %",
                        web().replicas(3, 0.9).replica(Duration.ofSeconds(30), Metric.CPU, 1.0), 7),
                row(
                        "a young one that burns CPU at its start keeps nobody: 0.5 times 3",
                        web().replicas(3, 0.3).replica(Duration.ofSeconds(5), Metric.CPU, 1.0),
                        2),
                row(
                        "stopping and failed ones are left out",
                        web().replicas(2, 0.9)
                                .inPhase(Phase.STOPPING, 2)
                                .inPhase(Phase.FAILED, 1)
                                .desired(2),
                        3),
                row(
                        "a stale sample is missing",
                        web().replicas(3, 0.3).sampleAge(Duration.ofSeconds(16)).replicas(0.3),
                        4),
                row(
                        "one of 3 intervals is not",
                        web().replicas(3, 0.3).sampleAge(Duration.ofSeconds(15)).replicas(0.3),
                        2),
                row(
                        "one from the future is missing",
                        web().replicas(3, 0.3).sampleAge(Duration.ofSeconds(-6)).replicas(0.3),
                        4),
                row("more run than desired: 0.5 times 6", web().replicas(6, 0.3).desired(4), 3),
                row(
                        "more run than desired: 0.83 times 6 is no reason for more",
                        web().replicas(6, 0.5).desired(4),
                        4),
                row(
                        "fewer run than desired: 1.5 times 2 is no reason for fewer",
                        web().replicas(2, 0.9).desired(8),
                        8),
                row("a wide tolerance out", web().replicas(4, 0.9).tolerance(0.5, 0.1), 4),
                row("no tolerance in", web().replicas(100, 0.59).tolerance(0.1, 0), 99),
                row("no tolerance at the target", web().replicas(7, 0.6).tolerance(0, 0), 7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("utilisationCases")
    void followsTheArithmeticOfTheHorizontalPodAutoscaler(String name, ScalingContext context, int expected) {
        Recommendation.Capacity answer = known(CPU_60, context);

        assertThat(answer.count()).as(answer.reason()).isEqualTo(expected);
        assertThat(answer.lowerBound()).isFalse();
    }

    static Stream<Arguments> valueCases() {
        PolicySpec total = TargetTracking.of("orders.waiting").perReplica(100);
        PolicySpec keep = TargetTracking.of("latency.seconds").keep(0.2);
        return Stream.of(
                with("450/(100*4) = 1.125", total, web().replicas(4, 0.1).host("orders.waiting", 450), 5),
                with(
                        "440/(100*4) = 1.1 is within",
                        total,
                        web().replicas(4, 0.1).host("orders.waiting", 440),
                        4),
                with(
                        "360/(100*4) = 0.9 is within",
                        total,
                        web().replicas(4, 0.1).host("orders.waiting", 360),
                        4),
                with("250/100, rounded up", total, web().replicas(4, 0.1).host("orders.waiting", 250), 3),
                with(
                        "starting ones count for a total",
                        total,
                        web().replicas(1, 0.1).inPhase(Phase.PENDING, 3).host("orders.waiting", 400),
                        4),
                with("nothing waits", total, web().replicas(4, 0.1).host("orders.waiting", 0), 0),
                with("from zero replicas", total, web().host("orders.waiting", 250), 3),
                with("zero replicas and nothing waits", total, web().host("orders.waiting", 0), 0),
                with("a negative total", total, web().replicas(1, 0.1).host("orders.waiting", -5), 0),
                with("of the service as a whole", total, web().replicas(1, 0.1).whole("orders.waiting", 250), 3),
                with(
                        "the service's own before the host's",
                        total,
                        web().replicas(1, 0.1).whole("orders.waiting", 250).host("orders.waiting", 900),
                        3),
                with("0.3/0.2 = 1.5 times 4 ready", keep, web().replicas(4, 0.1).host("latency.seconds", 0.3), 6),
                with("0.22/0.2 = 1.1 is within", keep, web().replicas(4, 0.1).host("latency.seconds", 0.22), 4),
                with("0.1/0.2 = 0.5 times 5 ready", keep, web().replicas(5, 0.1).host("latency.seconds", 0.1), 3),
                with(
                        "1.5 times 4 ready is no reason for fewer than 10",
                        keep,
                        web().replicas(4, 0.1).desired(10).host("latency.seconds", 0.3),
                        10),
                with("kept from zero replicas", keep, web().host("latency.seconds", 0.3), 2),
                with("mean of the tasks: 150/100 times 3", total, each("orders.waiting", 150, 150, 150), 5),
                with(
                        "a task without counts as at the target on the way in: 200/3",
                        total,
                        each("orders.waiting", 50, 50).unmeasured(1),
                        2),
                with(
                        "and as nothing on the way out: 300/3",
                        total,
                        each("orders.waiting", 150, 150).unmeasured(1),
                        3),
                with(
                        "a young task's own metric counts",
                        total,
                        each("orders.waiting", 100).replica(Duration.ZERO, "orders.waiting", 500),
                        6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valueCases")
    void keepsMetricsOfAnyName(String name, PolicySpec policy, ScalingContext context, int expected) {
        Recommendation.Capacity answer = known(policy, context);

        assertThat(answer.count()).as(answer.reason()).isEqualTo(expected);
    }

    static Stream<Arguments> poolCases() {
        return Stream.of(
                row("7.2 of 8 cores = 90 %, times 2", pool().worker("a", 4, 3.6).worker("b", 4, 3.6), 3),
                row("at the target", pool().worker("a", 4, 2.4).worker("b", 2, 1.2), 2),
                row(
                        "1.8 of 12 cores = 15 %, times 3",
                        pool().worker("a", 4, 0.6).worker("b", 4, 0.6).worker("c", 4, 0.6), 1),
                row(
                        "a worker without sample is full on the way in: (0.4 + 4)/8 = 55 %, within",
                        pool().worker("a", 4, 0.4).worker("b", 4), 2),
                row(
                        "and idle on the way out: 3.6/8 = 45 % turns the direction",
                        pool().worker("a", 4, 3.6).worker("b", 4), 2),
                row(
                        "arriving ones take the load: 8/12 = 66 %, within",
                        pool().worker("a", 4, 4).worker("b", 4, 4).worker("c", 4, WorkerState.BOOTING), 3),
                row(
                        "arriving ones keep nobody: 0.33 times 2",
                        pool().worker("a", 4, 0.8).worker("b", 4, 0.8).worker("c", 4, WorkerState.REQUESTED),
                        1),
                row(
                        "those on their way out are left out",
                        pool().worker("a", 4, 2.4)
                                .worker("b", 4, WorkerState.DRAINING)
                                .sample(MetricKey.node(Metric.CPU, new NodeId("b")), 4),
                        1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poolCases")
    void keepsTheWorkersOfAPoolBusy(String name, ScalingContext context, int expected) {
        Recommendation.Capacity answer = known(CPU_60, context);

        assertThat(answer.count()).as(answer.reason()).isEqualTo(expected);
    }

    @Test
    void countsAHostMetricPerWorker() {
        PolicySpec policy = TargetTracking.of("host:jobs").perWorker(10);

        assertThat(known(
                                policy,
                                pool().worker("a", 4)
                                        .worker("b", 4)
                                        .host("jobs", 55)
                                        .build())
                        .count())
                .isEqualTo(6);
    }

    @Test
    void keepsTheMeanOfANodeMetric() {
        PolicySpec policy = TargetTracking.of("node:disk").keep(0.5);
        ScalingContext context = pool().worker("a", 4)
                .worker("b", 4)
                .sample(MetricKey.node(Metric.DISK, new NodeId("a")), 0.9)
                .sample(MetricKey.node(Metric.DISK, new NodeId("b")), 0.7)
                .build();

        assertThat(known(policy, context).count()).isEqualTo(4);
    }

    @Test
    void keepsMemoryOfAService() {
        PolicySpec policy = TargetTracking.memory(0.8);
        PolicyContexts reserved = PolicyContexts.service("web").reservation(0, 100);

        assertThat(known(policy, withMemory(reserved).build()).count()).isEqualTo(3);
        assertThat(known(
                                policy,
                                withMemory(PolicyContexts.service("web").limit(0, 200))
                                        .build())
                        .count())
                .isEqualTo(2);
        assertThat(unknown(policy, withMemory(PolicyContexts.service("web")).build())
                        .reason())
                .isEqualTo(
                        "memory: the service neither reserves nor limits it, so there is nothing that its use could be"
                                + " a share of");
    }

    @Test
    void takesTheLimitWhereNothingIsReserved() {
        Recommendation.Capacity answer = known(
                CPU_60,
                PolicyContexts.service("web").limit(0.5, 0).replicas(2, 0.45).build());

        assertThat(answer.count()).isEqualTo(3);
        assertThat(answer.reason()).contains("cpu at 90 % of the limit, target 60 %: needs 3 replicas instead of 2");
    }

    @Test
    void readsAnUnreservedReplicaAloneOnAnIdleWorkerAsAShareOfOneCore() {
        ScalingContext context = PolicyContexts.service("web")
                .worker("a", 4, 0.9)
                .on("a")
                .replicas(0.9)
                .build();

        assertThat(known(CPU_60, context).inputs()).containsEntry("cpu.utilisation.percent", 90.0);
    }

    @Test
    void readsAnUnreservedReplicaOnAFullWorkerAsFull() {
        ScalingContext context = PolicyContexts.service("web")
                .worker("a", 2, 2)
                .on("a")
                .replicas(0.25, 0.25)
                .build();
        Recommendation.Capacity answer = known(CPU_60, context);

        assertThat(answer.inputs()).containsEntry("cpu.utilisation.percent", 100.0);
        assertThat(answer.count()).isEqualTo(4);
        assertThat(answer.reason())
                .contains("of what it could have (one core, or less on a full worker)")
                .contains("saturated");
    }

    @Test
    void doesNotTakeAnIdleServiceOnAFullWorkerForAStarvingOne() {
        ScalingContext context = PolicyContexts.service("web")
                .worker("a", 2, 2)
                .on("a")
                .replicas(0.001)
                .build();

        assertThat(known(CPU_60, context).inputs()).containsEntry("cpu.utilisation.percent", 2.0);
    }

    @Test
    void takesAReplicaThatStartsForAsBigAsTheOthers() {
        ScalingContext context = PolicyContexts.service("web")
                .worker("a", 1, 1)
                .on("a")
                .replicas(0.4, 0.3, 0.3)
                .inPhase(Phase.STARTING, 1)
                .build();

        // Each has a third of a core, so the three use 1 of 1.33 cores: 75/60 = 1.25, times 4.
        assertThat(known(CPU_60, context).count()).isEqualTo(5);
    }

    @Test
    void addsUpItsOwnTasksWhereTheWorkerWasNotMeasured() {
        ScalingContext context = PolicyContexts.service("web")
                .worker("a", 1)
                .on("a")
                .replicas(0.3, 0.5)
                .build();

        // 0.2 cores are free, so that the two use 0.3 of 0.5 and 0.5 of 0.7.
        assertThat(known(CPU_60, context).inputs()).containsEntry("cpu.utilisation.percent", 66.0);
    }

    @Test
    void countsOneCoreWhereTheWorkerIsNotKnown() {
        assertThat(known(
                                CPU_60,
                                PolicyContexts.service("web").replicas(0.3, 0.5).build())
                        .inputs())
                .containsEntry("cpu.utilisation.percent", 40.0);
    }

    @Test
    void reactsAtOnceWhenAllReplicasAreNewButOnlyOutwards() {
        Duration age = Duration.ofSeconds(5);
        Recommendation.Capacity busy = known(
                CPU_60,
                web().replica(age, Metric.CPU, 0.9)
                        .replica(age, Metric.CPU, 0.9)
                        .build());
        Recommendation.Capacity idle = known(
                CPU_60,
                web().replica(age, Metric.CPU, 0.1)
                        .replica(age, Metric.CPU, 0.1)
                        .build());

        assertThat(busy.count()).isEqualTo(3);
        assertThat(busy.lowerBound()).isTrue();
        assertThat(busy.reason()).contains("all of them are new");
        assertThat(idle.lowerBound()).isTrue();
    }

    @Test
    void countsNewReplicasAtOnceWithoutWarmUp() {
        PolicySpec policy =
                TargetTracking.builder().cpu(0.6).warmUp(Duration.ZERO).build();
        ScalingContext context =
                web().replicas(3, 0.9).replica(Duration.ZERO, Metric.CPU, 1.0).build();

        assertThat(known(policy, context).count()).isEqualTo(7);
    }

    @Test
    void saysUnknownWhenNothingWasMeasured() {
        assertThat(unknown(CPU_60, web().unmeasured(3).build()).reason())
                .isEqualTo("cpu: no fresh sample of any of the 3 replicas");
        assertThat(unknown(CPU_60, web().inPhase(Phase.PENDING, 1).build()).reason())
                .isEqualTo("cpu: no fresh sample of any of the 1 replica");
        assertThat(unknown(CPU_60, web().build())).isNotNull();
        assertThat(unknown(CPU_60, pool().worker("a", 4).build())).isNotNull();
        assertThat(unknown(
                                TargetTracking.of("orders.waiting").perReplica(1),
                                web().replicas(1, 0.5).build())
                        .reason())
                .isEqualTo("orders.waiting: no fresh sample");
        assertThat(unknown(
                                TargetTracking.of("orders.waiting").keep(1),
                                web().unmeasured(2)
                                        .ready(0)
                                        .host("orders.waiting", 9)
                                        .build())
                        .reason())
                .contains("none of the 2 replicas is ready");
    }

    @Test
    void takesTheMetricThatNeedsMost() {
        PolicySpec policy = TargetTracking.builder()
                .cpu(0.6)
                .perReplica("orders.waiting", 100)
                .build();
        Recommendation.Capacity answer =
                known(policy, web().replicas(4, 0.9).host("orders.waiting", 900).build());

        assertThat(answer.count()).isEqualTo(9);
        assertThat(answer.lowerBound()).isFalse();
        assertThat(answer.reason()).startsWith("orders.waiting at 900").contains("cpu at 90 %");
        assertThat(answer.inputs())
                .containsEntry("cpu.utilisation.percent", 90.0)
                .containsEntry("orders.waiting.value", 900.0);
    }

    @Test
    void neverScalesInWhileOneOfSeveralMetricsIsUnknown() {
        PolicySpec policy = TargetTracking.builder()
                .cpu(0.6)
                .perReplica("orders.waiting", 100)
                .build();
        Recommendation.Capacity answer = known(policy, web().replicas(4, 0.3).build());

        assertThat(answer.count()).isEqualTo(2);
        assertThat(answer.lowerBound()).isTrue();
        assertThat(answer.reason()).contains("orders.waiting: no fresh sample");
    }

    @Test
    void tellsWhatItUsed() {
        Recommendation.Capacity answer = known(
                CPU_60,
                web().limit(1, 0)
                        .replicas(3, 0.96)
                        .unmeasured(1)
                        .inPhase(Phase.PENDING, 2)
                        .build());

        assertThat(answer.inputs().keySet())
                .containsExactly(
                        "cpu.utilisation.percent",
                        "cpu.target.percent",
                        "cpu.ratio",
                        "cpu.ready.replicas",
                        "cpu.missing.replicas",
                        "cpu.ignored.replicas");
        assertThat(answer.inputs())
                .containsEntry("cpu.utilisation.percent", 96.0)
                .containsEntry("cpu.target.percent", 60.0)
                .containsEntry("cpu.ready.replicas", 3.0)
                .containsEntry("cpu.missing.replicas", 1.0)
                .containsEntry("cpu.ignored.replicas", 2.0);
        assertThat(answer.inputs().get("cpu.ratio")).isCloseTo(1.6, within(1e-9));
        assertThat(answer.reason())
                .isEqualTo(
                        "cpu at 96 % of the reservation, target 60 %: 1 without a fresh sample and 2 that start could"
                                + " turn the direction, so it stays at 6 replicas; saturated, so it may need more than it can"
                                + " show");
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web").reservation(1, 0);
    }

    private static PolicyContexts pool() {
        return PolicyContexts.pool("workers");
    }

    private static PolicyContexts each(String metric, double... values) {
        PolicyContexts context = web();
        for (double value : values) {
            context.replica(Duration.ofMinutes(10), metric, value);
        }
        return context;
    }

    private static PolicyContexts withMemory(PolicyContexts context) {
        return context.replica(Duration.ofMinutes(10), Metric.MEMORY, 120)
                .replica(Duration.ofSeconds(5), Metric.MEMORY, 120);
    }

    private static Arguments row(String name, PolicyContexts context, int expected) {
        return Arguments.of(name, context.build(), expected);
    }

    private static Arguments with(String name, PolicySpec policy, PolicyContexts context, int expected) {
        return Arguments.of(name, policy, context.build(), expected);
    }

    /** What it says of a measurement that is no passing noise: PatienceTest has those. */
    private static Recommendation.Capacity known(PolicySpec policy, ScalingContext context) {
        SlightExcess slight = new SlightExcess(2, PolicyContexts.NOW.minusSeconds(60));
        TrackerState before = new TrackerState(Optional.of(slight), Beliefs.NOTHING);
        return (Recommendation.Capacity) Policies.scaler(policy).recommend(context.withState(before));
    }

    private static Recommendation.Unknown unknown(PolicySpec policy, ScalingContext context) {
        return (Recommendation.Unknown) Policies.scaler(policy).recommend(context);
    }
}

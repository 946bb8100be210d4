package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Vitals;
import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Metrics;
import io.micado.policy.TargetTracking;
import io.micado.simulation.Scenario;
import io.micado.simulation.SimulatedMetrics;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Metrics that are missing, stale, or cannot be read: nothing is scaled in on what is not known. */
class MetricFaultScenarioTest {
    private static final TargetId WEB = TargetId.service("web");
    private static final TargetId WORKERS = TargetId.pool("workers");
    private static final Duration WINDOW = Duration.ofSeconds(300);

    private Scenario scenario;

    @BeforeEach
    void runFourReplicasAtTheirTarget() {
        scenario = Scenario.builder()
                .seed(1)
                .workers(1, 4, "medium")
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(1, 256))
                                .replicas(1, 8)
                                .initialReplicas(4)
                                .policy(TargetTracking.cpu(0.6))
                                .build(),
                        Workload.constant(2.4),
                        1)
                .build();
        scenario.run(Duration.ofMinutes(8));
        assertThat(scenario.cluster().running("web")).isEqualTo(4);
    }

    @AfterEach
    void close() {
        scenario.close();
    }

    /** A way to lose the metrics of the service, and to get them back. */
    enum Outage {
        MISSING(
                metrics -> metrics.faults().missing("web"),
                metrics -> metrics.faults().tellTheTruth("web")),
        STALE(
                metrics -> metrics.faults().lag(Duration.ofMinutes(2)),
                metrics -> metrics.faults().lag(Duration.ZERO)),
        FAILING(
                metrics -> metrics.calls().failing(ErrorKind.INTERNAL),
                metrics -> metrics.calls().reachable()),
        HANGING(
                metrics -> metrics.calls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1)),
                metrics -> metrics.calls().hangNext(0, Duration.ZERO));

        private final Consumer<SimulatedMetrics> begin;
        private final Consumer<SimulatedMetrics> end;

        Outage(Consumer<SimulatedMetrics> begin, Consumer<SimulatedMetrics> end) {
            this.begin = begin;
            this.end = end;
        }

        boolean isOfTheSource() {
            return this == FAILING || this == HANGING;
        }
    }

    @ParameterizedTest
    @EnumSource(Outage.class)
    void neverScalesInWithoutMetricsAndBeginsANewWindowAfterwards(Outage outage) {
        outage.begin.accept(scenario.metrics());
        scenario.metrics().load("web", Workload.constant(0.1));
        scenario.run(Duration.ofMinutes(30));

        assertThat(scenario.cluster().running("web")).isEqualTo(4);
        Decision decision = latest(WEB);
        assertThat(decision.binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(decision.raw()).isEmpty();
        assertThat(decision.reason()).isNotBlank();
        assertThat(decision.repeated()).as("folded no-ops").isGreaterThan(200);
        if (outage.isOfTheSource()) {
            assertThat(scenario.micado().status().unknownSources()).containsOnlyKeys("metric source \"simulated\"");
            assertThat(latest(WORKERS).binding()).isEqualTo(Rule.UNKNOWN);
        }

        outage.end.accept(scenario.metrics());
        scenario.run(WINDOW.minusSeconds(10));
        assertThat(scenario.cluster().running("web"))
                .as("within a window of the recovery")
                .isEqualTo(4);
        assertThat(latest(WEB).binding()).isEqualTo(Rule.STABILIZATION);

        scenario.run(Duration.ofMinutes(3));
        assertThat(scenario.cluster().running("web")).as("after the window").isEqualTo(1);
        assertThat(scenario.micado().status().unknownSources()).isEmpty();
    }

    @Test
    void tellsOnceThatASourceIsLostAndOnceThatItIsBack() {
        scenario.metrics().calls().unreachable();
        scenario.run(Duration.ofMinutes(5));
        scenario.metrics().calls().reachable();
        scenario.run(Duration.ofMinutes(2));

        List<MicadoEvent.SourceChanged> told = scenario.events().stream()
                .filter(MicadoEvent.SourceChanged.class::isInstance)
                .map(MicadoEvent.SourceChanged.class::cast)
                .toList();
        assertThat(told).extracting(MicadoEvent.SourceChanged::available).containsExactly(false, true);
        assertThat(told).extracting(MicadoEvent.SourceChanged::source).containsOnly("metric source \"simulated\"");
        assertThat(told.get(1).message()).contains("answers again after");
    }

    @Test
    void asksAFailingSourceAtLeastOnceAMinute() {
        scenario.metrics().calls().unreachable();
        scenario.run(Duration.ofMinutes(20));
        scenario.metrics().calls().reachable();
        scenario.run(Duration.ofSeconds(65));

        assertThat(scenario.micado().status().unknownSources()).isEmpty();
    }

    @Test
    void scalesOutOnWhatIsKnownWhenHalfOfTheTasksAreNotMeasured() {
        scenario.metrics().faults().missing(0.5);
        scenario.metrics().load("web", Workload.constant(4));
        scenario.run(Duration.ofMinutes(3));

        assertThat(scenario.cluster().running("web")).isGreaterThan(4);
    }

    @Test
    void aPoolWithoutMetricsStaysButStillServesTasksThatWait() {
        scenario.metrics().calls().unreachable();
        int before = scenario.cloud().look().size();
        scenario.micado().scale(WEB, 8);
        scenario.run(Duration.ofMinutes(5));

        assertThat(scenario.cluster().running("web")).isEqualTo(8);
        assertThat(scenario.cloud().look()).hasSizeGreaterThan(before);
    }

    @Test
    void aShortGapNeitherScalesNorDelays() {
        scenario.metrics().load("web", Workload.constant(0.1));
        scenario.run(Duration.ofSeconds(150));
        scenario.metrics().calls().unreachable();
        scenario.run(Duration.ofSeconds(60));
        assertThat(latest(WEB).binding()).isEqualTo(Rule.UNKNOWN);
        scenario.metrics().calls().reachable();
        scenario.run(Duration.ofSeconds(240));

        assertThat(scenario.cluster().running("web")).isEqualTo(1);
    }

    @Test
    void aGaugeThatFailsIsUnknownAndNotZero() {
        scenario.close();
        ShopWorld world = new ShopWorld(1);
        double[] waiting = {1000};
        Program program = world.start(
                "p1",
                builder -> builder.service(ShopWorld.service("orders")
                        .policy(TargetTracking.of("orders.waiting").perReplica(100))
                        .build()));
        program.micado().gauge("orders.waiting", () -> {
            if (waiting[0] < 0) {
                throw new IllegalStateException("the queue is not connected");
            }
            return waiting[0];
        });
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("orders")).isEqualTo(10);

        waiting[0] = -1;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("orders")).isEqualTo(10);
        assertThat(program.latest(TargetId.service("orders")).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(program.micado().vitals().sources())
                .filteredOn(source -> source.name().contains("host"))
                .singleElement()
                .extracting(Vitals.Source::gaps, InstanceOfAssertFactories.list(String.class))
                .singleElement()
                .asString()
                .contains("orders.waiting");

        waiting[0] = Double.NaN;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("orders")).isEqualTo(10);

        waiting[0] = 90;
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("orders")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aRecordedNumberGoesStaleAndIsUnknownThen() {
        scenario.close();
        ShopWorld world = new ShopWorld(1);
        Program program = world.start(
                "p1",
                builder -> builder.service(ShopWorld.service("orders")
                        .policy(TargetTracking.of("orders.waiting").perReplica(100))
                        .build()));
        program.micado().record("orders.waiting", 500);
        world.after(Duration.ofSeconds(10));
        assertThat(program.latest(TargetId.service("orders")).raw()).hasValue(5);

        world.after(Duration.ofMinutes(2));
        assertThat(program.latest(TargetId.service("orders")).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(world.cluster.running("orders")).isEqualTo(5);
        program.micado().close();
    }

    @Test
    void aSourceThatIsReadSeldomIsNotJudgedByOneThatIsReadOften() {
        scenario.close();
        ShopWorld world = new ShopWorld(1);
        boolean[] measures = {true};
        TargetId orders = TargetId.service("orders");
        Program program = world.start(
                "p1",
                builder -> builder.metrics("often", source(Duration.ofSeconds(5), () -> MetricReadings.EMPTY))
                        .metrics(
                                "seldom",
                                source(
                                        Duration.ofSeconds(30),
                                        () -> new MetricReadings(
                                                measures[0]
                                                        ? Map.of(
                                                                MetricKey.service("requests", "orders"),
                                                                Sample.of(500, world.time.wallClock()))
                                                        : Map.of(),
                                                List.of())))
                        .service(ShopWorld.service("orders")
                                .policy(TargetTracking.of("service:requests").perReplica(100))
                                .build()));
        world.after(Duration.ofMinutes(2));
        for (int pass = 0; pass < 24; pass++) {
            world.after(Duration.ofSeconds(5));
            assertThat(program.latest(orders).raw()).as("pass %d", pass).hasValue(5);
        }

        measures[0] = false;
        world.after(Duration.ofMinutes(2));
        assertThat(program.latest(orders).binding()).isEqualTo(Rule.UNKNOWN);
        program.micado().close();
    }

    private static Metrics source(Duration interval, Supplier<MetricReadings> reading) {
        return new Metrics() {
            @Override
            public MetricReadings read(MetricRequest request) {
                return reading.get();
            }

            @Override
            public Duration interval() {
                return interval;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void aPolicyThatCannotSayAnythingNeverMovesACountThatIsWithinItsBounds() {
        scenario.close();
        ShopWorld world = new ShopWorld(1);
        boolean[] knows = {true};
        Program program = world.start(
                "p1",
                builder -> builder.service(ShopWorld.service("api")
                        .policy(io.micado.api.scaling.PolicySpec.of(in ->
                                knows[0] ? Recommendation.of(3, "three") : Recommendation.unknown("the probe is gone")))
                        .build()));
        world.after(Duration.ofMinutes(2));
        knows[0] = false;
        world.cluster.scaleByHand("api", 5);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cluster.running("api")).isEqualTo(5);
        assertThat(program.latest(TargetId.service("api")).reason()).contains("the probe is gone");
        program.micado().close();
    }

    private Decision latest(TargetId target) {
        return scenario.micado().explain(target).get(0);
    }
}

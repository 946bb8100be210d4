package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.MicadoBuilder;
import io.micado.api.event.MicadoEvent;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.PastWanted;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.StateStore;
import io.micado.policy.Predictive;
import io.micado.simulation.SimulatedMetrics;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A program that starts with its memory lost: its policies are told of the past by the metric sources. */
class PastScenarioTest {
    private static final Duration STORY = Duration.ofHours(49);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final MetricKey LOAD = MetricKey.service(SimulatedMetrics.REQUESTS, "web");

    /** A store that has lost everything and will lose everything. */
    private static final StateStore LOST = new StateStore() {
        @Override
        public Optional<String> load(String key) {
            return Optional.empty();
        }

        @Override
        public void save(String key, String text) {}

        @Override
        public void delete(String key) {}
    };

    /** A shop with load that comes every two hours. */
    private static final class Tide {
        final ShopWorld world = new ShopWorld(7);
        final SimulatedMetrics metrics = SimulatedMetrics.of(world.cluster, INTERVAL);
        Program program;

        Tide(Duration past) {
            metrics.keepPast(past);
            metrics.load("web", Workload.square(1, 5, Duration.ofHours(2), 0.25));
            program = start("first", UnaryOperator.identity());
        }

        Program start(String name, UnaryOperator<MicadoBuilder> difference) {
            VirtualProcess process = world.time.process(name);
            return Program.start(
                    process,
                    difference.apply(world.bare(process)
                            .passInterval(INTERVAL)
                            .metrics("simulated", metrics)
                            .pool(ShopWorld.workers()
                                    .policy(Predictive.target(0.6))
                                    .build())
                            .service(ShopWorld.service("web")
                                    .policy(Predictive.target(0.7))
                                    .build())));
        }

        void restartWithoutMemory() {
            program.process().kill();
            program = start("second", builder -> builder.stateStore(LOST));
        }

        double forecast(TargetId target) {
            return program.latest(target).inputs().entrySet().stream()
                    .filter(input -> input.getKey().equals("forecast.replicas")
                            || input.getKey().equals("forecast.workers"))
                    .mapToDouble(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRestartWithoutMemoryForecastsLikeNoRestart() {
        Tide restarted = new Tide(Duration.ofDays(2));
        Tide never = new Tide(Duration.ZERO);
        restarted.world.after(STORY);
        never.world.after(STORY);

        restarted.restartWithoutMemory();

        int apart = 0;
        for (int minute = 1; minute <= 120; minute++) {
            restarted.world.after(Duration.ofMinutes(1));
            never.world.after(Duration.ofMinutes(1));
            if (minute == 60) {
                // The next minute brings the rise that only other days can tell of.
                assertThat(restarted.forecast(WEB)).isGreaterThan(2);
                assertThat(never.forecast(WEB)).isGreaterThan(2);
            }
            apart += areApart(restarted.forecast(WEB), never.forecast(WEB)) ? 1 : 0;
            apart += areApart(restarted.forecast(WORKERS), never.forecast(WORKERS)) ? 1 : 0;
        }
        assertThat(apart).as("minutes, on the edges of the rise").isLessThanOrEqualTo(8);
        assertThat(restarted.program.latest(WEB).reason()).contains("what other days did");
        assertThat(restarted.program.warnings("past-unknown")).isEmpty();
    }

    private static boolean areApart(double one, double other) {
        return Math.abs(one - other) > 0.05 * other;
    }

    @Test
    void withoutAPastItBeginsAnew() {
        Tide restarted = new Tide(Duration.ZERO);
        restarted.world.after(STORY);
        assertThat(restarted.program.latest(WEB).reason()).contains("what other days did");

        restarted.restartWithoutMemory();
        restarted.world.after(Duration.ofHours(1));

        assertThat(restarted.program.latest(WEB).reason())
                .contains("fully used are expected")
                .doesNotContain("days");
    }

    // ---- who is asked, when, and how often

    /** A source with one number and a past that a test sets. */
    private static final class Source implements Metrics {
        final List<HistoryRequest> asked = new ArrayList<>();
        private final ShopWorld world;
        private MetricHistory past = MetricHistory.NONE;
        private Runnable fault = () -> {};
        private boolean down;

        Source(ShopWorld world) {
            this.world = world;
        }

        @Override
        public MetricReadings read(MetricRequest request) {
            if (down) {
                throw new IllegalStateException("down");
            }
            return new MetricReadings(Map.of(LOAD, Sample.of(1, world.time.wallClock())), List.of());
        }

        @Override
        public MetricHistory history(HistoryRequest request) {
            asked.add(request);
            fault.run();
            return past;
        }

        @Override
        public void close() {}
    }

    /** A policy that wants the load of the last hour, and counts what it was told. */
    private static final class Curious implements Scaler {
        @Override
        public Recommendation recommend(ScalingContext in) {
            String known = in.state().encode();
            return Recommendation.of(1, "knows \"" + known + "\"").remembering(in.state());
        }

        @Override
        public Optional<PastWanted> pastWanted(TargetId target) {
            return Optional.of(new PastWanted(List.of(LOAD), Duration.ofHours(1), Duration.ofMinutes(1)));
        }

        @Override
        public PolicyState learn(ScalingContext in, MetricHistory past) {
            return new PolicyState.Encoded(1, past.of(LOAD).size() + " samples");
        }
    }

    private final ShopWorld world = new ShopWorld(1);
    private final Source first = new Source(world);
    private final Source second = new Source(world);

    private Program start(Scaler scaler) {
        VirtualProcess process = world.time.process("shop");
        return Program.start(
                process,
                world.bare(process)
                        .metrics("first", first)
                        .metrics("second", second)
                        .pool(ShopWorld.workers().build())
                        .service(ShopWorld.service("web")
                                .policy(PolicySpec.of(scaler))
                                .build()));
    }

    private MetricHistory past(int samples) {
        List<Sample> all = new ArrayList<>();
        for (int i = samples; i > 0; i--) {
            all.add(Sample.of(i, world.time.wallClock().minusSeconds(60L * i)));
        }
        return new MetricHistory(Map.of(LOAD, all), List.of());
    }

    @Test
    void eachSourceIsAskedOnceForWhatThePolicyWants() {
        second.past = past(60);
        Program program = start(new Curious());
        world.after(Duration.ofMinutes(15));

        assertThat(first.asked).hasSize(1);
        assertThat(second.asked)
                .containsExactly(new HistoryRequest(
                        List.of(LOAD), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(10)));
        assertThat(program.latest(WEB).reason()).contains("60 samples");
    }

    @Test
    void whatIsRememberedIsNotAskedFor() {
        first.past = past(60);
        Program before = start(new Curious());
        world.after(Duration.ofMinutes(5));
        before.process().kill();
        world.after(Duration.ofMinutes(1));
        first.asked.clear();

        Program after = start(new Curious());
        world.after(Duration.ofMinutes(5));

        assertThat(first.asked).isEmpty();
        assertThat(after.latest(WEB).reason()).contains("60 samples");
    }

    @Test
    void aSourceThatComesLaterIsAskedThen() {
        first.past = past(30);
        first.down = true;
        Program program = start(new Curious());
        world.after(Duration.ofMinutes(2));
        assertThat(first.asked).isEmpty();
        assertThat(program.latest(WEB).reason()).contains("knows \"\"");

        first.down = false;
        world.after(Duration.ofMinutes(3));
        assertThat(program.latest(WEB).reason()).contains("30 samples");
    }

    @Test
    void aSourceThatFailsOrHangsCostsItsPastAlone() {
        first.fault = () -> world.time.elapse(Duration.ofMinutes(10));
        second.fault = () -> {
            throw new IllegalStateException("the disk is gone");
        };
        Program program = start(new Curious());
        world.after(Duration.ofMinutes(5));

        assertThat(program.latest(WEB).reason()).contains("knows \"\"");
        assertThat(program.warnings("past-unknown"))
                .hasSize(2)
                .anySatisfy(told -> assertThat(told).contains("service:web", "\"second\"", "the disk is gone"))
                .anySatisfy(told -> assertThat(told).contains("\"first\"", "no answer within 10 s"));
        assertThat(program.heard(MicadoEvent.PolicyFailed.class)).isEmpty();
    }

    @Test
    void aPolicyThatCannotLearnGoesOnWithout() {
        first.past = past(60);
        Program program = start(new Scaler() {
            @Override
            public Recommendation recommend(ScalingContext in) {
                return Recommendation.of(1, "as always");
            }

            @Override
            public Optional<PastWanted> pastWanted(TargetId target) {
                return new Curious().pastWanted(target);
            }

            @Override
            public PolicyState learn(ScalingContext in, MetricHistory past) {
                throw new IllegalArgumentException("too much");
            }
        });
        world.after(Duration.ofMinutes(5));

        assertThat(program.latest(WEB).reason()).contains("as always");
        assertThat(program.warnings("past-unknown")).singleElement().asString().contains("too much");
    }
}

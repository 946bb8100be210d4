package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Metrics;
import io.micado.api.time.Timekeeper;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is news is looked at before its time, and never in a rush: a metric that tells, and the host program's own numbers. */
class NewsScenarioTest {
    private static final MetricKey QUEUE = MetricKey.host("queue");
    private static final MetricKey CALLS = MetricKey.host("calls");

    private final ShopWorld world = new ShopWorld(5);
    private final Telling telling = new Telling(world.time);
    private Program program;

    /** A source that is rarely read, unless it calls. */
    private static final class Telling implements Metrics {
        private final Timekeeper time;
        private double queue = 1;
        private Runnable changed = () -> {};
        private int reads;

        private Telling(Timekeeper time) {
            this.time = time;
        }

        void tell(double value) {
            queue = value;
            changed.run();
        }

        @Override
        public MetricReadings read(MetricRequest request) {
            reads++;
            return new MetricReadings(Map.of(QUEUE, Sample.of(queue, time.wallClock())), List.of());
        }

        @Override
        public AutoCloseable watch(Runnable callback) {
            changed = callback;
            return () -> changed = () -> {};
        }

        @Override
        public Duration interval() {
            return Duration.ofMinutes(1);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void settle() {
        PolicySpec follow = PolicySpec.of(in -> Recommendation.of(
                (int) Stream.of(QUEUE, CALLS)
                        .flatMap(key -> in.metrics().get(key).stream())
                        .mapToDouble(Sample::value)
                        .max()
                        .orElse(1),
                "as many as wait, in the queue or on the telephone"));
        VirtualProcess process = world.time.process("p");
        program = Program.start(
                process,
                world.bare(process)
                        .policy("web", follow)
                        .service(ShopWorld.web())
                        .pool(ShopWorld.workers().build())
                        .metrics("telling", telling));
        world.settleAt(1, 1);
        world.after(Duration.ofSeconds(150));
    }

    private int replicas() {
        return world.cluster.look().services().get(0).desiredReplicas();
    }

    @Test
    void aSourceThatTellsIsReadAndAnsweredAtOnce() {
        telling.tell(2);
        world.after(Duration.ofMillis(1500));
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void aSourceThatNeverStopsTellingIsReadOnceASecond() {
        int readsBefore = telling.reads;
        long passesBefore = program.micado().vitals().passes();
        for (int i = 0; i < 3_000; i++) {
            telling.tell(1);
            world.after(Duration.ofMillis(10));
        }
        assertThat(telling.reads - readsBefore).isBetween(28, 31);
        assertThat(program.micado().vitals().passes() - passesBefore).isBetween(28L, 31L);
    }

    @Test
    void theLastThingThatWasToldIsNotForgotten() {
        telling.tell(1);
        world.after(Duration.ofMillis(100));
        telling.tell(2);
        world.after(Duration.ofMillis(2500));
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void aNumberOfTheHostProgramsIsAnsweredSoonWhenItChanges() {
        program.micado().record("calls", 2);
        world.after(Duration.ofMillis(1500));
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void aProgramThatRecordsAllTheTimeCostsNoMorePassesThanOneThatDoesNot() {
        long before = program.micado().vitals().passes();
        for (int i = 0; i < 6_000; i++) {
            program.micado().record("visitors", i);
            world.after(Duration.ofMillis(10));
        }
        assertThat(program.micado().vitals().passes() - before).isBetween(12L, 14L);
    }

    @Test
    void nobodyIsCalledAfterTheEnd() {
        program.micado().close();
        int before = telling.reads;
        telling.tell(5);
        world.after(Duration.ofMinutes(5));
        assertThat(telling.reads).isEqualTo(before);
    }
}

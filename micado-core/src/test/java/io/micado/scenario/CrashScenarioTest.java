package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.WorkerId;
import io.micado.simulation.FaultInjector;
import io.micado.simulation.LaunchRecord;
import io.micado.simulation.ProcessKilledError;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills the program before and after every single effect of a story that scales out, in, and destroys, and starts it again:
 * nothing may be launched twice for good, nothing leaked, and no task killed without a drain.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashScenarioTest {
    private static final Duration WORK = Duration.ofSeconds(100);
    private static final Duration REST = Duration.ofSeconds(150);

    @Test
    void theStoryItselfScalesOutAndIn() {
        ShopWorld world = new ShopWorld(1);
        long effects = tell(world, FaultInjector.NONE);
        assertThat(effects).as("effects of the story").isGreaterThan(40);
        assertNothingLost(world, "no crash");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void survivesBeingKilledBeforeAnyEffect(long seed) {
        killAtEvery(seed, FaultInjector::before, "before");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void survivesBeingKilledAfterAnyEffect(long seed) {
        killAtEvery(seed, FaultInjector::after, "after");
    }

    private static void killAtEvery(long seed, BiFunction<Long, Runnable, FaultInjector> when, String word) {
        long effects = tell(new ShopWorld(seed), FaultInjector.NONE);
        for (long k = 1; k <= effects; k++) {
            ShopWorld world = new ShopWorld(seed);
            String crash = "killed " + word + " effect " + k + " of " + effects + " with seed " + seed;
            try {
                tell(world, k, when);
                assertNothingLost(world, crash);
            } catch (RuntimeException e) {
                throw new AssertionError(crash, e);
            }
        }
    }

    private static long tell(ShopWorld world, FaultInjector injector) {
        world.cluster.effects().inject(injector);
        return new Story(world).tell();
    }

    private static void tell(ShopWorld world, long k, BiFunction<Long, Runnable, FaultInjector> when) {
        Story story = new Story(world);
        world.cluster.effects().inject(when.apply(k, story::killCurrent));
        story.tell();
    }

    private static void assertNothingLost(ShopWorld world, String crash) {
        assertThat(world.cloud.look())
                .as("machines left after destroy, %s", crash)
                .isEmpty();
        assertThat(world.cloud
                        .list(new InfrastructureId(world.cloud
                                .launches()
                                .get(0)
                                .request()
                                .infrastructure()
                                .value()))
                        .leftovers())
                .as("leftovers, %s", crash)
                .isEmpty();
        assertThat(world.cluster.counters().tasksKilledByTermination())
                .as("tasks killed without drain, %s", crash)
                .isZero();
        Set<WorkerId> launchedTwice = world.cloud.launches().stream()
                .map(LaunchRecord::request)
                .collect(Collectors.groupingBy(LaunchRequest::worker, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(launchedTwice).as("workers launched twice, %s", crash).isEmpty();
        assertThat(world.cluster.look().nodes()).as("nodes, %s", crash).hasSize(1);
    }

    /** Out to eight replicas on four workers, in to one, and away; a program that dies is started again after a second. */
    private static final class Story {
        private final ShopWorld world;
        private VirtualProcess process;
        private Micado micado;
        private int programs;

        Story(ShopWorld world) {
            this.world = world;
            process = world.time.process("p0");
            micado = world.program(process);
        }

        long tell() {
            run();
            world.need = 8;
            live(WORK);
            assertThat(world.cluster.running("web")).as("replicas under load").isEqualTo(8);
            assertThat(world.cloud.look()).as("workers under load").hasSize(4);
            world.need = 1;
            live(REST);
            assertThat(world.cluster.running("web")).as("replicas at rest").isEqualTo(1);
            assertThat(world.cloud.look()).as("workers at rest").hasSize(1);
            long effects = world.cluster.effects().count();
            destroy();
            return effects;
        }

        private void start() {
            programs++;
            process = world.time.process("p" + programs);
            micado = world.program(process);
            run();
        }

        private void run() {
            try {
                micado.start();
            } catch (ProcessKilledError killed) {
                start();
            }
        }

        void killCurrent() {
            process.kill();
        }

        /** Lets time pass; when the program dies meanwhile, another one takes its place, and gets the time that it needs. */
        private void live(Duration duration) {
            Duration left = duration;
            while (!left.isZero() && !left.isNegative()) {
                world.time.advance(Duration.ofSeconds(1));
                left = left.minusSeconds(1);
                if (!process.isAlive()) {
                    start();
                    // The lease of the dead has to run out, and what it had launched has to show up.
                    left = left.plusSeconds(100);
                }
            }
        }

        private void destroy() {
            var report = micado.destroy();
            if (!world.time.await(report, Duration.ofMinutes(10)) && !process.isAlive()) {
                start();
                report = micado.destroy();
                world.time.await(report, Duration.ofMinutes(10));
            }
            assertThat(report).as("destroyed").isCompleted();
            assertThat(report.join().isClean()).as(report.join().toString()).isTrue();
            micado.close();
        }
    }
}

package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = VirtualTime.create();
    private final List<String> trace = new ArrayList<>();

    private void note(String what) {
        trace.add(what + "@" + time.sinceStart().toMillis());
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void runsTasksInTheOrderOfTimeAndThenOfTheirArrival() {
        time.schedule(ms(20), () -> note("c"));
        time.schedule(ms(10), () -> note("a"));
        time.schedule(ms(10), () -> note("b"));

        time.advance(ms(15));
        assertThat(trace).containsExactly("a@10", "b@10");

        time.advance(ms(5));
        assertThat(trace).containsExactly("a@10", "b@10", "c@20");
    }

    @Test
    void neverRunsATaskInsideScheduleOrSubmit() {
        time.schedule(Duration.ZERO, () -> note("timer"));
        time.boundedExecutor("x", 1).submit(() -> note("job"));

        assertThat(trace).isEmpty();
        time.advance(Duration.ZERO);
        assertThat(trace).containsExactly("timer@0", "job@0");
    }

    @Test
    void wallAndMonotonicClockHaveDifferentOriginsAndTheSamePace() {
        long nanos = time.nanoTime();
        Instant wall = time.wallClock();

        time.advance(Duration.ofHours(3));

        assertThat(time.nanoTime() - nanos).isEqualTo(Duration.ofHours(3).toNanos());
        assertThat(Duration.between(wall, time.wallClock())).isEqualTo(Duration.ofHours(3));
        assertThat(nanos).isNotZero();
    }

    @Test
    void everyProcessHasItsOwnClocks() {
        VirtualProcess one = time.process();
        VirtualProcess two = time.process().wallClockOffset(Duration.ofMinutes(-2));

        assertThat(one.nanoTime()).isNotEqualTo(two.nanoTime());
        assertThat(one.wallClock()).isEqualTo(time.wallClock());
        assertThat(two.wallClock()).isEqualTo(time.wallClock().minus(Duration.ofMinutes(2)));
        assertThat(one.name()).isEqualTo("p1");
        assertThat(two.name()).isEqualTo("p2");
    }

    @Test
    void doesNotRunWhatWasCancelled() {
        Cancellable timer = time.schedule(ms(10), () -> note("timer"));
        Cancellable job = time.boundedExecutor("x", 1).submit(() -> note("job"));
        timer.cancel();
        job.cancel();

        assertThat(time.runUntilIdle(Duration.ofHours(1))).isTrue();
        assertThat(trace).isEmpty();
        assertThat(time.sinceStart()).isZero();
    }

    @Test
    void anExecutorRunsAsManyTasksAtATimeAsItHasThreads() {
        BoundedExecutor executor = time.boundedExecutor("x", 2);
        for (int i = 0; i < 5; i++) {
            String name = "j" + i;
            executor.submit(() -> {
                note(name);
                time.elapse(ms(10));
            });
        }

        time.advance(ms(100));

        assertThat(trace).containsExactly("j0@0", "j1@0", "j2@10", "j3@10", "j4@20");
    }

    @Test
    void whatATaskHandsOverAfterElapseCountsFromItsOwnTime() {
        BoundedExecutor executor = time.boundedExecutor("x", 1);
        BoundedExecutor other = time.boundedExecutor("y", 1);
        executor.submit(() -> {
            other.submit(() -> note("before"));
            time.elapse(ms(30));
            note("in");
            other.submit(() -> note("after"));
            time.schedule(ms(5), () -> note("timer"));
        });
        time.schedule(ms(10), () -> other.submit(() -> note("between")));

        time.advance(ms(100));

        assertThat(trace).containsExactly("in@30", "before@0", "between@10", "after@30", "timer@35");
    }

    @Test
    void cancellingATaskThatLetsTimePassFreesItsLaneAndDropsWhatItDidLater() {
        BoundedExecutor executor = time.boundedExecutor("x", 1);
        VirtualProcess process = time.process();
        Cancellable slow = executor.submit(() -> {
            process.schedule(Duration.ZERO, () -> note("early"));
            time.elapse(ms(100));
            process.schedule(Duration.ZERO, () -> note("late timer"));
            executor.submit(() -> note("late job"));
        });
        executor.submit(() -> note("next"));
        time.schedule(ms(40), slow::cancel);

        time.advance(ms(500));

        assertThat(trace).containsExactly("early@0", "next@40");
    }

    @Test
    void aTaskThatDoesNotListenKeepsItsLaneAndAnswersLate() {
        BoundedExecutor executor = time.boundedExecutor("x", 1);
        Cancellable stuck = executor.submit(() -> {
            time.elapseUninterruptibly(ms(100));
            executor.submit(() -> note("late"));
        });
        executor.submit(() -> note("next"));
        time.schedule(ms(40), stuck::cancel);

        time.advance(ms(500));

        assertThat(trace).containsExactly("next@100", "late@100");
    }

    @Test
    void closingAnExecutorDropsWhatIsQueuedAndWhatRuns() {
        BoundedExecutor executor = time.boundedExecutor("x", 1);
        executor.submit(() -> {
            time.elapse(ms(100));
            time.process().schedule(Duration.ZERO, () -> note("late"));
        });
        executor.submit(() -> note("queued"));
        time.schedule(ms(40), executor::close);

        time.advance(ms(500));
        executor.submit(() -> note("after close"));
        time.advance(ms(500));

        assertThat(trace).isEmpty();
    }

    @Test
    void killingAProcessEndsItsWorkButNotTheWorlds() {
        VirtualProcess process = time.process();
        BoundedExecutor executor = process.boundedExecutor("x", 1);
        process.schedule(ms(50), () -> note("timer"));
        executor.submit(() -> {
            time.elapse(ms(50));
            executor.submit(() -> note("job"));
        });
        time.schedule(ms(50), () -> note("world"));
        time.schedule(ms(20), process::kill);

        time.advance(ms(100));
        process.schedule(Duration.ZERO, () -> note("too late"));
        executor.submit(() -> note("too late"));
        process.boundedExecutor("y", 1).submit(() -> note("too late"));
        time.advance(ms(100));

        assertThat(trace).containsExactly("world@50");
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void killingTheProcessThatRunsDoesNotReturn() {
        VirtualProcess process = time.process();
        process.boundedExecutor("x", 1).submit(() -> {
            note("before");
            process.kill();
            note("after");
        });

        time.advance(ms(1));

        assertThat(trace).containsExactly("before@0");
    }

    @Test
    void whatIsLeftOfAKilledProcessMayThrowWhatItLikes() {
        VirtualProcess process = time.process();
        process.schedule(ms(1), () -> {
            try {
                process.kill();
            } finally {
                Objects.requireNonNull(null, "a clean-up that failed");
            }
        });

        time.advance(ms(10));
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aSuspendedProcessDoesLaterWhatWasDue() {
        VirtualProcess process = time.process();
        process.schedule(ms(10), () -> note("a"));
        process.schedule(ms(20), () -> note("b"));
        process.schedule(ms(60), () -> note("c"));
        process.suspend(ms(50));
        time.schedule(ms(15), () -> note("world"));

        time.advance(ms(100));

        assertThat(trace).containsExactly("world@15", "a@50", "b@50", "c@60");
    }

    @Test
    void aTimerOfAProcessMustNotBlock() {
        VirtualProcess process = time.process();
        process.schedule(ms(10), () -> time.elapse(ms(1)));

        assertThatThrownBy(() -> time.advance(ms(20)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("must not block");
    }

    @Test
    void failuresAreCollectedAndRethrownWithTheSeed() {
        VirtualTime seeded = VirtualTime.builder().seed(77).build();
        RuntimeException first = new IllegalArgumentException("one");
        AssertionError second = new AssertionError("two");
        seeded.schedule(ms(1), () -> {
            throw first;
        });
        seeded.schedule(ms(2), () -> {
            throw second;
        });
        seeded.schedule(ms(3), () -> trace.add("went on"));

        assertThatThrownBy(() -> seeded.advance(ms(10)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("2 tasks")
                .hasMessageContaining("seed 77")
                .hasCause(first)
                .hasSuppressedException(second);
        assertThat(trace).containsExactly("went on");
        seeded.advance(ms(10));
    }

    @Test
    void aTaskMustNotDriveTheTime() {
        time.schedule(ms(1), () -> time.advance(ms(1)));

        assertThatThrownBy(() -> time.advance(ms(10))).hasMessageContaining("must not drive");
    }

    @Test
    void outsideOfTasksElapseAdvances() {
        time.schedule(ms(10), () -> note("a"));
        time.elapse(ms(20));

        assertThat(trace).containsExactly("a@10");
        assertThat(time.sinceStart()).isEqualTo(ms(20));
    }

    @Test
    void runsUntilAConditionHolds() {
        List<String> seen = new ArrayList<>();
        time.schedule(ms(30), () -> seen.add("x"));

        assertThat(time.runUntil(() -> !seen.isEmpty(), Duration.ofHours(1))).isEqualTo(ms(30));
        assertThatThrownBy(() -> time.runUntil(() -> false, ms(100))).hasMessageContaining("did not come to hold");
        assertThat(time.sinceStart()).isEqualTo(ms(130));
    }

    @Test
    void runsUntilAWallClockTimeAndUntilNothingIsLeft() {
        time.runUntil(Instant.parse("2026-01-01T00:00:10Z"));
        assertThat(time.sinceStart()).isEqualTo(Duration.ofSeconds(10));

        time.schedule(ms(30), () -> note("x"));
        assertThat(time.runUntilIdle(ms(10))).isFalse();
        assertThat(time.runUntilIdle(Duration.ofHours(10))).isTrue();
        assertThat(time.sinceStart()).isEqualTo(Duration.ofSeconds(10).plusMillis(30));
    }

    @Test
    void refusesOtherThreads() throws InterruptedException {
        time.advance(ms(1));
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                time.schedule(ms(1), () -> {});
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        thread.start();
        thread.join();

        assertThat(thrown)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("belongs to thread");
    }

    @Test
    void aSeedShufflesWhatIsDueAtTheSameTimeAndDoesSoAgain() {
        assertThat(orderOfTen(1)).isEqualTo(orderOfTen(1));
        assertThat(List.of(orderOfTen(1), orderOfTen(2), orderOfTen(3))).doesNotHaveDuplicates();
    }

    private static List<Integer> orderOfTen(long seed) {
        VirtualTime shuffled = VirtualTime.seeded(seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            shuffled.schedule(ms(5), () -> order.add(number));
        }
        shuffled.advance(ms(5));
        return order;
    }

    @Test
    void aSingleThreadKeepsFirstComeFirstServedWhateverTheSeedAndTheLatency() {
        for (long seed = 0; seed < 20; seed++) {
            VirtualTime shuffled = VirtualTime.builder()
                    .seed(seed)
                    .shuffleSameTime(true)
                    .maximumLatency(ms(50))
                    .build();
            BoundedExecutor executor = shuffled.process().boundedExecutor("x", 1);
            List<Integer> order = new ArrayList<>();
            executor.submit(() -> {
                shuffled.elapse(ms(10));
                executor.submit(() -> order.add(1));
                executor.submit(() -> order.add(2));
            });
            executor.submit(() -> order.add(0));
            shuffled.runUntilIdle(Duration.ofHours(1));
            assertThat(order).containsExactly(0, 1, 2);
            assertThat(shuffled.sinceStart()).isGreaterThan(ms(10));
        }
    }
}

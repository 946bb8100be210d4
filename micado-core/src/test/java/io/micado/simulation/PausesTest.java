package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

    @Test
    void onVirtualTimeItElapses() {
        VirtualTime time = VirtualTime.create();
        Pauses.pause(time, Duration.ofSeconds(3));
        Pauses.pause(time.process(), Duration.ofSeconds(4));
        assertThat(time.sinceStart()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void elsewhereItWaitsForATimer() {
        List<Duration> delays = new ArrayList<>();
        Timekeeper timekeeper = new Timekeeper() {
            @Override
            public Instant wallClock() {
                return Instant.EPOCH;
            }

            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                delays.add(delay);
                task.run();
                return () -> {};
            }

            @Override
            public BoundedExecutor boundedExecutor(String name, int threads) {
                throw new UnsupportedOperationException();
            }
        };
        Pauses.pause(timekeeper, Duration.ofSeconds(3));
        Pauses.pause(timekeeper, Duration.ZERO);
        assertThat(delays).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void anInterruptionEndsItAndStays() {
        ManualTimekeeper timekeeper = new ManualTimekeeper();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Pauses.pause(timekeeper, Duration.ofSeconds(3)))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(timekeeper.scheduled()).isEmpty();
    }
}

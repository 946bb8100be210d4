package io.micado.simulation;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Counts the effects of programs on a simulated world and lets a {@link FaultInjector} at them. A cloud and a cluster
 * that are given the same one count together. Made by the user, used by the simulation; thread-safe.
 *
 * <p>What people do by hand, and what the world does by itself, is not counted.
 */
public final class Effects {
    private final AtomicLong count = new AtomicLong();
    private volatile FaultInjector injector = FaultInjector.NONE;

    /** Counts from 1, without faults. */
    public Effects() {}

    /** Sets who is asked about every effect from now on, in place of the one before. */
    public void inject(FaultInjector value) {
        injector = Objects.requireNonNull(value, "value");
    }

    /** {@return how many effects were attempted} */
    public long count() {
        return count.get();
    }

    /** Brings about an effect, unless the injector prevents it. */
    <T> T perform(String name, String subject, Supplier<T> effect) {
        Effect attempt = new Effect(count.incrementAndGet(), name, subject);
        FaultInjector asked = injector;
        asked.before(attempt);
        T answer = effect.get();
        asked.after(attempt);
        return answer;
    }
}

package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the calls to one simulated service go: how long they take, and whether it can be reached at all. Changed by tests
 * at any time; thread-safe.
 *
 * <p>A call takes effect first and takes its time then, so that an answer is as old as the call was slow.
 */
public final class CallFaults {
    private final World world;
    private final String service;
    private final Random random;
    private final @Nullable CallFaults server;
    private @Nullable RandomDuration callTime;
    private @Nullable ErrorKind outage;
    private int hanging;
    private Duration hangTime = Duration.ZERO;

    CallFaults(World world, String service) {
        this(world, service, null);
    }

    /**
     * Those of a service that cannot be reached either when its server cannot, and takes as long unless told otherwise.
     */
    CallFaults(World world, String service, @Nullable CallFaults server) {
        this.world = world;
        this.service = service;
        this.server = server;
        this.random = world.random("calls to " + service);
    }

    /** Sets how long every call takes; default nothing. */
    public synchronized CallFaults callTime(RandomDuration value) {
        callTime = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Sets that every call takes this long; default nothing. */
    public CallFaults callTime(Duration value) {
        return callTime(RandomDuration.constant(value));
    }

    /** Lets every call fail with this kind, without an effect, until {@link #reachable()}. */
    public synchronized CallFaults failing(ErrorKind kind) {
        outage = Objects.requireNonNull(kind, "kind");
        return this;
    }

    /** Lets every call fail as {@code TRANSIENT}, as a refused connection does, until {@link #reachable()}. */
    public CallFaults unreachable() {
        return failing(ErrorKind.TRANSIENT);
    }

    /** Ends what {@link #failing} or {@link #unreachable} began. */
    public synchronized CallFaults reachable() {
        outage = null;
        return this;
    }

    /**
     * Lets the next calls hang: each has no effect, takes this long, and fails then, those that were to change
     * something as {@code OUTCOME_UNKNOWN} and the others as {@code TRANSIENT}.
     */
    public synchronized CallFaults hangNext(int calls, Duration howLong) {
        hanging = calls;
        hangTime = Objects.requireNonNull(howLong, "howLong");
        return this;
    }

    /**
     * Makes a call: what it does happens now, and its answer or failure takes its time. Must not be called under a
     * lock.
     */
    <T> T call(boolean changes, Supplier<T> what) {
        begin(changes);
        try {
            return what.get();
        } finally {
            world.pause(nextCallTime());
        }
    }

    private void begin(boolean changes) {
        world.ensureCallerLives();
        Duration hang = nextHang();
        if (hang != null) {
            world.pause(hang);
            throw new MicadoException(
                    changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT,
                    service + " did not answer within " + hang.toSeconds() + " s");
        }
        ErrorKind failure = outage();
        if (failure != null) {
            world.pause(nextCallTime());
            throw new MicadoException(failure, service + " cannot be used at present (" + failure + ")");
        }
    }

    private synchronized @Nullable Duration nextHang() {
        if (hanging == 0) {
            return null;
        }
        hanging--;
        return hangTime;
    }

    private synchronized @Nullable ErrorKind outage() {
        return outage == null && server != null ? server.outage() : outage;
    }

    private synchronized Duration nextCallTime() {
        if (callTime != null) {
            return callTime.next(random);
        }
        return server == null ? Duration.ZERO : server.nextCallTime();
    }
}

package io.micado.internal.plan;

import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Tells whether a worker is given up, and why. Called by {@link PoolRoster} on the loop thread. Immutable and pure. */
final class WorkerHealth {
    /** How long a lost worker may take to come back before it is replaced. */
    static final Duration GRACE = Duration.ofMinutes(2);
    /** How long a machine may take to join while too few starts of its offering have been seen to know better. */
    static final Duration DEFAULT_JOIN_TIMEOUT = Duration.ofMinutes(15);
    /** How many starts must have been seen to know better. */
    static final int STARTS_TO_LEARN_FROM = 5;
    /** The bounds of a join timeout that is learned. */
    static final Duration SHORTEST_JOIN_TIMEOUT = Duration.ofMinutes(2);

    static final Duration LONGEST_JOIN_TIMEOUT = Duration.ofMinutes(30);

    private final WorkerPool pool;
    private final PlannerMemory memory;
    private final Instant now;
    private final boolean strangersJoined;

    /**
     * Creates the judge of a pool's workers.
     *
     * @param strangersJoined whether nodes have joined that may be a machine's which seems not to have joined
     */
    WorkerHealth(WorkerPool pool, PlannerMemory memory, Instant now, boolean strangersJoined) {
        this.pool = pool;
        this.memory = memory;
        this.now = now;
        this.strangersJoined = strangersJoined;
    }

    /** {@return why the worker is given up; empty while it is not} */
    Optional<String> whyGivenUp(Worker worker, Instant arrivingSince) {
        Optional<String> broken = worker.machine().flatMap(WorkerHealth::whyBroken);
        if (worker.state() == WorkerState.LOST) {
            if (worker.inState().compareTo(GRACE) >= 0 || broken.isPresent()) {
                return Optional.of(broken.orElse(worker.reason()));
            }
            return Optional.empty();
        }
        if (!worker.state().isArriving() || worker.machine().isEmpty() || strangersJoined) {
            return Optional.empty();
        }
        Duration timeout = joinTimeout(worker);
        if (broken.isEmpty() && Duration.between(arrivingSince, now).compareTo(timeout) >= 0) {
            return Optional.of("did not join within " + timeout.toSeconds() + " s");
        }
        return broken;
    }

    private static Optional<String> whyBroken(Machine machine) {
        boolean broken = machine.status() == MachineStatus.ERROR || machine.status() == MachineStatus.STOPPED;
        String why = machine.failure().map(failure -> ": " + failure.message()).orElse("");
        return broken ? Optional.of("its machine is in state " + machine.status() + why) : Optional.empty();
    }

    private Duration joinTimeout(Worker worker) {
        return pool.joinTimeout()
                .orElseGet(() -> learnedJoinTimeout(worker.offering()
                        .map(offering -> memory.offering(pool.name(), offering))
                        .orElse(OfferingMemory.EMPTY)
                        .startSeconds()));
    }

    /** Twice the p99 of the starts seen, within its bounds: of the 20 that are kept, the p99 is the longest. */
    static Duration learnedJoinTimeout(List<Double> startSeconds) {
        if (startSeconds.size() < STARTS_TO_LEARN_FROM) {
            return DEFAULT_JOIN_TIMEOUT;
        }
        Duration learned = Duration.ofMillis(Math.round(Collections.max(startSeconds) * 2 * 1000));
        if (learned.compareTo(SHORTEST_JOIN_TIMEOUT) < 0) {
            return SHORTEST_JOIN_TIMEOUT;
        }
        return learned.compareTo(LONGEST_JOIN_TIMEOUT) > 0 ? LONGEST_JOIN_TIMEOUT : learned;
    }
}

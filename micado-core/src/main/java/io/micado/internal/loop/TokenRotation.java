package io.micado.internal.loop;

import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the join token is replaced: a cloud goes on showing the user data of its machines, and a token that was replaced is worth
 * nothing there. Asked by {@link Housekeeping} in each pass that may act; confined to the loop thread.
 *
 * <p>Only once every machine that was launched with the token has joined or is gone, never while one may be on its way that is not seen, and at
 * most once in {@link #PAUSE}. What an earlier run launched counts as long as it is on its way.
 */
final class TokenRotation {
    static final Duration PAUSE = Duration.ofHours(1);

    private final BooleanSupplier wanted;
    private boolean used;
    private @Nullable Instant last;

    TokenRotation(BooleanSupplier wanted) {
        this.wanted = wanted;
    }

    /** {@return the action that is due now, if it is} */
    Optional<Action> due(Observation seen, CoordinationRecord record) {
        boolean onTheirWay = !record.launches().isEmpty()
                || seen.tracking().workers().values().stream()
                        .map(Worker::state)
                        .anyMatch(WorkerState::isArriving);
        used |= onTheirWay;
        boolean allSeen =
                seen.state().clusterKnown() && seen.state().unknownClouds().isEmpty();
        boolean paused = last != null && seen.state().now().isBefore(last.plus(PAUSE));
        if (!used || onTheirWay || !allSeen || paused || !wanted.getAsBoolean()) {
            return Optional.empty();
        }
        return Optional.of(
                new Action.RotateJoinToken("all machines that were launched with it have joined or are gone"));
    }

    /** Takes notice that it is being replaced. */
    void begun(Instant now) {
        last = now;
        used = false;
    }
}

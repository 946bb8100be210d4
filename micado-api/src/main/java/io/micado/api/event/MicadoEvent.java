package io.micado.api.event;

import io.micado.api.error.ErrorKind;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Instant;

/** Something that happened in one infrastructure. Immutable; holds no secret. */
public sealed interface MicadoEvent {

    /** {@return when, by the wall clock} */
    Instant at();

    /** {@return one sentence for people} */
    String message();

    /**
     * A decision that changes something. Decisions that change nothing are in the journal only.
     *
     * @param at when
     * @param decision the decision, with the whole way to it
     */
    record Decided(Instant at, Decision decision) implements MicadoEvent {
        @Override
        public String message() {
            return decision.target() + ": " + decision.reason();
        }
    }

    /**
     * A worker went from one state to another.
     *
     * @param at when
     * @param worker the worker
     * @param pool its pool
     * @param from the state before; {@link WorkerState#GONE} for one that is new
     * @param to the state now
     * @param reason why
     */
    record WorkerChanged(Instant at, WorkerId worker, String pool, WorkerState from, WorkerState to, String reason)
            implements MicadoEvent {
        @Override
        public String message() {
            return "worker " + worker + " of pool " + pool + ": " + from + " -> " + to + " (" + reason + ")";
        }
    }

    /**
     * Something could not be carried out. The next pass decides anew.
     *
     * @param at when
     * @param subject what was to be changed
     * @param kind what kind of failure
     * @param message what failed and why
     */
    record EffectFailed(Instant at, String subject, ErrorKind kind, String message) implements MicadoEvent {}

    /**
     * A source of observations stopped answering, or answers again.
     *
     * @param at when
     * @param source which one
     * @param available whether it answers
     * @param message why not, or for how long it did not
     */
    record SourceChanged(Instant at, String source, boolean available, String message) implements MicadoEvent {}

    /**
     * A policy threw, hung or answered nonsense; its target stays as it is.
     *
     * @param at when
     * @param target whose policy
     * @param message what it did
     */
    record PolicyFailed(Instant at, TargetId target, String message) implements MicadoEvent {}

    /**
     * Somebody else changed what we scale.
     *
     * @param at when
     * @param target what was changed
     * @param from what it was
     * @param to what it is
     * @param message what follows
     */
    record ChangedByOthers(Instant at, TargetId target, int from, int to, String message) implements MicadoEvent {}

    /**
     * The right to act on the infrastructure was won or lost.
     *
     * @param at when
     * @param held whether we hold it
     * @param message who holds it
     */
    record LeaseChanged(Instant at, boolean held, String message) implements MicadoEvent {}

    /**
     * Something that a person should know.
     *
     * @param at when
     * @param code a fixed word for programs, such as {@code clock-offset}
     * @param message what it is and what to do about it
     */
    record Warning(Instant at, String code, String message) implements MicadoEvent {}
}

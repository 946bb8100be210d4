package io.micado.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a call to a Docker Engine, thrown by {@link DockerEngine} on the caller's thread. What may be done next
 * follows from {@link #kind()}; {@link #reason()} tells a caller with several engines whether another one may do
 * better. Immutable but for the stack trace.
 */
public final class DockerException extends MicadoException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final int status;

    /** Why a call failed. */
    public enum Reason {
        /** No connection: nothing listens there, or we may not open it. */
        UNREACHABLE,
        /** No answer, or half of one, in time. */
        NO_ANSWER,
        /** The engine is in a Swarm, but it is no manager. */
        NOT_A_MANAGER,
        /** The engine is in no Swarm. */
        NO_SWARM,
        /** The engine's Swarm has no leader: too few managers answer. */
        NO_LEADER,
        /** The engine refused; see the status. */
        REFUSED
    }

    DockerException(ErrorKind kind, Reason reason, int status, String message, @Nullable Throwable cause) {
        super(kind, message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.status = status;
    }

    /** {@return why it failed} */
    public Reason reason() {
        return reason;
    }

    /** {@return the HTTP status of the engine's answer; 0 when there was none} */
    public int status() {
        return status;
    }

    /** {@return whether another manager of the same Swarm may answer, and nothing was applied here} */
    public boolean worthAnotherManager() {
        return reason != Reason.REFUSED && !kind().mayHaveBeenApplied();
    }
}

package io.micado.api.worker;

import io.micado.api.error.ErrorKind;
import java.util.Objects;

/**
 * Why a machine failed whose launch its cloud had accepted, as the cloud tells it. Immutable.
 *
 * <p>When it fails before it has joined, the engine takes it for a failed launch of this kind: its offering rests, and the pool's next one is used.
 *
 * @param kind the kind of failure that the launch would have had; {@link ErrorKind#INTERNAL} when the cloud gives no reason that is known
 * @param message what the cloud says, for people; without secrets
 */
public record MachineFailure(ErrorKind kind, String message) {
    /** Checks that nothing is null. */
    public MachineFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }
}

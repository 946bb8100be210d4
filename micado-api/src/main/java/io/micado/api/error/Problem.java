package io.micado.api.error;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing wrong with the user's input. Immutable.
 *
 * @param where the argument or key path, such as {@code pool "workers".max}
 * @param message what was found and what is allowed; never a secret
 * @param position where in a file; empty for input from code
 */
public record Problem(String where, String message, Optional<SourcePosition> position) {

    /** Checks that nothing is null. */
    public Problem {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(position, "position");
    }

    /** {@return a problem of input that came from code} */
    public static Problem of(String where, String message) {
        return new Problem(where, message, Optional.empty());
    }

    @Override
    public String toString() {
        return position.map(p -> p + ": ").orElse("") + where + ": " + message;
    }
}

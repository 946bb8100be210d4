package io.micado.internal.call;

import io.micado.api.error.MicadoException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a call: a value or an error. Immutable.
 *
 * @param <T> the value's type
 * @param value the value; null when it failed
 * @param error the error; null when it succeeded
 */
public record Outcome<T>(@Nullable T value, @Nullable MicadoException error) {

    /** {@return a success} */
    public static <T> Outcome<T> of(T value) {
        return new Outcome<>(Objects.requireNonNull(value, "value"), null);
    }

    /** {@return a failure} */
    public static <T> Outcome<T> failed(MicadoException error) {
        return new Outcome<>(null, Objects.requireNonNull(error, "error"));
    }

    /** {@return whether it succeeded} */
    public boolean succeeded() {
        return error == null;
    }

    /** {@return the value of a success} */
    public T get() {
        return Objects.requireNonNull(value, "the call failed");
    }

    /** {@return the error of a failure} */
    public MicadoException failure() {
        return Objects.requireNonNull(error, "the call succeeded");
    }
}

package io.micado.api.spi;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A credential, token or anything else that must never be shown. Resolved each time it is used, so that it can rotate; its
 * {@link #toString()} tells nothing. Immutable and thread-safe.
 */
public final class Secret {
    private final Supplier<String> source;
    private final Supplier<Optional<String>> problem;

    private Secret(Supplier<String> source) {
        this(source, Optional::empty);
    }

    private Secret(Supplier<String> source, Supplier<Optional<String>> problem) {
        this.source = source;
        this.problem = problem;
    }

    /** {@return a fixed secret} */
    public static Secret of(String value) {
        Objects.requireNonNull(value, "value");
        return new Secret(() -> value);
    }

    /** {@return a secret that is asked for each time it is used; the supplier must be thread-safe} */
    public static Secret from(Supplier<String> supplier) {
        return new Secret(Objects.requireNonNull(supplier, "supplier"));
    }

    /** {@return the secret in this environment variable} */
    public static Secret environment(String variable) {
        Objects.requireNonNull(variable, "variable");
        String unset = "environment variable " + variable + " holds a secret, but it is not set";
        return new Secret(
                () -> {
                    String value = System.getenv(variable);
                    if (value == null) {
                        throw new MicadoException(ErrorKind.CONFIGURATION, unset);
                    }
                    return value;
                },
                () -> System.getenv(variable) == null ? Optional.of(unset) : Optional.empty());
    }

    /** {@return the secret in this file, without white space at its end} */
    public static Secret file(Path path) {
        Objects.requireNonNull(path, "path");
        return new Secret(() -> {
            try {
                return Files.readString(path).stripTrailing();
            } catch (IOException e) {
                throw new MicadoException(
                        ErrorKind.CONFIGURATION, "file " + path + " holds a secret, but it cannot be read", e);
            }
        });
    }

    /**
     * {@return the value, to be used at once and kept nowhere}
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when it cannot be resolved
     */
    public String reveal() {
        return Objects.requireNonNull(source.get(), "the secret's supplier returned null");
    }

    /**
     * {@return why it will never be resolved in this program; empty when nobody knows} Only of a variable of the environment, which does
     * not change any more, is that known: a file may yet come, and a supplier may change its mind. Nothing is resolved for it.
     */
    public Optional<String> problem() {
        return problem.get();
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}

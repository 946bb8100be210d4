package io.micado.api.error;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that MiCADO and its plug-ins report. Unchecked; immutable but for the stack trace.
 *
 * <p>A message says what failed, where, and what is allowed or what to do; it never holds a secret. Programming errors
 * (null, an argument out of its range) stay {@link NullPointerException} and {@link IllegalArgumentException}.
 */
public class MicadoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable Integer remainingQuota;
    private final @Nullable String target;

    /** Creates an exception of this kind. */
    public MicadoException(ErrorKind kind, String message) {
        this(kind, message, null, null, null, null);
    }

    /** Creates an exception of this kind with its cause. */
    public MicadoException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, null, null, null);
    }

    private MicadoException(
            ErrorKind kind,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable Integer remainingQuota,
            @Nullable String target) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retryAfter = retryAfter;
        this.remainingQuota = remainingQuota;
        this.target = target;
    }

    /** {@return the kind, which decides what may be done next} */
    public final ErrorKind kind() {
        return kind;
    }

    /** {@return how long the other side asked us to wait; empty when it did not say} */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@return how many more the account may have; empty when unknown} */
    public final OptionalInt remainingQuota() {
        return remainingQuota == null ? OptionalInt.empty() : OptionalInt.of(remainingQuota);
    }

    /** {@return what it failed for (a worker, a service, a host), where there is one} */
    public final Optional<String> target() {
        return Optional.ofNullable(target);
    }

    /** {@return a copy that tells how long to wait} */
    public MicadoException withRetryAfter(Duration wait) {
        return new MicadoException(
                kind, message(), getCause(), Objects.requireNonNull(wait, "wait"), remainingQuota, target);
    }

    /** {@return a copy that tells how much of the quota is left} */
    public MicadoException withRemainingQuota(int remaining) {
        return new MicadoException(kind, message(), getCause(), retryAfter, remaining, target);
    }

    /** {@return a copy that names what it failed for} */
    public MicadoException withTarget(String failedTarget) {
        return new MicadoException(
                kind,
                message(),
                getCause(),
                retryAfter,
                remainingQuota,
                Objects.requireNonNull(failedTarget, "failedTarget"));
    }

    private String message() {
        return Objects.requireNonNullElse(getMessage(), "");
    }
}

package io.micado.provider.jclouds;

import com.google.common.base.Throwables;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jclouds.http.HttpResponseException;
import org.jclouds.rest.AuthorizationException;
import org.jclouds.rest.InsufficientResourcesException;
import org.jclouds.rest.RateLimitExceededException;
import org.jclouds.rest.ResourceNotFoundException;

/**
 * What jclouds' own exceptions mean, for clouds whose error codes we do not know. Of their messages only those of jclouds' own checks are shown:
 * others may hold what was sent. Stateless.
 *
 * <p>A failure with a status of the server's, or without any, may have come after the machine was made.
 */
final class GenericErrors implements ErrorTable {
    @Override
    public MicadoException meaning(Refusal refusal, boolean changes) {
        return new MicadoException(
                ErrorTable.kindOf(refusal.status(), changes), "it was refused with status " + refusal.status());
    }

    @Override
    public Optional<MicadoException> otherThan(RuntimeException failure, boolean changes) {
        return Throwables.getCausalChain(failure).stream()
                .map(cause -> known(cause, changes))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<MicadoException> known(Throwable cause, boolean changes) {
        if (cause instanceof AuthorizationException) {
            return told(ErrorKind.AUTHENTICATION, "the credentials were refused, or they do not allow this");
        }
        if (cause instanceof InsufficientResourcesException) {
            return told(ErrorKind.QUOTA_EXCEEDED, "a limit of the account, or of the cloud, is reached");
        }
        if (cause instanceof RateLimitExceededException) {
            return told(ErrorKind.RATE_LIMITED, "there were too many requests");
        }
        if (cause instanceof ResourceNotFoundException) {
            return told(ErrorKind.NOT_FOUND, "what was named does not exist");
        }
        if (cause instanceof UnsupportedOperationException) {
            return told(ErrorKind.UNSUPPORTED, "this cloud cannot do that");
        }
        if (cause instanceof HttpResponseException answer && answer.getResponse() != null) {
            int status = answer.getResponse().getStatusCode();
            return told(ErrorTable.kindOf(status, changes), "it was refused with status " + status);
        }
        if (cause instanceof NoSuchElementException || cause instanceof IllegalArgumentException) {
            return told(ErrorKind.CONFIGURATION, String.valueOf(cause.getMessage()));
        }
        return Optional.empty();
    }

    private static Optional<MicadoException> told(ErrorKind kind, String message) {
        return Optional.of(new MicadoException(kind, message));
    }
}

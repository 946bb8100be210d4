package io.micado.http;

import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Gives commands to infrastructures and waits a while for what becomes of them. Thread-safe. */
final class Orders {
    private final Timekeeper time;
    private final Duration patience;

    Orders(Timekeeper time, Duration patience) {
        this.time = time;
        this.patience = patience;
    }

    /**
     * {@return the answer: status 200 when it is done, 202 when it goes on}
     *
     * @throws MicadoException when it failed
     */
    Reply carriedOut(CompletableFuture<?> command) {
        return isDone(command) ? Reply.json(Map.of("state", "done")) : Reply.json(202, Map.of("state", "accepted"));
    }

    /** {@return whether it was done in time; false when it goes on} */
    boolean isDone(CompletableFuture<?> command) {
        if (!time.await(command, patience)) {
            return false;
        }
        try {
            command.get();
            return true;
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static RuntimeException cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}

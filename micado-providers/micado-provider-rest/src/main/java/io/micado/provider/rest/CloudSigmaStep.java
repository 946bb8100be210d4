package io.micado.provider.rest;

import io.micado.api.error.MicadoException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Something that waits for a state of the account, then acts, perhaps more than once: a launch or a deletion. Driven by {@link CloudSigmaWatch},
 * called on any thread. Thread-safe.
 */
abstract class CloudSigmaStep {
    /** What it failed with; empty when it did not. */
    private final CompletableFuture<Optional<MicadoException>> end = new CompletableFuture<>();

    /**
     * Does what the present state allows.
     *
     * @throws MicadoException when it cannot go on: the step has failed
     */
    abstract void advance(CloudSigmaInventory now);

    final boolean isOver() {
        return end.isDone();
    }

    /** {@return what it failed with; empty when it did not, or is not over} */
    final Optional<MicadoException> failure() {
        return end.getNow(Optional.empty());
    }

    /** Ends it well, unless it has ended. */
    final void succeed() {
        end.complete(Optional.empty());
    }

    /** Ends it badly, unless it has ended. */
    final void fail(MicadoException error) {
        end.complete(Optional.of(error));
    }

    /** Has something done when it ends, or now when it has ended. */
    final void whenOver(Consumer<Optional<MicadoException>> what) {
        CompletableFuture<Void> unused = end.thenAccept(what);
    }

    /** {@return done when all of them are over} */
    static CompletableFuture<Void> all(Collection<? extends CloudSigmaStep> steps) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (CloudSigmaStep step : steps) {
            ends.add(step.end);
        }
        return CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]));
    }
}

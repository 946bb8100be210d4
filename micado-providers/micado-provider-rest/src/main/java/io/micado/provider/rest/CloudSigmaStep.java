package io.micado.provider.rest;

import io.micado.api.error.MicadoException;
import java.util.concurrent.CompletableFuture;

/**
 * Something that waits for a state of the account, then acts, perhaps more than once: a launch or a deletion. Driven by {@link CloudSigmaWatch},
 * one call at a time, on any thread.
 */
interface CloudSigmaStep {

    /**
     * Does what the present state allows.
     *
     * @throws MicadoException when it cannot go on; the step is over
     */
    void advance(CloudSigmaInventory now);

    /** {@return completed when it is over: normally, or with the {@link MicadoException} that ended it} */
    CompletableFuture<Void> over();
}

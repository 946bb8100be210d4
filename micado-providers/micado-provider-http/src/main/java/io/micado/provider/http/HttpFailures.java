package io.micado.provider.http;

import io.micado.api.error.MicadoException;

/**
 * Reads what an answer of status 300 or more means; each cloud has its own. Called by {@link HttpClient} on the caller's thread; must be
 * thread-safe.
 */
@FunctionalInterface
public interface HttpFailures {
    /** By the status alone. */
    HttpFailures BY_STATUS = answer -> answer.failure("");

    /**
     * {@return the failure to throw}
     *
     * @param answer the answer; its {@code failure} methods make exceptions that show no secret
     */
    MicadoException read(HttpResponse answer);
}

package io.micado.http;

/**
 * Answers the requests of one route. Given to {@link MicadoHttpServerBuilder#endpoint} by host programs and plug-ins that add
 * routes. Called on the server's threads, by several at a time; a request that takes longer than the answer deadline is cut off.
 */
@FunctionalInterface
public interface Endpoint {

    /**
     * {@return the answer} A {@link io.micado.api.error.MicadoException} becomes an answer by its kind: 404 for {@code NOT_FOUND},
     * 409 for {@code CONFLICT}, 400 for {@code CONFIGURATION}, and so on.
     */
    Reply handle(Request request);
}

package io.micado.internal.act;

import io.micado.api.error.MicadoException;
import java.util.HashMap;
import java.util.Map;

/** Knows what failed last on each cloud, so that what fails in the same way again and again is told once. Confined to the loop thread. */
final class CloudFailures {
    private final Map<String, String> latest = new HashMap<>();

    /** {@return whether the failure differs from the one before it; it counts as told from now on} */
    boolean isNew(String cloud, MicadoException error) {
        String message = String.valueOf(error.getMessage());
        return !message.equals(latest.put(cloud, message));
    }

    /** It has succeeded: the next failure is a new one. */
    void forget(String cloud) {
        latest.remove(cloud);
    }
}

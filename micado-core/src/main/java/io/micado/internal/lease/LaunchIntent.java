package io.micado.internal.lease;

import io.micado.api.worker.WorkerId;
import java.time.Instant;
import java.util.Objects;

/**
 * That a worker is to be launched, written down before the cloud is called, so that a crash leaves nothing unknown. Immutable.
 *
 * @param worker the worker's identity
 * @param pool its pool
 * @param offering the offering's name
 * @param cloud the cloud's name
 * @param savedAt when it was written, by the writer's wall clock; for people
 */
public record LaunchIntent(WorkerId worker, String pool, String offering, String cloud, Instant savedAt) {
    private static final String SEPARATOR = "\t";

    /** Checks that nothing is null. */
    public LaunchIntent {
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(offering, "offering");
        Objects.requireNonNull(cloud, "cloud");
        Objects.requireNonNull(savedAt, "savedAt");
    }

    String encode() {
        return String.join(SEPARATOR, pool, offering, cloud, savedAt.toString());
    }

    static LaunchIntent decode(String worker, String text) {
        String[] parts = text.split(SEPARATOR, -1);
        if (parts.length < 4) {
            throw new IllegalArgumentException("launch intent of worker " + worker + " is damaged: \"" + text + "\"");
        }
        return new LaunchIntent(new WorkerId(worker), parts[0], parts[1], parts[2], Instant.parse(parts[3]));
    }
}

package io.micado.provider.monitoring;

import io.micado.provider.http.BodyReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page that was asked for, and what became of it. Immutable.
 *
 * @param page the page, filled if there was an answer
 * @param asked when the question was sent, on our wall clock
 * @param answered when the answer had come
 * @param at the same on our clock that does not jump
 * @param theirSecond the time on the exporter's clock, to a second; empty when it does not tell
 * @param problem why there is no answer; null when there is one
 */
record Visit<T extends BodyReader>(
        T page,
        Instant asked,
        Instant answered,
        Duration at,
        Optional<Instant> theirSecond,
        @Nullable String problem) {

    boolean succeeded() {
        return problem == null;
    }
}

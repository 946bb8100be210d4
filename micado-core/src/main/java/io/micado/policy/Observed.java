package io.micado.policy;

import java.time.Instant;

/**
 * When the samples of one measurement were taken. Immutable.
 *
 * @param first the oldest of them
 * @param last the latest of them
 */
record Observed(Instant first, Instant last) {
    /** Of no sample. */
    static final Observed NEVER = new Observed(Instant.MAX, Instant.MIN);

    /** {@return of one sample} */
    static Observed at(Instant instant) {
        return new Observed(instant, instant);
    }

    /** {@return of one more sample} */
    Observed and(Instant instant) {
        return new Observed(instant.isBefore(first) ? instant : first, instant.isAfter(last) ? instant : last);
    }
}

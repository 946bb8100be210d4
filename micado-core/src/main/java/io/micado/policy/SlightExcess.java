package io.micado.policy;

import java.time.Instant;

/**
 * How often in a row a metric was measured a little above its target, as {@link Patience} counts it. Immutable.
 *
 * @param times how many measurements in a row
 * @param at when the latest of them was seen first
 */
record SlightExcess(int times, Instant at) {}

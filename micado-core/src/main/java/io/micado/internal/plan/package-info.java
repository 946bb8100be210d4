/**
 * Pure planning: from what was observed and recommended to what is to be done. No clock, no I/O, no threads, no randomness.
 * Start with {@link io.micado.internal.plan.Planner}.
 */
@NullMarked
package io.micado.internal.plan;

import org.jspecify.annotations.NullMarked;

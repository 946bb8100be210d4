/**
 * Measurements with their age and coverage; an absent one is never zero. Start with {@link io.micado.api.metric.MetricReadings}.
 */
@NullMarked
package io.micado.api.metric;

import org.jspecify.annotations.NullMarked;

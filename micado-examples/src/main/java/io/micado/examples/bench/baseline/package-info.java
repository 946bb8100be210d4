/**
 * The autoscalers that the bench compares with, each in a class that names its source and its published defaults. Start with
 * {@link io.micado.examples.bench.baseline.Baselines}.
 */
@NullMarked
package io.micado.examples.bench.baseline;

import org.jspecify.annotations.NullMarked;

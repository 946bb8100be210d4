/**
 * From what clouds and cluster report to the workers and services that are planned with. Start with
 * {@link io.micado.internal.state.WorkerTracker}.
 */
@NullMarked
package io.micado.internal.state;

import org.jspecify.annotations.NullMarked;

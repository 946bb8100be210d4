/**
 * Pools, offerings, machines, nodes and workers: the lower of the two levels that are scaled. Start with {@link io.micado.api.worker.WorkerPool} and {@link io.micado.api.worker.WorkerState}.
 */
@NullMarked
package io.micado.api.worker;

import org.jspecify.annotations.NullMarked;

package io.micado.internal.act;

import io.micado.api.spi.Cloud;
import io.micado.api.time.BoundedExecutor;

/**
 * A cloud and the threads that call it, so that a stuck cloud occupies nobody else's. Immutable.
 *
 * @param cloud the cloud
 * @param executor as many threads as the cloud takes calls at a time
 */
public record CloudAccess(Cloud cloud, BoundedExecutor executor) {}

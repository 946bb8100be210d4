/**
 * Identity, lease and intents in the cluster's own store: who may act, and what is on its way. Start with
 * {@link io.micado.internal.lease.Coordinator}.
 */
@NullMarked
package io.micado.internal.lease;

import org.jspecify.annotations.NullMarked;

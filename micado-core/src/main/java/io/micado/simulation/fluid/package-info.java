/**
 * Policies against a load, without a cluster: a fluid model that steps a policy and the engine's own stabilization
 * through days in moments. Start with {@link io.micado.simulation.fluid.PolicyTrial}.
 */
@NullMarked
package io.micado.simulation.fluid;

import org.jspecify.annotations.NullMarked;

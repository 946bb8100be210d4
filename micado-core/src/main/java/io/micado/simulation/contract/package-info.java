/**
 * Checks of plug-ins against what their interfaces promise, as plain code for any test framework or none. Start with
 * {@link io.micado.simulation.contract.CloudContract} and {@link io.micado.simulation.contract.ClusterContract}.
 */
@NullMarked
package io.micado.simulation.contract;

import org.jspecify.annotations.NullMarked;

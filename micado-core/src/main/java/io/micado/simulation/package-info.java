/**
 * A cloud, a cluster, load and time that exist in memory only: the embedded default for first steps, and the kit with
 * which users and MiCADO itself test whole systems. Start with {@link io.micado.simulation.VirtualTime},
 * {@link io.micado.simulation.SimulatedCloud} and {@link io.micado.simulation.SimulatedCluster}.
 *
 * <p>Everything here runs on any {@link io.micado.api.time.Timekeeper}. On {@code VirtualTime} a week passes in
 * seconds, in one thread, and the same seed gives the same week again.
 */
@NullMarked
package io.micado.simulation;

import org.jspecify.annotations.NullMarked;

package io.micado.simulation;

/**
 * What has become of the tasks of a {@link SimulatedCluster} since it was made. Immutable.
 *
 * @param tasksStarted tasks that came to run
 * @param tasksFailed tasks that failed by themselves
 * @param tasksDrained tasks that were stopped in an orderly way because their node was drained
 * @param tasksKilledByTermination tasks that still ran, or were still stopping, when their machine was terminated or
 *     their node removed: what a careful scale-in never does
 * @param tasksLostWithNode tasks that ran when their node died by itself
 * @param joinsRefused machines that wanted to join with a token that is not valid (any more)
 */
public record ClusterCounters(
        long tasksStarted,
        long tasksFailed,
        long tasksDrained,
        long tasksKilledByTermination,
        long tasksLostWithNode,
        long joinsRefused) {}

package io.micado.simulation;

import java.time.Duration;

/**
 * How long things take in a simulated cluster. Immutable.
 *
 * @param start from the placement of a task until it runs, its image being there
 * @param stop from the order to stop a task until it has ended
 * @param pull how much longer the first task of an image on a node takes
 * @param detection from a node's death until the managers call it down
 * @param restart from a task's failure, or its node's being called down, until another may start
 */
record SwarmTimes(
        RandomDuration start, RandomDuration stop, RandomDuration pull, Duration detection, Duration restart) {}

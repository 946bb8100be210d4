package io.micado.simulation;

/** Counts what becomes of tasks. Guarded by the lock of its {@link Swarm}. */
final class SwarmTally {
    long started;
    long failed;
    long drained;
    long killedByTermination;
    long lostWithNode;
    long joinsRefused;

    ClusterCounters counters() {
        return new ClusterCounters(started, failed, drained, killedByTermination, lostWithNode, joinsRefused);
    }
}

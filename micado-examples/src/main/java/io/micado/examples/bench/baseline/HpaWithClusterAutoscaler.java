package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * The Horizontal Pod Autoscaler at 70 % and, below it, the Kubernetes Cluster Autoscaler ({@code FAQ.md}), for workers: pods that find no
 * worker bring one, and workers that are not needed go. Confined to one thread.
 *
 * <p>Published defaults: scan every 10 s, a worker goes after 10 min of not being needed and 10 min after the last one was added,
 * no more than 10 at a time; the {@link Hpa}'s own.
 *
 * <p>Deviations: a worker holds one pod, so that a worker is either needed or empty, and the 50 % of its utilisation threshold
 * decide nothing; pods start at once where there is room; scans happen every 15 s.
 */
final class HpaWithClusterAutoscaler implements Autoscaler {
    private static final int UNNEEDED = 600;
    private static final int DELAY_AFTER_ADD = 600;
    private static final int AT_A_TIME = 10;

    private final Hpa hpa = new Hpa(70);
    private final Recent needed = new Recent(UNNEEDED);
    private int pods;
    private int addedAt = -DELAY_AFTER_ADD;

    /** Workers on which no pod runs cost, and wait for the next one. */
    @Override
    public int serving(int ready) {
        return pods == 0 ? ready : Math.min(pods, ready);
    }

    @Override
    public int decide(Observation seen) {
        int workers = seen.desired();
        pods = pods == 0 ? workers : pods;
        int measured = Math.min(pods, seen.measured());
        pods = Math.max(
                1,
                hpa.decide(new Observation(
                        seen.second(), pods, serving(seen.ready()), measured, seen.utilisation(), seen.offered())));
        needed.add(seen.second(), pods);
        if (pods > workers) {
            addedAt = seen.second();
            return pods;
        }
        int most = (int) needed.highestAfter(seen.second() - UNNEEDED, pods);
        boolean mayShrink = seen.second() - addedAt >= DELAY_AFTER_ADD && seen.second() >= UNNEEDED;
        return mayShrink ? Math.max(Math.min(workers, most), workers - AT_A_TIME) : workers;
    }
}

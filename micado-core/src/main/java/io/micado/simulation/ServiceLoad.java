package io.micado.simulation;

import io.micado.api.service.Resources;
import java.time.Duration;

/** What is asked of one service, what it costs, and what was served. Guarded by the lock of the {@link Swarm}. */
final class ServiceLoad {
    /** From when on the workload counts, in nanoseconds of the world. */
    private final long since;

    private final Workload workload;
    /** Core-seconds for one unit of the workload. */
    final double cost;

    /** What each running task uses besides. */
    Resources background = Resources.ZERO;
    /** Bytes of memory for each core in use. */
    double memoryPerCore;

    private double offered;
    private double served;

    ServiceLoad(long since, Workload workload, double cost) {
        this.since = since;
        this.workload = workload;
        this.cost = cost;
    }

    /** The same costs under another load, with what was counted so far. */
    ServiceLoad under(long start, Workload other, double otherCost) {
        ServiceLoad next = new ServiceLoad(start, other, otherCost);
        next.background = background;
        next.memoryPerCore = memoryPerCore;
        next.offered = offered;
        next.served = served;
        return next;
    }

    double average(long from, long to) {
        return workload.average(Duration.ofNanos(Math.max(0, from - since)), Duration.ofNanos(Math.max(0, to - since)));
    }

    /** Until when it is the same as at this time, as far as that is known; both in nanoseconds of the world. */
    long holdsUntil(long time) {
        if (workload instanceof SteppedWorkload stepped) {
            long until = stepped.holdsUntil(Math.max(0, time - since));
            return until == Long.MAX_VALUE ? until : since + until;
        }
        return time;
    }

    void count(double offeredNow, double servedNow) {
        offered += offeredNow;
        served += servedNow;
    }

    ServedWork work() {
        return new ServedWork(offered, served);
    }
}

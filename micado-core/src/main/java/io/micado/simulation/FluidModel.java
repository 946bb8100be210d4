package io.micado.simulation;

import io.micado.api.service.Resources;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets load flow through a simulated cluster: counts over time what is offered and served, between any two changes of
 * the cluster and whenever somebody asks. Guarded by the lock of the {@link Swarm}.
 */
final class FluidModel {
    private final Swarm swarm;
    private final long resolution;
    private final Map<String, ServiceLoad> loads = new LinkedHashMap<>();
    private @Nullable LoadLayout layout;
    private long countedTo;

    /**
     * Attaches itself to a cluster.
     *
     * @param resolution the longest time over which a load that changes is taken as constant, in nanoseconds
     */
    FluidModel(Swarm swarm, long resolution) {
        this.swarm = swarm;
        this.resolution = resolution;
        this.countedTo = swarm.world.nanos();
        swarm.beforeChange(this::countUpToNow);
        swarm.afterChange(() -> layout = null);
    }

    void load(String service, Workload workload, double cost) {
        countUpToNow();
        loads.put(service, of(service).under(swarm.world.nanos(), workload, cost));
        layout = null;
    }

    void background(String service, Resources each, double memoryPerCore) {
        countUpToNow();
        ServiceLoad load = of(service);
        load.background = each;
        load.memoryPerCore = memoryPerCore;
        loads.put(service, load);
        layout = null;
    }

    ServiceLoad of(String service) {
        ServiceLoad load = loads.get(service);
        return load == null ? new ServiceLoad(0, Workload.NONE, 0) : load;
    }

    Map<String, ServiceLoad> loads() {
        return loads;
    }

    void countUpToNow() {
        long now = swarm.world.nanos();
        if (loads.isEmpty()) {
            countedTo = now;
        }
        while (countedTo < now) {
            LoadLayout current = layoutAt(countedTo);
            long constant = Math.max(countedTo + resolution, holdsUntil(countedTo));
            long end = Math.min(Math.min(now, constant), current.validUntil());
            current.shareOut(countedTo, end);
            current.count(countedTo, end);
            countedTo = end;
        }
    }

    private long holdsUntil(long time) {
        long until = Long.MAX_VALUE;
        for (ServiceLoad load : loads.values()) {
            until = Math.min(until, load.holdsUntil(time));
        }
        return until;
    }

    /** The layout of now, with the CPU shared out as under the average load of the last so much time. */
    LoadLayout sharedOut(long window) {
        countUpToNow();
        LoadLayout current = layoutAt(countedTo);
        current.shareOut(Math.max(0, countedTo - window), countedTo);
        return current;
    }

    private LoadLayout layoutAt(long time) {
        LoadLayout current = layout;
        if (current == null || current.validUntil() <= time) {
            current = new LoadLayout(swarm, loads, time);
            layout = current;
        }
        return current;
    }
}

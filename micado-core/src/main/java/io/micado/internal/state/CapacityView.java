package io.micado.internal.state;

import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many more replicas of a service fit now, and when the arriving workers have joined, by reservations alone. Thread-safe:
 * computed once, by the first policy thread that asks.
 */
public final class CapacityView {
    private final ClusterView cluster;
    private final Collection<Worker> workers;
    private List<Resources> free = List.of();
    private List<Resources> arriving = List.of();
    private boolean computed;

    /** Creates a view; nothing is computed before it is asked. */
    public CapacityView(ClusterView cluster, Collection<Worker> workers) {
        this.cluster = cluster;
        this.workers = workers;
    }

    /** {@return how many more replicas of the service fit now} */
    public int fittingNow(ServiceState service) {
        compute();
        return fitting(service, free);
    }

    /** {@return how many more will fit when the arriving workers have joined} */
    public int fittingOnArriving(ServiceState service) {
        compute();
        return fitting(service, arriving);
    }

    private static int fitting(ServiceState service, List<Resources> rooms) {
        Resources each = service.reservation();
        if (each.isZero()) {
            return Integer.MAX_VALUE;
        }
        long sum = 0;
        for (Resources room : rooms) {
            double byCpu =
                    each.cpuCores() == 0 ? Double.MAX_VALUE : Math.floor(room.cpuCores() / each.cpuCores() + 1e-9);
            double byMemory = each.memoryBytes() == 0
                    ? Double.MAX_VALUE
                    : Math.floor((double) room.memoryBytes() / each.memoryBytes());
            sum += (long) Math.min(Math.min(byCpu, byMemory), Integer.MAX_VALUE);
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    private synchronized void compute() {
        if (computed) {
            return;
        }
        computed = true;
        Map<String, Resources> reservations = new HashMap<>();
        cluster.services().forEach(service -> reservations.put(service.name(), service.reservation()));
        Map<NodeId, Resources> used = new HashMap<>();
        for (TaskState task : cluster.tasks()) {
            if (task.occupiesNode()) {
                used.merge(
                        task.node().orElseThrow(),
                        reservations.getOrDefault(task.service(), Resources.ZERO),
                        Resources::plus);
            }
        }
        List<Resources> rooms = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            if (node.takesTasks()) {
                rooms.add(node.capacity().minus(used.getOrDefault(node.id(), Resources.ZERO)));
            }
        }
        free = rooms;
        arriving = workers.stream()
                .filter(worker -> worker.state().isArriving())
                .map(Worker::capacity)
                .toList();
    }
}

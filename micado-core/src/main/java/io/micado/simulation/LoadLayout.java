package io.micado.simulation;

import io.micado.api.service.TaskState.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which task serves which load on which node, as long as the cluster does not change; and how much CPU each then gets.
 * Guarded by the lock of the {@link Swarm}.
 *
 * <p>A load is spread evenly over the tasks that serve it. A task gets no more than its limit. When a node's tasks
 * together want more than it has, each gets the same, except those that want less.
 */
final class LoadLayout {
    private final List<SimulatedTask> tasks = new ArrayList<>();
    private final List<ServiceLoad> loadOfTask = new ArrayList<>();
    private final List<ServiceLoad> loads = new ArrayList<>();
    private final List<int[]> tasksOfLoad = new ArrayList<>();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<int[]> tasksOfNode = new ArrayList<>();
    private final double[] rate;
    private final double[] limit;
    private final double[] background;
    private final double[] wanted;
    private final double[] granted;
    private final long validUntil;

    LoadLayout(Swarm swarm, Map<String, ServiceLoad> loadOf, long now) {
        ServiceLoad noLoad = new ServiceLoad(0, Workload.NONE, 0);
        long next = Long.MAX_VALUE;
        Map<SimulatedNode, List<Integer>> byNode = new HashMap<>();
        for (SimulatedService service : swarm.services.values()) {
            ServiceLoad load = loadOf.getOrDefault(service.name, noLoad);
            List<Integer> serving = new ArrayList<>();
            for (SimulatedTask task : service.tasks) {
                SimulatedNode node = task.node;
                if (task.phase != Phase.RUNNING || node == null) {
                    continue;
                }
                int index = tasks.size();
                tasks.add(task);
                loadOfTask.add(load);
                byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(index);
                if (task.servesSince <= now) {
                    serving.add(index);
                } else {
                    next = Math.min(next, task.servesSince);
                }
            }
            loads.add(load);
            tasksOfLoad.add(array(serving));
        }
        // A load whose service does not exist is asked for all the same.
        loadOf.forEach((service, load) -> {
            if (!swarm.services.containsKey(service)) {
                loads.add(load);
                tasksOfLoad.add(new int[0]);
            }
        });
        for (SimulatedNode node : swarm.nodes.values()) {
            nodes.add(node);
            tasksOfNode.add(array(byNode.getOrDefault(node, List.of())));
        }
        validUntil = next;
        limit = new double[tasks.size()];
        background = new double[tasks.size()];
        for (int task = 0; task < limit.length; task++) {
            double cores = tasks.get(task).template.limit().cpuCores();
            limit[task] = cores > 0 ? cores : Double.MAX_VALUE;
            background[task] = loadOfTask.get(task).background.cpuCores();
        }
        rate = new double[loads.size()];
        wanted = new double[tasks.size()];
        granted = new double[tasks.size()];
    }

    private static int[] array(List<Integer> indices) {
        int[] array = new int[indices.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = indices.get(i);
        }
        return array;
    }

    /** Until when it holds, if the cluster does not change: then the next task has warmed up. */
    long validUntil() {
        return validUntil;
    }

    /** Shares out the CPU under the average load of this time. */
    void shareOut(long from, long to) {
        for (int task = 0; task < wanted.length; task++) {
            wanted[task] = Math.min(limit[task], background[task]);
        }
        for (int l = 0; l < loads.size(); l++) {
            int[] serving = tasksOfLoad.get(l);
            rate[l] = loads.get(l).average(from, to);
            double each = serving.length == 0 ? 0 : rate[l] * loads.get(l).cost / serving.length;
            for (int task : serving) {
                wanted[task] = Math.min(limit[task], background[task] + each);
            }
        }
        for (int n = 0; n < nodes.size(); n++) {
            grant(nodes.get(n), tasksOfNode.get(n));
        }
    }

    private void grant(SimulatedNode node, int[] tasksHere) {
        double left = node.alive ? node.capacity.cpuCores() : 0;
        double sum = 0;
        for (int task : tasksHere) {
            sum += wanted[task];
            granted[task] = wanted[task];
        }
        if (sum <= left) {
            return;
        }
        Integer[] modestFirst = Arrays.stream(tasksHere).boxed().toArray(Integer[]::new);
        Arrays.sort(modestFirst, (a, b) -> Double.compare(wanted[a], wanted[b]));
        for (int i = 0; i < modestFirst.length; i++) {
            int task = modestFirst[i];
            granted[task] = Math.min(wanted[task], left / (modestFirst.length - i));
            left -= granted[task];
        }
    }

    /** Counts what was offered and served in this time; {@link #shareOut} was called for it. */
    void count(long from, long to) {
        double seconds = (to - from) / 1e9;
        for (int l = 0; l < loads.size(); l++) {
            ServiceLoad load = loads.get(l);
            if (load.cost > 0) {
                double cores = 0;
                for (int task : tasksOfLoad.get(l)) {
                    cores += Math.max(0, granted[task] - background[task]);
                }
                load.count(rate[l] * seconds, Math.min(rate[l], cores / load.cost) * seconds);
            }
        }
    }

    SimulatedTask task(int index) {
        return tasks.get(index);
    }

    ServiceLoad loadOf(int task) {
        return loadOfTask.get(task);
    }

    double coresOf(int task) {
        return granted[task];
    }

    int nodeCount() {
        return nodes.size();
    }

    SimulatedNode node(int index) {
        return nodes.get(index);
    }

    int[] tasksOfNode(int index) {
        return tasksOfNode.get(index);
    }
}

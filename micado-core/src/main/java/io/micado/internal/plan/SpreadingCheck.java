package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether new workers hold tasks also when the orchestrator does not pack but spreads them, and in the most unfortunate order: the
 * small ones first, each where the fewest run, until none has room left for a large one. Used by {@link CheaperWorkers}. Confined to
 * one call of the planner.
 */
final class SpreadingCheck {
    private final List<Bin> bins = new ArrayList<>();

    /** A new worker while it is filled. */
    private static final class Bin {
        final Offer offer;
        Resources free;
        int tasks;
        final Map<Integer, Integer> tasksByService = new HashMap<>();
        final Set<String> ports = new HashSet<>();

        Bin(Offer offer) {
            this.offer = offer;
            free = offer.free().orElse(Resources.ZERO);
        }

        boolean takes(ServiceProfile service) {
            return offer.takes(service)
                    && service.reservation().fitsIn(free)
                    && tasksByService.getOrDefault(service.index(), 0) < service.mostPerNode()
                    && service.hostPorts().stream().noneMatch(ports::contains);
        }

        void take(ServiceProfile service) {
            free = free.minus(service.reservation());
            tasks++;
            tasksByService.merge(service.index(), 1, Integer::sum);
            ports.addAll(service.hostPorts());
        }
    }

    SpreadingCheck(List<Purchase> purchases) {
        for (Purchase purchase : purchases) {
            for (int i = 0; i < purchase.workers(); i++) {
                bins.add(new Bin(purchase.offer()));
            }
        }
    }

    /** {@return whether all tasks find a place} Headroom, which is no task, is left out. */
    boolean holds(List<TaskGroup> load) {
        List<TaskGroup> smallestFirst = new ArrayList<>(load);
        smallestFirst.removeIf(HeadroomDemand::is);
        Resources largest = bins.stream().map(bin -> bin.free).reduce(Resources.ZERO, SpreadingCheck::max);
        smallestFirst.sort(Comparator.comparingDouble(group -> group.sizeIn(largest)));
        return smallestFirst.stream().allMatch(this::spread);
    }

    private boolean spread(TaskGroup group) {
        for (int task = 0; task < group.tasks(); task++) {
            Bin emptiest = bins.stream()
                    .filter(bin -> bin.takes(group.service()))
                    .min(Comparator.comparingInt((Bin bin) -> bin.tasks))
                    .orElse(null);
            if (emptiest == null) {
                return false;
            }
            emptiest.take(group.service());
        }
        return true;
    }

    private static Resources max(Resources one, Resources other) {
        return new Resources(
                Math.max(one.cpuCores(), other.cpuCores()), Math.max(one.memoryBytes(), other.memoryBytes()));
    }
}

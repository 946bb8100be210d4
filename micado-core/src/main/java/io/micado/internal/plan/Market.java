package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What can be bought for each pool now, and what it would bring. Made once in a pass by {@link TwoLevelPlanner}. Immutable.
 *
 * <p>What a worker of an offering really has is learned from those that have joined: it is often a little less than promised,
 * and a task that only fits the promise would otherwise be bought one worker after another.
 */
final class Market {
    private final Map<String, List<Offer>> offers = new LinkedHashMap<>();

    Market(
            ClusterState state,
            PlannerMemory memory,
            Collection<PoolRoster> rosters,
            Function<NodeTraits, Resources> globalReservation) {
        for (PoolRoster roster : rosters) {
            WorkerPool pool = roster.pool();
            Siblings siblings = new Siblings(roster);
            List<Offer> ofPool = new ArrayList<>();
            // What is never bought is no place for anything.
            for (Offering offering : pool.bounds().max() == 0 ? List.<Offering>of() : pool.offerings()) {
                NodeTraits traits = siblings.traits(offering);
                Optional<Resources> capacity = siblings.capacity(offering);
                ofPool.add(new Offer(
                        pool.name(),
                        offering,
                        capacity,
                        traits,
                        globalReservation.apply(traits),
                        refusal(state, memory.offering(pool.name(), offering.name()), offering),
                        capacity.isEmpty() && siblings.anyArriving(offering)));
            }
            offers.put(pool.name(), List.copyOf(ofPool));
        }
    }

    /** {@return what can be bought for a pool, the preferred first, closed ones included} */
    List<Offer> of(String pool) {
        return offers.getOrDefault(pool, List.of());
    }

    /** {@return what a worker was bought as; empty when its offering is unknown or not offered any more} */
    Optional<Offer> of(Worker worker) {
        return of(worker.pool()).stream()
                .filter(offer -> worker.offering()
                        .filter(offer.offering().name()::equals)
                        .isPresent())
                .findFirst();
    }

    /** {@return whether a new worker of any pool, bought now or later, would take a replica of the service} */
    boolean hasPlaceFor(ServiceProfile service) {
        return offers.values().stream().flatMap(List::stream).anyMatch(offer -> offer.takes(service));
    }

    /** {@return why an offering cannot be bought now; empty when it can} */
    static Optional<Note> refusal(ClusterState state, OfferingMemory memory, Offering offering) {
        if (state.unknownClouds().contains(offering.cloud())) {
            return Optional.of(new Note(Rule.UNKNOWN, "cloud " + offering.cloud() + " does not tell what it has"));
        }
        if (!memory.mayLaunch(state.now())) {
            return Optional.of(new Note(
                    Rule.BACK_OFF,
                    offering.name() + " rests until "
                            + state.told(memory.restingUntil().orElseThrow()) + " after: " + memory.why()));
        }
        return Optional.empty();
    }

    /** The workers of a pool from which one learns what the next ones will be like. */
    private static final class Siblings {
        private final WorkerPool pool;
        private final Map<String, Node> firstByOffering = new HashMap<>();
        private final Map<String, Resources> leastByOffering = new HashMap<>();
        private final Set<String> arrivingByOffering = new HashSet<>();

        Siblings(PoolRoster roster) {
            pool = roster.pool();
            roster.counting().forEach(this::learn);
            roster.leaving().forEach(this::learn);
            roster.drainedByOthers().forEach(this::learn);
        }

        private void learn(Worker worker) {
            String offering = worker.offering().orElse("");
            if (worker.state().isArriving()) {
                arrivingByOffering.add(offering);
            } else if (worker.node().isPresent()) {
                firstByOffering.putIfAbsent(offering, worker.node().get());
                leastByOffering.merge(offering, worker.capacity(), Resources::min);
            }
        }

        NodeTraits traits(Offering offering) {
            Node sibling = firstByOffering.get(offering.name());
            return sibling == null ? NodeTraits.comingTo(pool.name()) : NodeTraits.like(sibling, pool.name());
        }

        Optional<Resources> capacity(Offering offering) {
            Optional<Resources> seen = Optional.ofNullable(leastByOffering.get(offering.name()));
            Optional<Resources> promised = offering.capacity();
            return seen.isPresent() && promised.isPresent()
                    ? Optional.of(seen.get().min(promised.get()))
                    : seen.or(() -> promised);
        }

        boolean anyArriving(Offering offering) {
            return arrivingByOffering.contains(offering.name());
        }
    }
}

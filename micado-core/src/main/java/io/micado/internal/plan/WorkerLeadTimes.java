package io.micado.internal.plan;

import io.micado.Defaults;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long the next worker will take from decision to ready: the offering that would be bought now says it, not the quickest that
 * there is. Made by the engine on the loop thread for one pass, asked on the policies' threads. Immutable.
 *
 * <p>Where that offering has not been seen to start it is taken to be as slow as the slowest of the others: whoever looks ahead too
 * far keeps a little more, whoever does not look far enough is late each time.
 */
public final class WorkerLeadTimes {
    private final ClusterState state;
    private final PlannerMemory memory;
    private final Map<String, Node> siblings = new HashMap<>();
    private final Map<String, Integer> members = new HashMap<>();

    /** Creates them for what a pass knows. */
    public WorkerLeadTimes(ClusterState state, PlannerMemory memory) {
        this.state = state;
        this.memory = memory;
        for (Worker worker : state.workers().values()) {
            String offering =
                    PlannerMemory.offeringKey(worker.pool(), worker.offering().orElse(""));
            worker.node().ifPresent(node -> siblings.putIfAbsent(offering, node));
            if (worker.state().countsAsCapacity()) {
                members.merge(worker.pool(), 1, Integer::sum);
            }
        }
    }

    /** {@return the lead time of a pool's next worker} */
    public Duration of(WorkerPool pool) {
        return next(offered(pool));
    }

    /** {@return the lead time of the next worker that would be bought for a service, by a pool that takes it} */
    public Duration of(ServiceState service) {
        ServiceProfile profile = ServiceProfile.of(ServiceProfile.NO_SERVICE, service, MeasuredUse.UNKNOWN);
        List<Candidate> takers = new ArrayList<>();
        List<Candidate> takersWithRoom = new ArrayList<>();
        for (WorkerPool pool : state.pools().values()) {
            boolean hasRoom = hasRoom(pool);
            for (Candidate candidate : pool.bounds().max() == 0 ? List.<Candidate>of() : offered(pool)) {
                if (takes(candidate, profile)) {
                    takers.add(candidate);
                    if (hasRoom) {
                        takersWithRoom.add(candidate);
                    }
                }
            }
        }
        return next(takersWithRoom.isEmpty() ? takers : takersWithRoom);
    }

    private static double price(Candidate candidate) {
        return candidate.offering().pricePerHour().orElse(0);
    }

    /** A pool that has all the workers that it may have buys none. */
    private boolean hasRoom(WorkerPool pool) {
        return members.getOrDefault(pool.name(), 0) < pool.bounds().max();
    }

    private record Candidate(String pool, Offering offering, OfferingMemory seen) {}

    private List<Candidate> offered(WorkerPool pool) {
        return pool.offerings().stream()
                .map(offering -> new Candidate(pool.name(), offering, memory.offering(pool.name(), offering.name())))
                .toList();
    }

    private boolean takes(Candidate candidate, ServiceProfile service) {
        String pool = candidate.pool();
        Node sibling = siblings.get(
                PlannerMemory.offeringKey(pool, candidate.offering().name()));
        NodeTraits traits = sibling == null ? NodeTraits.comingTo(pool) : NodeTraits.like(sibling, pool);
        return service.accepts(traits)
                && candidate
                        .offering()
                        .capacity()
                        .map(all -> service.reservation().fitsIn(all))
                        .orElse(true);
    }

    /** Where all have prices the cheapest is bought, else the first. */
    private Duration next(List<Candidate> candidates) {
        boolean arePriced = candidates.stream()
                .allMatch(candidate -> candidate.offering().pricePerHour().isPresent());
        Optional<Duration> ofNext = candidates.stream()
                .filter(candidate -> Market.refusal(state, candidate.seen(), candidate.offering())
                        .isEmpty())
                .min(Comparator.comparingDouble(candidate -> arePriced ? price(candidate) : 0))
                .flatMap(candidate -> candidate.seen().leadTime());
        return ofNext.or(() -> candidates.stream()
                        .flatMap(candidate -> candidate.seen().leadTime().stream())
                        .max(Comparator.naturalOrder()))
                .orElse(Defaults.WORKER_LEAD_TIME);
    }
}

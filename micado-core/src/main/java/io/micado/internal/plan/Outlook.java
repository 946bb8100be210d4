package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.internal.plan.Host.Role;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether more replicas of a service could run at all. Used by {@link ServicePlanner} and {@link ServePendingTasks} on the
 * loop thread. Immutable.
 *
 * @param index the cluster
 * @param growing the pools that may have more workers than they have
 */
record Outlook(ClusterIndex index, Set<String> growing) {

    /** {@return why more replicas of a service would only wait; empty when they may run} */
    Optional<Note> whyNoMore(String service) {
        return index.service(service).flatMap(this::whyNoMore);
    }

    private Optional<Note> whyNoMore(ServiceProfile service) {
        Optional<String> impossible = whyImpossible(service);
        if (impossible.isPresent()) {
            return impossible.map(why -> new Note(Rule.PLACEMENT, why));
        }
        ServiceCounts counts = index.counts();
        if (counts.failed(service) > 0 && counts.active(service) == 0) {
            return Optional.of(new Note(Rule.PLACEMENT, "all of its replicas fail to start"));
        }
        if (counts.beyondHelp(service) > 0) {
            return Optional.of(new Note(
                    Rule.PLACEMENT,
                    counts.beyondHelp(service) + " of its replicas wait for what no new worker brings"));
        }
        if (counts.pending(service) > 0 && !mayGrowFor(service)) {
            return Optional.of(new Note(
                    Rule.PLACEMENT,
                    counts.pending(service) + " of its replicas wait already, and no pool may grow for them"));
        }
        return Optional.empty();
    }

    /** {@return why no replica of a service can ever run, on what there is or can be bought; empty when one can} */
    Optional<String> whyImpossible(ServiceProfile service) {
        if (index.market().hasPlaceFor(service)) {
            return Optional.empty();
        }
        boolean anyAccepts = false;
        for (Host host : index.hosts()) {
            if (mayEverTakeTasks(host) && service.accepts(host.traits())) {
                anyAccepts = true;
                if (service.reservation().fitsIn(host.capacity())) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(
                anyAccepts
                        ? "a replica reserves " + service.reservation()
                                + ", more than any worker has or can be bought with"
                        : "no worker that there is or can be bought satisfies its constraints "
                                + service.state().constraints() + " and has room for " + service.reservation());
    }

    private static boolean mayEverTakeTasks(Host host) {
        boolean isLeaving = host.role() == Role.LOSES_TASKS;
        boolean mayBeTakenBack = host.worker()
                .filter(worker -> worker.state().isDrainingCancellable())
                .isPresent();
        return !isLeaving || mayBeTakenBack;
    }

    private boolean mayGrowFor(ServiceProfile service) {
        return growing.stream()
                .anyMatch(pool -> index.market().of(pool).stream().anyMatch(offer -> offer.takes(service)));
    }
}

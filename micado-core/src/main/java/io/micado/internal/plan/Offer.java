package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import java.util.Optional;

/**
 * An offering of a pool, as the packing of tasks sees it: the worker that it would bring. Made by {@link Market}. Immutable.
 *
 * @param pool the pool's name
 * @param offering what can be bought
 * @param capacity what a worker of it would have; empty when nobody knows
 * @param traits what placement constraints would see of it
 * @param overhead what global services would reserve on it
 * @param refusal why it cannot be bought now; empty when it can
 * @param unproven whether its capacity is unknown while a worker of it is already on its way
 */
record Offer(
        String pool,
        Offering offering,
        Optional<Resources> capacity,
        NodeTraits traits,
        Resources overhead,
        Optional<Note> refusal,
        boolean unproven) {

    /** {@return whether it can be bought now} */
    boolean isOpen() {
        return refusal.isEmpty();
    }

    /** {@return what tasks may reserve on a worker of it; empty when nobody knows} */
    Optional<Resources> free() {
        return capacity.map(all -> all.minus(overhead));
    }

    /** {@return whether a new worker of it would take a replica of the service; one of unknown capacity is taken to} */
    boolean takes(ServiceProfile service) {
        return service.accepts(traits)
                && free().map(free -> service.reservation().fitsIn(free)).orElse(true);
    }
}

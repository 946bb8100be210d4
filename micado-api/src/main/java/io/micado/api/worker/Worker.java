package io.micado.api.worker;

import io.micado.api.service.Resources;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A machine of ours and the node that it became, joined. Immutable.
 *
 * @param id the worker's identity
 * @param pool the pool's name
 * @param state where it is in its life
 * @param inState how long it has been there, since we first saw it
 * @param capacity of a joined worker what its node reports, of an arriving one what the offering says; never more than the
 *     offering where that is known
 * @param offering the offering's name; empty when unknown
 * @param machine the machine; empty before the cloud lists it
 * @param node the node; empty before it joins
 * @param reason why it is in this state, for people
 */
public record Worker(
        WorkerId id,
        String pool,
        WorkerState state,
        Duration inState,
        Resources capacity,
        Optional<String> offering,
        Optional<Machine> machine,
        Optional<Node> node,
        String reason) {

    /** Checks that nothing is null. */
    public Worker {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(inState, "inState");
        Objects.requireNonNull(capacity, "capacity");
        Objects.requireNonNull(offering, "offering");
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(reason, "reason");
    }
}

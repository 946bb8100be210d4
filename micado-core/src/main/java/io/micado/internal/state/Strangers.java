package io.micado.internal.state;

import io.micado.api.event.MicadoEvent;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Watches the nodes that are not ours for one that may be the node of a machine which seems not to have joined. Used by
 * {@link WorkerTracker}; confined to the loop thread.
 */
final class Strangers {
    /** How long it may take until a node that joined is matched, before a person is told. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<NodeId, Instant> since = new HashMap<>();
    private final Set<NodeId> told = new HashSet<>();
    private boolean firstView = true;

    /** Takes notice of the nodes that are not ours now. */
    void see(Collection<Node> foreign, Instant now) {
        Set<NodeId> present = new LinkedHashSet<>();
        for (Node node : foreign) {
            present.add(node.id());
            // What was there when we came is never one of ours.
            since.putIfAbsent(node.id(), firstView ? Instant.EPOCH : now);
        }
        since.keySet().retainAll(present);
        told.retainAll(present);
        firstView = false;
    }

    /**
     * {@return nodes that appeared after the first of these workers, carry no mark and may belong to one of them}
     *
     * @param waiting workers whose machine runs and has not joined, and since when they are known
     */
    List<Node> mayBelongTo(Map<WorkerId, Instant> waiting, Collection<Node> foreign) {
        return waiting.values().stream()
                .min(Instant::compareTo)
                .map(first -> foreign.stream()
                        .filter(node -> !node.manager() && node.workerLabel().isEmpty())
                        .filter(node ->
                                since.getOrDefault(node.id(), Instant.EPOCH).isAfter(first))
                        .toList())
                .orElse(List.of());
    }

    /** Tells once of each node that has been unmatched for a while, since until then nothing is repaired. */
    void tell(List<Node> unmatched, Set<WorkerId> waiting, Instant now, Instant wallClock, List<MicadoEvent> events) {
        for (Node node : unmatched) {
            boolean forLong = !since.getOrDefault(node.id(), now).isAfter(now.minus(PATIENCE));
            if (forLong && told.add(node.id())) {
                events.add(new MicadoEvent.Warning(
                        wallClock,
                        "unmatched-node",
                        "node " + node.id() + " (" + node.hostname() + ") joined while no machine of " + waiting
                                + " had, and may be one of theirs, so that none of them is replaced; label the node with "
                                + Tags.WORKER + " and the worker's id, or remove it"));
            }
        }
    }
}

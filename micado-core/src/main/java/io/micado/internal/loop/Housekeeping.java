package io.micado.internal.loop;

import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.internal.act.Actuator;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.Action;
import io.micado.internal.state.NodeMarks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the books in order: ends launch intents that have served their purpose, crosses out workers that have left, writes
 * our labels on nodes that were matched for the first time, and replaces the join token. Confined to the loop thread.
 */
final class Housekeeping {
    private final Coordinator coordinator;
    private final Actuator actuator;
    private final TokenRotation rotation;
    private final Set<WorkerId> beingSaved = new HashSet<>();

    Housekeeping(Coordinator coordinator, Actuator actuator, TokenRotation rotation) {
        this.coordinator = coordinator;
        this.actuator = actuator;
        this.rotation = rotation;
    }

    /** Ends intents that have served their purpose, and crosses out who has left. */
    void keepBooks(Observation seen, CoordinationRecord record) {
        Set<WorkerId> ended = notYetBeingSaved(seen.tracking().ended());
        Set<WorkerId> gone = notYetBeingSaved(seen.tracking().gone());
        gone.retainAll(record.leaves().keySet());
        if (!ended.isEmpty() || !gone.isEmpty()) {
            beingSaved.addAll(ended);
            beingSaved.addAll(gone);
            coordinator.save(current -> current.launchesEnded(ended).left(gone), saved -> {
                beingSaved.removeAll(ended);
                beingSaved.removeAll(gone);
            });
        }
    }

    /** Writes our labels on nodes that were matched for the first time. */
    void markNodes(Observation seen, CoordinationRecord record) {
        List<Action> labels = new ArrayList<>();
        for (Worker worker : seen.tracking().unlabelled()) {
            worker.node()
                    .ifPresent(node -> labels.add(new Action.LabelNode(
                            worker.id(),
                            node.id(),
                            NodeMarks.of(record.infrastructure(), worker.id(), worker.pool()),
                            "its node was matched for the first time")));
        }
        actuator.carryOut(labels);
    }

    /** Replaces the join token when that is due; not begun while a launch is, it is due again in the next pass. */
    void rotateJoinToken(Observation seen, CoordinationRecord record) {
        rotation.due(seen, record).ifPresent(action -> {
            actuator.carryOut(List.of(action));
            if (actuator.busy().contains(action.subject())) {
                rotation.begun(seen.state().now());
            }
        });
    }

    private Set<WorkerId> notYetBeingSaved(Set<WorkerId> workers) {
        Set<WorkerId> fresh = new HashSet<>(workers);
        fresh.removeAll(beingSaved);
        return fresh;
    }
}

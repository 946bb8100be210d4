package io.micado.internal.act;

import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.Node;
import io.micado.api.worker.Tags;
import io.micado.internal.plan.Action;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Carries out the actions that are one change of the cluster each. Confined to the loop thread. */
final class ClusterEffect {
    private final Effects effects;
    private final Supplier<Instant> wallClock;
    private final EffectResults results;

    ClusterEffect(Effects effects, Supplier<Instant> wallClock, EffectResults results) {
        this.effects = effects;
        this.wallClock = wallClock;
        this.results = results;
    }

    void start(Action action, ClusterChange change, Runnable ended) {
        effects.change(change, outcome -> {
            if (outcome.succeeded()) {
                results.done(action);
            } else {
                results.failed(action, outcome.failure());
            }
            ended.run();
        });
    }

    /** {@return the change that an action is; empty when it is more than one change of the cluster} */
    Optional<ClusterChange> changeOf(Action action) {
        if (action instanceof Action.ScaleService scale) {
            return Optional.of(
                    new ClusterChange.Scale(scale.service(), scale.expected(), scale.replicas(), scale.labels()));
        }
        if (action instanceof Action.LabelNode label) {
            return Optional.of(new ClusterChange.LabelNode(label.node(), label.labels()));
        }
        if (action instanceof Action.Cordon cordon) {
            return Optional.of(new ClusterChange.SetAvailability(
                    cordon.node(), Node.Availability.PAUSE, drainLabels(cordon.reason())));
        }
        if (action instanceof Action.Drain drain) {
            return Optional.of(new ClusterChange.SetAvailability(
                    drain.node(), Node.Availability.DRAIN, drainLabels(drain.reason())));
        }
        if (action instanceof Action.CancelDrain cancel) {
            return Optional.of(new ClusterChange.SetAvailability(
                    cancel.node(), Node.Availability.ACTIVE, Map.of(Tags.DRAIN_SINCE, "", Tags.DRAIN_REASON, "")));
        }
        if (action instanceof Action.Rebalance rebalance) {
            return Optional.of(new ClusterChange.Rebalance(rebalance.service()));
        }
        if (action instanceof Action.RotateJoinToken) {
            return Optional.of(new ClusterChange.RotateJoinToken());
        }
        return Optional.empty();
    }

    /** In the same update as the availability, so that a person's drain is never taken for ours. */
    private Map<String, String> drainLabels(String reason) {
        return Map.of(Tags.DRAIN_SINCE, wallClock.get().toString(), Tags.DRAIN_REASON, reason);
    }
}

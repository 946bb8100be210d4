package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.internal.plan.Action;
import java.util.Set;

/** Deletes what we own on a cloud besides machines. Confined to the loop thread. */
final class LeftoverEffect {
    private final Effects effects;
    private final EffectResults results;

    LeftoverEffect(Effects effects, EffectResults results) {
        this.effects = effects;
        this.results = results;
    }

    void start(Action.RemoveLeftover action, Runnable ended) {
        effects.<Boolean>callCloud(
                action.leftover().cloud(),
                Defaults.CLOUD_DEADLINE,
                "removing " + action.leftover(),
                cloud -> {
                    cloud.remove(Set.of(action.leftover()));
                    return true;
                },
                outcome -> {
                    if (outcome.succeeded()) {
                        results.done(action);
                    } else {
                        results.failed(action, outcome.failure());
                    }
                    ended.run();
                });
    }
}

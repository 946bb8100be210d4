package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.api.worker.InfrastructureId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives machines what their launch could not give them, once after each list that lacks something. Confined to the loop thread. */
final class FinishEffect {
    private final Effects effects;
    private final EffectResults results;
    private final Map<String, Instant> done = new HashMap<>();
    private final CloudFailures failures = new CloudFailures();
    private final Set<String> calling = new HashSet<>();

    FinishEffect(Effects effects, EffectResults results) {
        this.effects = effects;
        this.results = results;
    }

    /**
     * Finishes the machines of a cloud.
     *
     * @param listed when the list was asked for that shows that something is missing
     */
    void start(String cloud, Instant listed, InfrastructureId infrastructure) {
        if (listed.equals(done.get(cloud)) || !calling.add(cloud)) {
            return;
        }
        done.put(cloud, listed);
        effects.<Boolean>callCloud(
                cloud,
                Defaults.CLOUD_DEADLINE,
                "finishing machines",
                access -> {
                    access.finish(infrastructure);
                    return true;
                },
                outcome -> {
                    calling.remove(cloud);
                    if (outcome.succeeded()) {
                        failures.forget(cloud);
                        return;
                    }
                    // The next list tries again; the same failure is told once.
                    if (failures.isNew(cloud, outcome.failure())) {
                        results.finishFailed(cloud, outcome.failure());
                    }
                });
    }
}

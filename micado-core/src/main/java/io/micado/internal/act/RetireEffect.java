package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.MachineId;
import io.micado.internal.plan.Action;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a worker away for good, in an order that survives a crash at any point: the leave is written down, the node is
 * removed, the machine is terminated. Confined to the loop thread.
 */
final class RetireEffect {
    private final Effects effects;
    private final EffectResults results;

    RetireEffect(Effects effects, EffectResults results) {
        this.effects = effects;
        this.results = results;
    }

    void start(Action.Retire action, Runnable ended) {
        boolean written = effects.coordinator()
                .record()
                .map(record -> record.leaves().containsKey(action.worker()))
                .orElse(false);
        if (written) {
            removeNode(action, ended);
            return;
        }
        effects.coordinator().save(record -> record.leaving(Map.of(action.worker(), action.reason())), saved -> {
            if (saved.succeeded()) {
                removeNode(action, ended);
            } else {
                failed(action, saved.failure(), ended);
            }
        });
    }

    private void removeNode(Action.Retire action, Runnable ended) {
        if (action.node().isEmpty()) {
            terminate(action, ended);
            return;
        }
        effects.change(new ClusterChange.RemoveNode(action.node().get()), removed -> {
            if (removed.succeeded()) {
                terminate(action, ended);
            } else {
                failed(action, removed.failure(), ended);
            }
        });
    }

    private void terminate(Action.Retire action, Runnable ended) {
        Optional<MachineId> machine = action.machine();
        if (machine.isEmpty()) {
            results.done(action);
            ended.run();
            return;
        }
        effects.<List<TerminateResult>>callCloud(
                machine.get().cloud(),
                Defaults.CLOUD_DEADLINE,
                "terminating machine " + machine.get(),
                cloud -> cloud.terminate(Set.of(machine.get())),
                outcome -> {
                    Optional<MicadoException> error = outcome.succeeded()
                            ? outcome.get().stream()
                                    .flatMap(r -> r.error().stream())
                                    .findFirst()
                            : Optional.of(outcome.failure());
                    if (error.isPresent()) {
                        failed(action, error.get(), ended);
                    } else {
                        results.done(action);
                        ended.run();
                    }
                });
    }

    private void failed(Action.Retire action, MicadoException error, Runnable ended) {
        results.failed(action, error);
        ended.run();
    }
}

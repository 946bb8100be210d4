package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.TaskState;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.VictimSelector;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import io.micado.internal.call.Calls;
import io.micado.internal.plan.ClusterState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks the host program which workers may go first, one question at a time, and keeps its latest answer for each pool. Confined to the
 * loop thread.
 */
final class VictimDesk {
    private final VictimSelector selector;
    private final Calls calls;
    private final BoundedExecutor executor;
    private final Map<String, List<WorkerId>> order = new HashMap<>();
    private final CallbackFailures failures;
    private boolean asking;

    VictimDesk(
            VictimSelector selector,
            Iterable<String> pools,
            Calls calls,
            Timekeeper time,
            Consumer<MicadoEvent> events) {
        this.selector = selector;
        this.calls = calls;
        failures = new CallbackFailures(
                "victim-selector", "what it said last goes on, and before its first word no worker goes", time, events);
        executor = time.boundedExecutor("micado-victims", 1);
        if (isAsked()) {
            // Before the first answer nobody is to go.
            pools.forEach(pool -> order.put(pool, List.of()));
        }
    }

    /** {@return the workers that may go by pool, the first to go first; no pool when that is left to the planner} */
    Map<String, List<WorkerId>> order() {
        return Map.copyOf(order);
    }

    /** Asks anew, unless an answer is still due. */
    void ask(ClusterState state) {
        if (!isAsked() || asking || !state.clusterKnown()) {
            return;
        }
        asking = true;
        Map<String, List<Worker>> ready = new HashMap<>();
        Map<WorkerId, List<TaskState>> tasks = new HashMap<>();
        Map<NodeId, List<TaskState>> byNode = new HashMap<>();
        state.workers().values().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .sorted(Comparator.comparing(Worker::id))
                .forEach(worker -> {
                    ready.computeIfAbsent(worker.pool(), none -> new ArrayList<>())
                            .add(worker);
                    List<TaskState> own = new ArrayList<>();
                    tasks.put(worker.id(), own);
                    worker.node().ifPresent(node -> byNode.put(node.id(), own));
                });
        for (TaskState task : state.cluster().tasks()) {
            task.node().map(byNode::get).ifPresent(own -> own.add(task));
        }
        calls.<Map<String, List<WorkerId>>>call(
                executor,
                Defaults.GUARD_DEADLINE,
                ErrorKind.INTERNAL,
                "the victim selector",
                () -> select(ready, tasks),
                outcome -> {
                    asking = false;
                    failures.note(outcome.error());
                    if (outcome.succeeded()) {
                        order.putAll(outcome.get());
                    }
                });
    }

    private Map<String, List<WorkerId>> select(Map<String, List<Worker>> ready, Map<WorkerId, List<TaskState>> tasks) {
        Map<String, List<WorkerId>> selected = new HashMap<>();
        ready.forEach((pool, workers) -> selected.put(pool, List.copyOf(selector.select(pool, workers, tasks))));
        return selected;
    }

    private boolean isAsked() {
        return selector != VictimSelector.LEAST_LOADED;
    }

    void close() {
        executor.close();
    }
}

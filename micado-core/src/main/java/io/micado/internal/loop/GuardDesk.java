package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.TaskState;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.DrainGuard;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import io.micado.internal.call.Calls;
import io.micado.internal.plan.ClusterState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks the host program's guard about each worker that we cordoned, once, and keeps its answer while the worker stays
 * cordoned. Confined to the loop thread.
 */
final class GuardDesk {
    private final DrainGuard guard;
    private final Calls calls;
    private final BoundedExecutor executor;
    private final Map<WorkerId, Boolean> answers = new HashMap<>();
    private final Set<WorkerId> asked = new HashSet<>();
    private final CallbackFailures failures;

    GuardDesk(DrainGuard guard, Calls calls, Timekeeper time, Consumer<MicadoEvent> events) {
        this.guard = guard;
        this.calls = calls;
        failures = new CallbackFailures("drain-guard", "no worker is drained until it answers", time, events);
        executor = time.boundedExecutor("micado-guard", 2);
    }

    Map<WorkerId, Boolean> answers() {
        return Map.copyOf(answers);
    }

    /** Asks about workers that are newly cordoned, and forgets those that are not any more. */
    void ask(ClusterState state, Runnable answered) {
        Set<WorkerId> onTheirWay = new HashSet<>();
        for (Worker worker : state.workers().values()) {
            boolean ours = worker.node().map(node -> node.drainedByUs()).orElse(false);
            if (ours && worker.state().isDrainingCancellable()) {
                onTheirWay.add(worker.id());
                if (worker.state() == WorkerState.CORDONED && !asked.contains(worker.id())) {
                    ask(worker, tasksOn(worker, state), answered);
                }
            }
        }
        asked.retainAll(onTheirWay);
        answers.keySet().retainAll(onTheirWay);
    }

    private void ask(Worker worker, List<TaskState> tasks, Runnable answered) {
        asked.add(worker.id());
        if (guard == DrainGuard.ALWAYS) {
            answers.put(worker.id(), true);
            answered.run();
            return;
        }
        calls.call(
                executor,
                Defaults.GUARD_DEADLINE,
                ErrorKind.INTERNAL,
                "the drain guard",
                () -> guard.mayDrain(worker, tasks),
                outcome -> {
                    failures.note(outcome.error());
                    if (asked.contains(worker.id())) {
                        answers.put(worker.id(), outcome.succeeded() && outcome.get());
                        answered.run();
                    }
                });
    }

    private static List<TaskState> tasksOn(Worker worker, ClusterState state) {
        Optional<NodeId> node = worker.node().map(n -> n.id());
        return state.cluster().tasks().stream()
                .filter(task -> task.node().equals(node))
                .toList();
    }

    void close() {
        executor.close();
    }
}

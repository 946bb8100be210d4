package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the Swarm's tasks one after the other and keeps of each only what {@link TaskState} tells, so that a list of
 * tens of thousands, most of them history, never stands in memory as JSON. Used by {@link ClusterReader} for one
 * observation. Confined to one thread at a time.
 */
final class TaskCollector {
    private static final Set<String> ENDED = Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");
    private static final Set<String> FAILED = Set.of("failed", "rejected");
    private static final Set<String> UNWANTED = Set.of("shutdown", "remove", "failed", "rejected", "orphaned");

    /**
     * The next copy is made at once; an older failure was of another life of the same slot. Leaves room for wrong
     * clocks.
     */
    private static final Duration SAME_RESTART = Duration.ofMinutes(1);

    private final Map<String, String> serviceNames;
    private final Instant observedAt;
    private final List<Live> live = new ArrayList<>();
    private final Map<String, Failure> latestFailures = new HashMap<>();

    TaskCollector(Map<String, String> serviceNames, Instant observedAt) {
        this.serviceNames = serviceNames;
        this.observedAt = observedAt;
    }

    void add(JsonNode task) {
        JsonNode status = task.path("Status");
        String state = status.path("State").asText("");
        boolean unwanted = UNWANTED.contains(task.path("DesiredState").asText(""));
        boolean ended = ENDED.contains(state);
        if (unwanted && FAILED.contains(state)) {
            rememberFailure(task, status);
        }
        boolean history = ended && (unwanted || !FAILED.contains(state));
        boolean neverPlaced = unwanted && node(task).isEmpty();
        if (!history && !neverPlaced) {
            live.add(live(task, state, unwanted));
        }
    }

    /** {@return what was added, without history} */
    List<TaskState> tasks() {
        return live.stream().map(this::finished).toList();
    }

    private Live live(JsonNode task, String state, boolean unwanted) {
        JsonNode status = task.path("Status");
        String error = status.path("Err").asText("");
        String message = error.isEmpty() ? status.path("Message").asText("") : error;
        Phase phase = phase(state, unwanted, node(task).isPresent());
        String service = task.path("ServiceID").asText("");
        String container = status.path("ContainerStatus").path("ContainerID").asText("");
        return new Live(
                slot(task),
                Json.instant(task.path("CreatedAt"), observedAt),
                new TaskState(
                        task.path("ID").asText(),
                        serviceNames.getOrDefault(service, service),
                        phase,
                        node(task),
                        Json.instant(status.path("Timestamp"), observedAt),
                        container.isEmpty() ? Optional.empty() : Optional.of(container),
                        phase == Phase.PENDING ? Optional.of(PendingReasons.of(error)) : Optional.empty(),
                        phase == Phase.RUNNING ? "" : message));
    }

    private static Phase phase(String state, boolean unwanted, boolean placed) {
        if (unwanted) {
            return Phase.STOPPING;
        }
        if (FAILED.contains(state)) {
            return Phase.FAILED;
        }
        if (!placed) {
            return Phase.PENDING;
        }
        return state.equals("running") ? Phase.RUNNING : Phase.STARTING;
    }

    /**
     * A copy that waits for its turn because the one before it failed says so, with that one's words. One that no node
     * can take says that instead: it needs something else.
     */
    private TaskState finished(Live candidate) {
        TaskState task = candidate.task;
        boolean waiting = task.phase() == Phase.STARTING
                || (task.phase() == Phase.PENDING && !task.message().contains("no suitable node"));
        @Nullable Failure failure = waiting ? latestFailures.get(candidate.slot) : null;
        return failure == null || failure.at.isBefore(candidate.created.minus(SAME_RESTART))
                ? task
                : new TaskState(
                        task.id(),
                        task.service(),
                        Phase.FAILED,
                        task.node(),
                        failure.at,
                        Optional.empty(),
                        Optional.empty(),
                        failure.message);
    }

    private void rememberFailure(JsonNode task, JsonNode status) {
        String message = status.path("Err").asText(status.path("Message").asText(""));
        Failure failure = new Failure(Json.instant(status.path("Timestamp"), Instant.MIN), message);
        latestFailures.merge(slot(task), failure, (a, b) -> a.at.isAfter(b.at) ? a : b);
    }

    private static Optional<NodeId> node(JsonNode task) {
        String node = task.path("NodeID").asText("");
        return node.isEmpty() ? Optional.empty() : Optional.of(new NodeId(node));
    }

    /**
     * {@return what identifies the task's place in its service over restarts: a number, or the node of a global
     * service}
     */
    private static String slot(JsonNode task) {
        int slot = task.path("Slot").asInt(0);
        String place = slot > 0 ? String.valueOf(slot) : task.path("NodeID").asText("");
        return task.path("ServiceID").asText("") + '/' + place;
    }

    private record Live(String slot, Instant created, TaskState task) {}

    private record Failure(Instant at, String message) {}
}

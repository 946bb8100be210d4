package io.micado.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long new replicas take from the decision to running. */
class ReplicaStartsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ReplicaStarts starts = new ReplicaStarts();

    @Test
    void areLearntWhenAllRun() {
        starts.grows("web", 3, START);

        assertThat(starts.learn(view(2, 1), START.plusSeconds(2))).isEmpty();
        assertThat(starts.learn(view(3, 0), START.plusSeconds(4))).containsEntry("web", Duration.ofSeconds(4));
        assertThat(starts.learn(view(3, 0), START.plusSeconds(9))).as("once").isEmpty();
    }

    @Test
    void tellNothingWhenReplicasHadToWaitForRoom() {
        starts.grows("web", 3, START);
        List<TaskState> tasks = new ArrayList<>(view(2, 0).tasks());
        tasks.add(TaskState.pending("p", "web", START, TaskState.PendingCause.INSUFFICIENT_RESOURCES, "no room"));

        assertThat(starts.learn(view(tasks), START.plusSeconds(2))).isEmpty();
        assertThat(starts.learn(view(3, 0), START.plusSeconds(180))).isEmpty();
    }

    @Test
    void tellNothingOfAServiceThatWasAwayMeanwhile() {
        starts.grows("web", 3, START);

        assertThat(starts.learn(
                        new ClusterView("c", START, true, List.of(), List.of(), List.of()), START.plusSeconds(2)))
                .isEmpty();
        assertThat(starts.learn(view(3, 0), START.plusSeconds(60))).isEmpty();
    }

    @Test
    void tellNothingWhenTheyNeverComeToRun() {
        starts.grows("web", 3, START);

        assertThat(starts.learn(view(2, 1), START.plusSeconds(601))).isEmpty();
        assertThat(starts.learn(view(3, 0), START.plusSeconds(602))).isEmpty();
    }

    private static ClusterView view(int running, int starting) {
        List<TaskState> tasks = new ArrayList<>();
        for (int i = 0; i < running + starting; i++) {
            TaskState.Phase phase = i < running ? TaskState.Phase.RUNNING : TaskState.Phase.STARTING;
            tasks.add(TaskState.placed("t" + i, "web", phase, new NodeId("n"), START, "c" + i));
        }
        return view(tasks);
    }

    private static ClusterView view(List<TaskState> tasks) {
        return new ClusterView(
                "c",
                START,
                true,
                List.of(),
                List.of(ServiceState.builder("web", "web").build()),
                tasks);
    }
}

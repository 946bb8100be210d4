package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskCollectorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final TaskCollector collector = new TaskCollector(Map.of("s1", "web"), NOW);

    @ParameterizedTest
    @CsvSource({
        "new,running,,PENDING",
        "pending,running,,PENDING",
        "assigned,running,n1,STARTING",
        "accepted,running,n1,STARTING",
        "preparing,running,n1,STARTING",
        "ready,ready,n1,STARTING",
        "starting,running,n1,STARTING",
        "running,running,n1,RUNNING",
        "running,complete,n1,RUNNING",
        "running,shutdown,n1,STOPPING",
        "starting,shutdown,n1,STOPPING",
        "running,remove,n1,STOPPING",
        "failed,running,n1,FAILED",
        "rejected,ready,n1,FAILED",
    })
    void tellsHowFarATaskIs(String state, String desired, String node, Phase phase) {
        add("t1", 1, state, desired, node == null ? "" : node, "", NOW);

        assertThat(collector.tasks()).singleElement().satisfies(task -> {
            assertThat(task.phase()).isEqualTo(phase);
            assertThat(task.service()).isEqualTo("web");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "shutdown,shutdown,n1",
        "failed,shutdown,n1",
        "rejected,shutdown,n1",
        "complete,complete,n1",
        "complete,shutdown,n1",
        "shutdown,running,n1",
        "orphaned,shutdown,n1",
        "remove,remove,n1",
        "pending,shutdown,",
    })
    void leavesOutWhatHasEnded(String state, String desired, String node) {
        add("t1", 1, state, desired, node == null ? "" : node, "", NOW);

        assertThat(collector.tasks()).isEmpty();
    }

    @Test
    void giveTheNewestFailureOfTheSameSlot() {
        add("t1", 1, "failed", "shutdown", "n1", "first", NOW.minusSeconds(20));
        add("t2", 1, "failed", "shutdown", "n1", "second", NOW.minusSeconds(5));
        add("t3", 2, "failed", "shutdown", "n1", "of another slot", NOW.minusSeconds(1));
        add("t4", 1, "ready", "ready", "n1", "", NOW.minusSeconds(5));

        assertThat(collector.tasks()).singleElement().satisfies(task -> {
            assertThat(task.id()).isEqualTo("t4");
            assertThat(task.phase()).isEqualTo(Phase.FAILED);
            assertThat(task.message()).isEqualTo("second");
        });
    }

    @Test
    void forgetsAFailureOfAnEarlierLifeOfTheSlot() {
        add("t1", 2, "failed", "shutdown", "n1", "yesterday", NOW.minusSeconds(80_000));
        add("t2", 2, "preparing", "running", "n1", "", NOW);

        assertThat(collector.tasks()).extracting(TaskState::phase).containsExactly(Phase.STARTING);
    }

    @Test
    void aTaskThatNoNodeCanTakeWaitsEvenAfterAFailure() {
        add("t1", 1, "failed", "shutdown", "n1", "exit (3)", NOW.minusSeconds(2));
        add("t2", 1, "pending", "running", "", "no suitable node (insufficient resources on 1 node)", NOW);

        assertThat(collector.tasks()).extracting(TaskState::phase).containsExactly(Phase.PENDING);
    }

    @Test
    void aRunningCopyIsNotBlamedForTheOneBefore() {
        add("t1", 1, "failed", "shutdown", "n1", "exit (3)", NOW.minusSeconds(2));
        add("t2", 1, "running", "running", "n1", "", NOW);

        assertThat(collector.tasks()).extracting(TaskState::phase).containsExactly(Phase.RUNNING);
    }

    @Test
    void takesTheIdWhereTheServiceIsGone() {
        TaskCollector other = new TaskCollector(Map.of(), NOW);
        other.add(Recorded.parse("{\"ID\":\"t\",\"ServiceID\":\"s9\",\"NodeID\":\"n\",\"DesiredState\":\"remove\","
                + "\"Status\":{\"State\":\"running\"}}"));

        assertThat(other.tasks()).extracting(TaskState::service).isEqualTo(List.of("s9"));
    }

    private void add(String id, int slot, String state, String desired, String node, String error, Instant at) {
        collector.add(Recorded.parse("""
                {"ID":"%s","ServiceID":"s1","Slot":%d,"NodeID":"%s","DesiredState":"%s","CreatedAt":"%s",
                 "Status":{"State":"%s","Err":"%s","Timestamp":"%s"}}""".formatted(id, slot, node, desired, at, state, error, at)));
    }
}

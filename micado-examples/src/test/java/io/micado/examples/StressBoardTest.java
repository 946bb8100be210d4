package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Status;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests {@link StressBoard} and {@link StressWatch}. */
class StressBoardTest {
    private static final Instant START = Results.START;

    private static Status status(Instant at, int running, int desired, WorkerState... states) {
        List<Worker> workers = IntStream.range(0, states.length)
                .mapToObj(i -> new Worker(
                        new WorkerId("w" + i),
                        "workers",
                        states[i],
                        Duration.ofSeconds(75),
                        Resources.ofCores(1),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "its node takes tasks"))
                .toList();
        return new Status(
                "stress",
                Optional.of("id"),
                Optional.of(at),
                true,
                "",
                List.of(new Status.ServiceStatus(
                        "stress",
                        "progrium/stress",
                        desired,
                        running,
                        desired - running,
                        Bounds.of(1, 6),
                        "target-tracking",
                        "")),
                workers,
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    private static MicadoEvent decided(TargetId target, int second, int from, int to) {
        Decision decision =
                Results.decision(target, Duration.ofSeconds(second), from, to, from + " -> " + to + " workers: busy");
        return new MicadoEvent.Decided(decision.at(), decision);
    }

    private static MicadoEvent changed(String worker, int second, WorkerState from, WorkerState to) {
        return new MicadoEvent.WorkerChanged(START.plusSeconds(second), new WorkerId(worker), "workers", from, to, "");
    }

    @Test
    void theTableHasServicesWorkersAndTheLastDecision() {
        Decision decision = Results.decision(TargetId.pool("workers"), Duration.ZERO, 1, 3, "1 -> 3 workers: busy");

        List<String> table = StressBoard.table(
                "under load",
                Duration.ofSeconds(83),
                status(START, 2, 5, WorkerState.READY, WorkerState.JOINING),
                Optional.of(decision));

        assertThat(String.join("\n", table))
                .contains("01:23  under load", "stress", "2 of 5 (1..6), 3 wait", "w1", "JOINING", "01:15")
                .contains("last decision: workers 1 → 3", "why:           busy");
    }

    @Test
    void theLineChangesOnlyWhenSomethingDoes() {
        Status before = status(START, 2, 2, WorkerState.READY, WorkerState.READY);
        Status later = status(START.plusSeconds(9), 2, 2, WorkerState.READY, WorkerState.READY);

        assertThat(StressBoard.line("load", later))
                .isEqualTo(StressBoard.line("load", before))
                .isEqualTo("load: stress 2/2; workers: 2 READY");
        assertThat(StressBoard.line("load", status(START, 2, 2, WorkerState.BOOTING, WorkerState.READY)))
                .isEqualTo("load: stress 2/2; workers: 1 BOOTING, 1 READY");
    }

    @Test
    void measuresFromTheLoadToTheFirstNewReplicaAndFromADecisionToItsWorker() {
        StressWatch watch = new StressWatch();
        watch.onEvent(decided(TargetId.pool("workers"), 0, 0, 1));
        watch.onEvent(changed("w0", 1, WorkerState.GONE, WorkerState.REQUESTED));
        watch.onEvent(changed("w0", 4, WorkerState.JOINING, WorkerState.READY));
        watch.saw(status(START.plusSeconds(10), 1, 1, WorkerState.READY));
        watch.onEvent(decided(TargetId.service("stress"), 18, 1, 3));
        watch.onEvent(decided(TargetId.pool("workers"), 20, 1, 2));
        watch.onEvent(changed("w1", 21, WorkerState.GONE, WorkerState.REQUESTED));
        watch.saw(status(START.plusSeconds(22), 3, 3, WorkerState.READY, WorkerState.REQUESTED));
        watch.onEvent(changed("w1", 29, WorkerState.JOINING, WorkerState.READY));
        watch.onEvent(changed("w1", 40, WorkerState.CORDONED, WorkerState.READY));
        watch.saw(status(START.plusSeconds(60), 1, 1, WorkerState.READY, WorkerState.READY));

        assertThat(watch.timings())
                .containsExactly(
                        "first new replica: ordered 8 s after the load began, running after 12 s",
                        "from a decision to the worker that has joined: 4 s to 9 s (2 workers)");
        assertThat(watch.mostReplicas()).isEqualTo(3);
        assertThat(watch.mostWorkers()).isEqualTo(2);
    }

    @Test
    void whatWasNotSeenIsNotMeasured() {
        assertThat(new StressWatch().timings()).isEmpty();
    }
}

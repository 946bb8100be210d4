package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.TrialResult.Serving;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

    private static RequestQueue.Waiting simulate(LoadTrace trace, double capacity, Serving... changes) {
        return RequestQueue.simulate(trace, capacity, List.of(changes), 1);
    }

    @Test
    void requestsWaitAsErlangSays() {
        LoadTrace trace = LoadTrace.of("steady", Duration.ofHours(12), 50);

        // By Erlang's formula 11.7 % wait at all with 60 servers and a load of 50, 5 % longer than 0.085 s, 1 % longer
        // than 0.246 s.
        RequestQueue.Waiting waiting = simulate(trace, 1, new Serving(0, 60));

        assertThat(waiting.p95()).isBetween(0.075, 0.095);
        assertThat(waiting.p99()).isBetween(0.22, 0.27);
        // The scale of a load changes nothing, nor does what came before its last day.
        assertThat(simulate(trace.scaledBy(20), 20, new Serving(0, 60))).isEqualTo(waiting);
        assertThat(simulate(
                        LoadTrace.of("long", Duration.ofHours(12), 50, 50, 50),
                        1,
                        new Serving(0, 1),
                        new Serving(43_100, 60)))
                .satisfies(later -> assertThat(later.p95()).isBetween(0.075, 0.095));
    }

    @Test
    void fewLargeInstancesServeAsManySmallOnesDo() {
        LoadTrace trace = LoadTrace.of("steady", Duration.ofHours(12), 50);

        // One that serves 60 a second: the time in the queue is longer than t with probability 5/6 e^(-10 t).
        RequestQueue.Waiting waiting = simulate(trace, 60, new Serving(0, 1));

        assertThat(waiting.p95()).isCloseTo(Math.log(5 / 6.0 / 0.05) / 10, within(0.03));
        assertThat(waiting.p99()).isCloseTo(Math.log(5 / 6.0 / 0.01) / 10, within(0.06));
    }

    @Test
    void whoeverComesWhileNobodyServesWaits() {
        LoadTrace trace = LoadTrace.of("steady", Duration.ofMinutes(10), 50);

        // A minute of ten is kept waiting, and worked off by ten times what is needed as soon as anybody serves.
        RequestQueue.Waiting waiting = simulate(trace, 1, new Serving(0, 0), new Serving(60, 500));

        assertThat(waiting.p99()).isBetween(50.0, 57.0);
        assertThat(waiting.p95()).isBetween(25.0, 35.0);
    }

    @Test
    void whoeverBeginsToServeTakesFromThoseThatWait() {
        LoadTrace trace = LoadTrace.of("steady", Duration.ofMinutes(20), 50);

        // For ten minutes half of them pile up; then the whole queue is gone within a minute or so.
        RequestQueue.Waiting waiting = simulate(trace, 1, new Serving(0, 25), new Serving(600, 300));

        assertThat(waiting.p99()).isBetween(280.0, 305.0);
    }
}

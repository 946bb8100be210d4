package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static Decision service(int minute, int from, int to) {
        return Results.decision(TargetId.service("web"), Duration.ofMinutes(minute), from, to, "");
    }

    private static Decision pool(int minute, int from, int to) {
        return Results.decision(TargetId.pool("workers"), Duration.ofMinutes(minute), from, to, "");
    }

    @Test
    void comparesWithAFleetThatIsAlwaysAsLargeAsAtThePeak() {
        Outcome outcome = Outcome.of(Results.of("web", List.of(service(1, 1, 3), pool(2, 1, 2), service(3, 3, 2))));

        assertThat(outcome.workerHours()).isEqualTo(3);
        assertThat(outcome.fixedFleetHours()).isEqualTo(4);
        assertThat(outcome.saved()).isEqualTo(0.25);
        assertThat(outcome.scaledOut()).isEqualTo(2);
        assertThat(outcome.scaledIn()).isEqualTo(1);
    }

    @Test
    void theStartDoesNotCountAsTheFewest() {
        Outcome outcome = Outcome.of(Results.of("web", List.of()));

        assertThat(outcome.fewestReplicas()).isEqualTo(2);
        assertThat(outcome.mostReplicas()).isEqualTo(3);
        assertThat(outcome.fewestWorkers()).isEqualTo(1);
        assertThat(outcome.mostWorkers()).isEqualTo(2);
    }

    @Test
    void tellsWhenRequestsWereNotServed() {
        assertThat(Outcome.unservedWithin(Results.of("web", List.of()), Duration.ofMinutes(30)))
                .isZero();
        assertThat(Outcome.unservedWithin(Results.of("web", List.of()), Duration.ofHours(1)))
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void tellsTheLargestStepOfEachKindInTheirOrder() {
        List<Decision> all = List.of(
                service(1, 9, 2), pool(2, 1, 2), service(3, 2, 4), pool(4, 2, 5), service(5, 4, 12), pool(6, 5, 4));

        assertThat(Outcome.telling(all, 3)).containsExactly(service(1, 9, 2), pool(4, 2, 5), service(5, 4, 12));
        assertThat(Outcome.telling(all.subList(0, 1), 3)).containsExactly(service(1, 9, 2));
        assertThat(Outcome.telling(List.of(), 3)).isEmpty();
    }
}

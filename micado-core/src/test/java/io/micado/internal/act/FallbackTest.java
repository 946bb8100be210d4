package io.micado.internal.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.Offering;
import io.micado.internal.plan.Action;
import io.micado.internal.plan.Action.Alternative;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FallbackTest {
    private static final Offering SMALL = Offering.builder("north", "small").build();
    private static final Offering LARGE = Offering.builder("north", "large").build();
    private static final Offering OTHER = Offering.builder("south", "small").build();

    private static final Action.Launch TEN =
            new Action.Launch("pool", SMALL, 10, "why", List.of(new Alternative(LARGE, 5), new Alternative(OTHER, 10)));

    @Test
    void takesTheShareOfTheFirstAlternativeRoundedUpAndKeepsTheOthersForLater() {
        assertThat(Fallback.after(TEN, failures(3, ErrorKind.INSUFFICIENT_CAPACITY)))
                .containsExactly(new Action.Launch("pool", LARGE, 2, "why", List.of(new Alternative(OTHER, 3))));
    }

    @Test
    void comesToAnEndWithTheLastAlternative() {
        Action.Launch last = new Action.Launch("pool", OTHER, 3, "why", List.of());

        assertThat(Fallback.after(last, failures(3, ErrorKind.INSUFFICIENT_CAPACITY)))
                .isEmpty();
    }

    @Test
    void hasNothingToDoWithoutFailures() {
        assertThat(Fallback.after(TEN, List.of())).isEmpty();
    }

    @Test
    void leavesACloudAloneThatRefusesEveryCall() {
        assertThat(Fallback.after(TEN, failures(10, ErrorKind.RATE_LIMITED)))
                .containsExactly(new Action.Launch("pool", OTHER, 10, "why", List.of()));
        assertThat(Fallback.after(TEN, failures(10, ErrorKind.AUTHENTICATION)))
                .extracting(Action.Launch::offering)
                .containsExactly(OTHER);
    }

    @Test
    void asksTheSameCloudForWhatItsQuotaHasRoomForAndTheNextForTheRest() {
        MicadoException quota = new MicadoException(ErrorKind.QUOTA_EXCEEDED, "4 are left").withRemainingQuota(4);

        assertThat(Fallback.after(TEN, Collections.nCopies(10, quota)))
                .containsExactly(
                        new Action.Launch(
                                "pool", SMALL, 4, "why", List.of(new Alternative(LARGE, 2), new Alternative(OTHER, 4))),
                        new Action.Launch("pool", LARGE, 3, "why", List.of(new Alternative(OTHER, 6))));
    }

    @Test
    void doesNotBelieveAQuotaThatHasRoomForEverythingThatFailed() {
        MicadoException quota = new MicadoException(ErrorKind.QUOTA_EXCEEDED, "10 are left").withRemainingQuota(10);

        assertThat(Fallback.after(TEN, Collections.nCopies(10, quota)))
                .extracting(Action.Launch::offering)
                .containsExactly(LARGE);
    }

    private static List<MicadoException> failures(int count, ErrorKind kind) {
        return Collections.nCopies(count, new MicadoException(kind, "failed"));
    }
}

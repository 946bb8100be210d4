package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A replica takes 3 s to start, a worker 90 s, and a sample is one second old: see PolicyContexts. */
class BacklogTest {
    private static final PolicySpec IN_TWO_MINUTES =
            Backlog.of("orders").within(Duration.ofSeconds(123)).eachHandles(5).build();

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "610,1", "611,2", "5980,10", "5981,11"})
    void wantsAsManyAsAreDoneInTime(double waiting, int expected) {
        assertThat(count(IN_TWO_MINUTES, web().host("orders", waiting))).isEqualTo(expected);
    }

    @Test
    void countsHalfOfTheTimeWhenStartingTakesItUp() {
        PolicySpec hurry = Backlog.of("orders")
                .within(Duration.ofSeconds(4))
                .eachHandles(5)
                .build();

        // Two for three seconds, and six for half of them.
        assertThat(count(hurry, web().host("orders", 75))).isEqualTo(8);
    }

    @Test
    void countsWhatArrivesMeanwhile() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofSeconds(123))
                .eachHandles(5)
                .arrivals("arriving")
                .build();

        assertThat(count(policy, web().host("orders", 610).host("arriving", 5))).isEqualTo(2);
        Recommendation.Capacity blind = answer(policy, web().host("orders", 610));
        assertThat(blind.count()).isEqualTo(1);
        assertThat(blind.lowerBound()).as("what arrives is unknown").isTrue();
    }

    @Test
    void comesBackFromZeroAsSoonAsMoreThanTheActivationWaits() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofMinutes(2))
                .eachHandles(5)
                .activation(10)
                .build();

        assertThat(count(policy, PolicyContexts.service("web").host("orders", 10)))
                .isZero();
        assertThat(count(policy, PolicyContexts.service("web").host("orders", 11)))
                .isEqualTo(1);
    }

    @Test
    void learnsWhatOneHandlesWhileThereIsEnoughToDo() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofSeconds(123))
                .learningFrom("done")
                .build();
        Recommendation.Capacity first = answer(policy, web().host("orders", 50));
        Recommendation.Capacity second =
                answer(policy, web().host("orders", 6000).host("done", 20));
        Recommendation.Capacity idle =
                answer(policy, web().host("orders", 1).host("done", 1).state(restarted(second.state())));

        assertThat(first.count()).as("nothing seen yet").isEqualTo(2);
        assertThat(first.lowerBound()).isTrue();
        assertThat(second.count()).as("10 in a second each").isEqualTo(5);
        assertThat(idle.inputs().get("each.per.second")).as("one of two idles").isCloseTo(10, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"10m,12000", "1h,60000"})
    void aBatchIsDoneByItsDeadlineAndNothingIsTakenAwayThatIsNeededForIt(String within, double items) {
        Queue queue = new Queue(items, 0, within);

        int needed = (int) (items / 5 / queue.within.toSeconds());
        for (int second = 0; second < queue.within.toSeconds(); second += 5) {
            queue.pass(0);
            if (queue.waiting > 0) {
                assertThat(queue.desired).as("after %d s", second).isBetween(needed, needed + 1);
            }
        }
        assertThat(queue.waiting).isZero();
    }

    @Test
    void moreAreAskedForWhenTooFewCame() {
        Queue queue = new Queue(12_000, 0, "10m");
        queue.most = 2;
        queue.passes(60, 0);
        assertThat(queue.desired).as("half of the time is over").isGreaterThanOrEqualTo(6);

        queue.most = 100;
        queue.passes(60, 0);
        assertThat(queue.waiting).isZero();
    }

    @Test
    void aQueueThatFlowsIsNoBatchThatGetsLate() {
        Queue queue = new Queue(600, 4, "2m");
        for (int pass = 0; pass < 200; pass++) {
            queue.pass(20);
            if (pass > 20) {
                assertThat(queue.desired).as("pass %d", pass).isBetween(4, 5);
            }
        }
    }

    @Test
    void whatIsLateIsDoneWithinAMinute() {
        Queue queue = new Queue(3_000, 0, "2m");
        queue.most = 0;
        queue.passes(30, 0);

        assertThat(queue.desired).as("3000 in 60 s, at 5 each").isEqualTo(10);
    }

    @Test
    void allThatCameBeforeATimeIsDoneByThen() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofHours(24))
                .by(PolicyContexts.NOW.plusSeconds(1_000))
                .eachHandles(5)
                .build();

        assertThat(count(policy, web().host("orders", 10_000))).isEqualTo(2);
        assertThat(count(policy, web().host("orders", 40_000))).isEqualTo(9);
        assertThat(count(
                        policy,
                        PolicyContexts.service("web")
                                .at(PolicyContexts.NOW.plusSeconds(2_000))
                                .host("orders", 40_000)))
                .as("when the time is over")
                .isEqualTo(1);
    }

    @Test
    void replicasWithoutAPlaceWaitForAWorkerFirst() {
        // Ten more find a place.
        assertThat(answer(IN_TWO_MINUTES, web().host("orders", 5_980)).inputs()).containsEntry("lead.seconds", 3.0);
        Recommendation.Capacity more = answer(IN_TWO_MINUTES, web().host("orders", 10_000));
        assertThat(more.inputs()).containsEntry("lead.seconds", 93.0);
        // Two for 122 s, and the others for half of them.
        assertThat(more.count()).isEqualTo(31);
    }

    @Test
    void keepsOneWhileSomethingIsHandled() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofMinutes(2))
                .eachHandles(5)
                .learningFrom("done")
                .build();

        Recommendation.Capacity busy = answer(policy, web().host("orders", 0).host("done", 0.1));
        assertThat(busy.count()).isEqualTo(1);
        assertThat(busy.reason()).endsWith("needs 1 replica, as 0.1 in a second are still handled");
        assertThat(count(policy, web().host("orders", 0).host("done", 0))).isZero();
    }

    @Test
    void oneSampleThatIsFarOffChangesNothing() {
        Recommendation.Capacity before = answer(IN_TWO_MINUTES, web().host("orders", 600));
        PolicyContexts next = PolicyContexts.service("web")
                .at(PolicyContexts.NOW.plusSeconds(5))
                .replicas(2, 0.5);
        Recommendation.Capacity wrong =
                answer(IN_TWO_MINUTES, next.state(restarted(before.state())).host("orders", 1e9));

        assertThat(wrong.count()).isEqualTo(2);
        assertThat(wrong.lowerBound()).isTrue();
        assertThat(wrong.reason()).endsWith("too far off to be believed at once");
    }

    /** A queue that replicas work on, 5 items in a second each; they begin 3 s after they are asked for, in the order of passes. */
    private static final class Queue {
        private final Duration within;
        private final PolicySpec policy;
        private double waiting;
        private int second;
        private int desired;
        private int ready;
        private int most = Integer.MAX_VALUE;
        private PolicyState state = PolicyState.NONE;

        Queue(double waiting, int ready, String within) {
            this.waiting = waiting;
            this.ready = ready;
            desired = ready;
            this.within = Settings.of("within", within).duration("within").orElseThrow();
            policy = Backlog.of("orders")
                    .within(this.within)
                    .eachHandles(5)
                    .arrivals("arriving")
                    .build();
        }

        /** One pass, and what is done until the next one; what is taken away is gone at once. */
        void pass(double arriving) {
            Recommendation.Capacity said = answer(
                    policy,
                    PolicyContexts.service("web")
                            .at(PolicyContexts.NOW.plusSeconds(second))
                            .sampleAge(Duration.ZERO)
                            .desired(desired)
                            .ready(ready)
                            .host("orders", waiting)
                            .host("arriving", arriving)
                            .state(state));
            state = restarted(said.state());
            desired = said.count();
            ready = Math.min(ready, desired);
            work(3, arriving);
            ready = Math.min(desired, most);
            work(2, arriving);
            second += 5;
        }

        void passes(int count, double arriving) {
            for (int i = 0; i < count; i++) {
                pass(arriving);
            }
        }

        private void work(int seconds, double arriving) {
            waiting = Math.max(0, waiting + seconds * (arriving - 5 * ready));
        }
    }

    @Test
    void isUnknownWithoutASample() {
        assertThat(Policies.scaler(IN_TWO_MINUTES).recommend(web().build())).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void saysHowItCameToItsNumber() {
        assertThat(answer(IN_TWO_MINUTES, web().host("orders", 6000)).reason())
                .isEqualTo("6000 orders, due within 122 s, at 5 in a second each: needs 11 replicas");
    }

    @Test
    void damagedMemoryIsNoMemory() {
        for (String text : List.of(
                "",
                "backlog|",
                "backlog|3||",
                "backlog|NaN|0||",
                "backlog|-3|0||",
                "backlog|x|0||",
                "backlog|3|0|5|",
                "backlog|3|0|5:-1|",
                "other|3|0||")) {
            assertThat(BacklogState.of(new PolicyState.Encoded(2, text))).isEqualTo(BacklogState.NOTHING);
        }
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() ->
                        BacklogPolicy.create(Settings.of(Map.of("eachPerSecond", 0, "handled", "host:", "by", "9:00"))))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(5))
                .hasMessageContaining("waiting: is required")
                .hasMessageContaining("within: is required")
                .hasMessageContaining("eachPerSecond: must be above 0")
                .hasMessageContaining("by: must be a time such as")
                .hasMessageContaining("handled: must name a metric");
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web").replicas(2, 0.5);
    }

    private static PolicyState restarted(PolicyState state) {
        return new PolicyState.Encoded(state.version(), state.encode());
    }

    private static Recommendation.Capacity answer(PolicySpec policy, PolicyContexts context) {
        return (Recommendation.Capacity) Policies.scaler(policy).recommend(context.build());
    }

    private static int count(PolicySpec policy, PolicyContexts context) {
        return answer(policy, context).count();
    }

    @Test
    void aClockThatWasSetBackDoesNotKeepWhatWasDueThen() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofSeconds(123))
                .eachHandles(5)
                .build();
        Recommendation.Capacity ahead =
                answer(policy, web().at(PolicyContexts.NOW.plusSeconds(7_200)).host("orders", 50));

        Recommendation.Capacity after =
                answer(policy, web().at(PolicyContexts.NOW).state(ahead.state()).host("orders", 1_500));

        assertThat(after.count())
                .isEqualTo(answer(policy, web().host("orders", 1_500)).count());
        assertThat(after.count()).isGreaterThan(ahead.count());
    }
}

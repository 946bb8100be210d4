package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.TargetMemory.Change;
import io.micado.internal.plan.TargetMemory.Stamped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StabilizerTest {
    private static final Instant NOW = World.START;

    private Behavior behavior = Behavior.IMMEDIATE;
    private TargetMemory memory = TargetMemory.EMPTY;
    private Instant observedSince = NOW.minus(Duration.ofDays(1));

    @Test
    void letsARecommendationThroughWhenNothingStandsInItsWay() {
        Decision decision = decide(3, Recommendation.of(7, "load"));

        assertThat(decision.to()).isEqualTo(7);
        assertThat(decision.binding()).isEqualTo(Rule.NONE);
    }

    @Test
    void keepsTheCountInsideItsBounds() {
        assertThat(decide(3, Recommendation.of(70, "load")).to()).isEqualTo(20);
        assertThat(decide(3, Recommendation.of(70, "load")).binding()).isEqualTo(Rule.BOUNDS);
        assertThat(decide(3, Recommendation.of(0, "load")).to()).isEqualTo(1);
    }

    @Test
    void bringsACountThatIsOutsideItsBoundsInsideAtOnceWhateverTheWindowSays() {
        behavior = Behavior.IMMEDIATE.withStabilization(Duration.ZERO, Duration.ofHours(1));

        assertThat(decide(30, Recommendation.of(30, "load")).to()).isEqualTo(20);
    }

    @Test
    void staysWhenNothingIsKnown() {
        Decision decision = decide(3, Recommendation.unknown("no metrics"));

        assertThat(decision.to()).isEqualTo(3);
        assertThat(decision.binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(decision.reason()).contains("no metrics");
    }

    @Test
    void saysThatTheBoundsDecidedWhenTheyDidAndNothingElseIsKnown() {
        assertThat(decide(0, Recommendation.unknown("no metrics")).binding()).isEqualTo(Rule.BOUNDS);
    }

    @Test
    void neverScalesInOnWhatIsOnlyPartlyKnownButOut() {
        assertThat(decide(3, Recommendation.of(2, "load").asLowerBound()).to()).isEqualTo(3);
        assertThat(decide(3, Recommendation.of(5, "load").asLowerBound()).to()).isEqualTo(5);
    }

    @Test
    void suppressesWhatDiffersByLessThanTheTolerance() {
        behavior = Behavior.IMMEDIATE.withTolerance(0.1);

        assertThat(decide(20, Recommendation.of(19, "load")).binding()).isEqualTo(Rule.TOLERANCE);
        assertThat(decide(20, Recommendation.of(19, "load")).to()).isEqualTo(20);
        assertThat(decide(20, Recommendation.of(18, "load")).to())
                .as("just the tolerance")
                .isEqualTo(18);
        assertThat(decide(3, Recommendation.of(4, "load")).to())
                .as("a small count")
                .isEqualTo(4);
    }

    @Test
    void appliesNoDeadBandToAPolicyThatHasAppliedItsOwn() {
        behavior = Behavior.IMMEDIATE.withTolerance(0.1);

        assertThat(decide(20, Recommendation.of(19, "load").withDeadBandApplied())
                        .to())
                .isEqualTo(19);
    }

    @Test
    void scalesInToTheHighestRecommendationOfTheWindow() {
        behavior = Behavior.IMMEDIATE.withStabilization(Duration.ZERO, Duration.ofMinutes(5));
        remember(ago(600, 9), ago(400, 6), ago(100, 4));

        Decision decision = decide(8, Recommendation.of(2, "load"));

        assertThat(decision.to()).as("6 was in force when the window began").isEqualTo(6);
        assertThat(decision.binding()).isEqualTo(Rule.STABILIZATION);
    }

    @Test
    void scalesOutToTheLowestRecommendationOfTheWindow() {
        behavior = Behavior.IMMEDIATE.withStabilization(Duration.ofMinutes(1), Duration.ZERO);
        remember(ago(200, 4), ago(30, 6));

        assertThat(decide(3, Recommendation.of(9, "load")).to()).isEqualTo(4);
    }

    @Test
    void doesNotScaleInBeforeAWholeWindowWasSeenSinceTheStartAndSinceThePolicyFirstSpoke() {
        behavior = Behavior.IMMEDIATE.withStabilization(Duration.ZERO, Duration.ofMinutes(5));
        remember(ago(301, 2));
        assertThat(decide(3, Recommendation.of(2, "load")).to()).isEqualTo(2);

        remember(ago(299, 2));
        assertThat(decide(3, Recommendation.of(2, "load")).to())
                .as("policy spoke too late")
                .isEqualTo(3);

        remember(ago(301, 2));
        observedSince = NOW.minusSeconds(299);
        assertThat(decide(3, Recommendation.of(2, "load")).to())
                .as("started too late")
                .isEqualTo(3);
    }

    @Test
    void goesNoFasterThanItsRate() {
        behavior = Behavior.IMMEDIATE
                .withRateOut(Behavior.Rate.count(2, Duration.ofSeconds(15)))
                .withRateIn(Behavior.Rate.count(1, Duration.ofSeconds(15)));

        assertThat(decide(5, Recommendation.of(9, "load")).to()).isEqualTo(7);
        assertThat(decide(5, Recommendation.of(1, "load")).to()).isEqualTo(4);
        assertThat(decide(5, Recommendation.of(1, "load")).binding()).isEqualTo(Rule.RATE_LIMIT);
    }

    @Test
    void waitsForTheCooldownOfTheSameDirectionOnly() {
        behavior = Behavior.IMMEDIATE.withCooldown(Duration.ofSeconds(60), Duration.ofSeconds(60));
        memory = memory.withChanges(List.of(new Change(NOW.minusSeconds(59), 3, 5)));

        assertThat(decide(5, Recommendation.of(6, "load")).binding()).isEqualTo(Rule.COOLDOWN);
        assertThat(decide(5, Recommendation.of(4, "load")).to()).isEqualTo(4);

        memory = memory.withChanges(List.of(new Change(NOW.minusSeconds(60), 3, 5)));
        assertThat(decide(5, Recommendation.of(6, "load")).to()).isEqualTo(6);
    }

    private Decision decide(int from, Recommendation said) {
        Trail trail = new Trail(from);
        new Stabilizer(Bounds.of(1, 20), behavior, memory, observedSince, NOW).apply(trail, said);
        return trail.decide(TargetId.service("web"), NOW, "test", said, Map.of());
    }

    private void remember(Stamped... recommendations) {
        memory = memory.withHistory(List.of(recommendations), Optional.empty());
    }

    private static Stamped ago(int seconds, int count) {
        return new Stamped(NOW.minusSeconds(seconds), count);
    }
}

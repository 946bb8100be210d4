package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictiveTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

    private final Scaler byRequests =
            Policies.scaler(Predictive.builder().perInstance("requests", 10).build());
    private PolicyState state = PolicyState.NONE;
    private int least = 1;

    /** One pass at a second with so many requests and replicas; NaN is no sample. The memory goes through its text. */
    private Recommendation pass(Scaler scaler, int second, double requests, int desired) {
        PolicyContexts context = PolicyContexts.service("web")
                .at(MIDNIGHT.plusSeconds(second))
                .bounds(least, 10_000)
                .desired(desired)
                .ready(desired)
                .state(state);
        if (!Double.isNaN(requests)) {
            context.whole("requests", requests);
        }
        Recommendation said = scaler.recommend(context.build());
        state = new PolicyState.Encoded(said.state().version(), said.state().encode());
        return said;
    }

    private static int count(Recommendation said) {
        return ((Recommendation.Capacity) said).count();
    }

    private void steady(int seconds, double requests, int desired) {
        for (int second = 0; second < seconds; second += 15) {
            pass(byRequests, second, requests, desired);
        }
    }

    @Test
    void worksFromTheFirstPassLikeAPlainTracker() {
        Recommendation said = pass(byRequests, 0, 70, 5);

        assertThat(count(said)).isBetween(10, 12);
        assertThat(said.reason()).contains("requests at 70").contains("instead of 5");
    }

    @Test
    void everyNumberThatItUsedIsInTheExplanation() {
        Recommendation said = pass(byRequests, 0, 70, 5);

        assertThat(said.inputs())
                .containsKeys(
                        "demand.replicas",
                        "forecast.replicas",
                        "forecast.needed.replicas",
                        "forecast.horizon.seconds",
                        "forecast.error.replicas",
                        "forecast.errors.kept.free",
                        "plain.tracker.replicas",
                        "missing.replicas",
                        "saturated")
                .containsEntry("demand.replicas", 7.0)
                // One second old, three seconds until a replica runs, five until the next measurement.
                .containsEntry("forecast.horizon.seconds", 9.0);
    }

    @Test
    void looksAheadAsFarAsAWorkerTakesWhenThereIsNoRoom() {
        Scaler scaler = Policies.scaler(Predictive.target(0.7));
        Recommendation said = scaler.recommend(
                PolicyContexts.pool("workers").worker("a", 1, 0.5).build());

        assertThat(said.inputs()).containsEntry("forecast.horizon.seconds", 96.0);
    }

    @Test
    void followsABurstWithinOneMetricInterval() {
        steady(7_200, 100, 15);

        assertThat(count(pass(byRequests, 7_200, 500, 15))).isBetween(50, 80);
    }

    @Test
    void setsASingleImpossibleSampleAsideAndBelievesTheSecond() {
        steady(3_600, 20, 3);

        Recommendation first = pass(byRequests, 3_600, 20_000, 3);
        assertThat(count(first)).isEqualTo(3);
        assertThat(first.reason()).contains("too far off to be believed at once");
        Recommendation second = pass(byRequests, 3_615, 19_000, 3);
        assertThat(count(second)).isGreaterThan(1_000);
    }

    @Test
    void aBurstOfEveryDayIsExpectedAndTheExplanationSaysSo() {
        int job = 4 * 3_600;
        for (int second = 0; second < 3 * 86_400 + job - 10; second += 15) {
            boolean isJob = second % 86_400 >= job && second % 86_400 < job + 60;
            pass(byRequests, second, isJob ? 400 : 100, 15);
        }

        Recommendation before = pass(byRequests, 3 * 86_400 + job - 5, 100, 15);

        assertThat(count(before)).isBetween(38, 50);
        assertThat(before.reason()).contains("a burst that comes at this time every day");
        assertThat(before.inputs().get("burst.of.every.day.replicas")).isGreaterThan(35);
    }

    @Test
    void aCounterThatWasResetIsNoLowLoad() {
        steady(3_600, 200, 30);

        Recommendation said = pass(byRequests, 3_600, 0, 30);

        assertThat(count(said)).isEqualTo(30);
        assertThat(((Recommendation.Capacity) said).lowerBound()).isTrue();
    }

    @Test
    void withoutSamplesNothingIsKnownOnTheFirstDay() {
        steady(3_600, 200, 30);

        assertThat(pass(byRequests, 3_630, Double.NaN, 30)).isInstanceOf(Recommendation.Unknown.class);
        assertThat(count(pass(byRequests, 3_645, 200, 30))).isPositive();
    }

    @Test
    void withoutSamplesOtherDaysMayLeadOutButNotIn() {
        for (int second = 0; second < 100_000; second += 60) {
            boolean noon = second % 86_400 > 10_000 && second % 86_400 < 30_000;
            pass(byRequests, second, noon ? 400 : 50, 40);
        }

        Recommendation atNight = pass(byRequests, 100_060, Double.NaN, 40);
        assertThat(count(atNight)).isGreaterThanOrEqualTo(40);
        assertThat(((Recommendation.Capacity) atNight).lowerBound()).isTrue();
        assertThat(count(pass(byRequests, 86_400 + 15_000, Double.NaN, 10))).isBetween(40, 60);
    }

    @Test
    void aNewReplicaIsNotMissedBeforeASlowSourceCanHaveMeasuredIt() {
        Scaler scaler = Policies.scaler(Predictive.target(0.7));
        PolicyContexts context = PolicyContexts.service("web")
                .reservation(1, 0)
                .limit(1, 0)
                .sampleInterval(Duration.ofSeconds(60))
                .replicas(4, 0.7);

        assertThat(scaler.recommend(
                                context.unmeasured(2, Duration.ofSeconds(50)).build())
                        .inputs())
                .containsEntry("missing.replicas", 0.0);
        assertThat(scaler.recommend(
                                context.unmeasured(1, Duration.ofSeconds(130)).build())
                        .inputs())
                .containsEntry("missing.replicas", 1.0);
    }

    @Test
    void missingReplicasCountAsBusyAndKeepItFromScalingIn() {
        Scaler scaler = Policies.scaler(Predictive.target(0.7));
        Recommendation said = scaler.recommend(PolicyContexts.service("web")
                .reservation(1, 0)
                .replicas(5, 0.1)
                .unmeasured(5)
                .build());

        assertThat(said.inputs()).containsEntry("missing.replicas", 5.0).containsEntry("demand.replicas", 1.0);
        assertThat(((Recommendation.Capacity) said).lowerBound()).isTrue();
    }

    @Test
    void aSampleOfMoreThanThereIsCountsAsMissing() {
        Scaler scaler = Policies.scaler(Predictive.target(0.7));
        Recommendation said = scaler.recommend(PolicyContexts.service("web")
                .limit(1, 0)
                .replicas(0.5, 0.5, 0.5, 40)
                .build());

        assertThat(said.inputs()).containsEntry("missing.replicas", 1.0).containsEntry("demand.replicas", 2.0);
    }

    @Test
    void onlyForecastingItTracksAndShows() {
        Scaler scaler = Policies.scaler(
                Predictive.builder().perInstance("requests", 10).forecastOnly().build());
        Recommendation said = pass(scaler, 0, 70, 5);

        assertThat(count(said)).isEqualTo(10);
        assertThat(said.reason()).contains("only forecasting").contains("would need");
        assertThat(said.inputs()).containsKey("forecast.needed.replicas");
    }

    @Test
    void theDialGoesFromCheapToSafe() {
        int cheap = count(afterADay(0));
        int balanced = count(afterADay(0.5));
        int safe = count(afterADay(1));

        assertThat(cheap).isLessThanOrEqualTo(balanced);
        assertThat(balanced).isLessThanOrEqualTo(safe);
        assertThat(cheap).isLessThan(safe);
    }

    private Recommendation afterADay(double safety) {
        state = PolicyState.NONE;
        Scaler scaler = Policies.scaler(
                Predictive.builder().perInstance("requests", 10).safety(safety).build());
        Recommendation said = Recommendation.unknown("not asked yet");
        int desired = 30;
        for (int second = 0; second < 100_000; second += 60) {
            double noisy = 200 + 60 * Math.sin(second * 0.7) * Math.sin(second * 0.013);
            said = pass(scaler, second, noisy, desired);
            desired = count(said);
        }
        return said;
    }

    @Test
    void aMemoryThatIsNotOursOrDamagedIsForgotten() {
        steady(600, 100, 15);
        String own = state.encode();
        assertThat(own.length()).isLessThan(20_000);

        for (String text :
                new String[] {"", "threshold|1", "predictive|", "predictive|!", own.substring(0, 200), own + "AAAA"}) {
            state = new PolicyState.Encoded(1, text);
            assertThat(count(pass(byRequests, 615, 70, 5))).isBetween(10, 12);
        }
        state = new PolicyState.Encoded(2, own);
        assertThat(count(pass(byRequests, 615, 70, 5))).isBetween(10, 12);
    }

    @Test
    void aMemoryFromTheFutureIsForgotten() {
        pass(byRequests, 86_400, 700, 70);

        assertThat(count(pass(byRequests, 0, 70, 5))).isBetween(10, 12);
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        Settings wrong = Settings.of(Map.of(
                "target",
                1.5,
                "safety",
                2,
                "mode",
                "sometimes",
                "perInstance",
                Map.of("task:cpu", 1, "requests", "x")));
        ConfigurationException problem = catchThrowableOfType(
                ConfigurationException.class, () -> Policies.scaler(PolicySpec.of("predictive", wrong)));

        assertThat(problem.problems()).hasSize(5);
    }

    @Test
    void declaresEverySettingThatItsFactoryWrites() {
        PolicySpec.OfType all = (PolicySpec.OfType) Predictive.builder()
                .target(0.6)
                .safety(0.2)
                .perInstance("requests", 5)
                .forecastOnly()
                .warmUp(Duration.ZERO)
                .build();

        assertThat(new PredictivePolicy().settings().stream().map(key -> key.name()))
                .containsExactlyInAnyOrderElementsOf(all.settings().keys());
    }

    @Test
    void restsAtZeroWhereItMayAndWakesWithTheFirstRequest() {
        least = 0;
        steady(3_600, 20, 4);
        int desired = 4;
        for (int second = 3_600; second < 5 * 3_600; second += 15) {
            desired = count(pass(byRequests, second, 0, desired));
        }

        assertThat(desired).isZero();
        assertThat(count(pass(byRequests, 5 * 3_600, 0.5, 0))).isEqualTo(1);
    }

    @Test
    void aGaugeThatIsNotSetIsNoLoadAndSpoilsNothing() {
        assertThat(pass(byRequests, 0, Double.MAX_VALUE, 5)).isInstanceOf(Recommendation.Unknown.class);

        assertThat(count(pass(byRequests, 15, 70, 5))).isBetween(10, 12);
    }

    @Test
    void keepsNoMoreThanThePlainTrackerThatItMayNotCostMoreThan() {
        PredictiveSettings high = new PredictiveSettings(0.95, 0.5, Map.of(), false, Duration.ZERO);

        assertThat(high.floor()).isLessThanOrEqualTo(1 / 0.95 - 1);
    }

    @Test
    void looksAheadAsFarAsAWorkerTakesWhenMoreIsExpectedThanThereIsRoomFor() {
        PolicyContexts roomForFew = PolicyContexts.service("web").desired(5).ready(5);
        Recommendation few =
                byRequests.recommend(roomForFew.whole("requests", 70).build());
        PolicyContexts roomForNone = PolicyContexts.service("web").desired(5).ready(5);
        Recommendation many =
                byRequests.recommend(roomForNone.whole("requests", 7_000).build());

        assertThat(few.inputs()).containsEntry("forecast.horizon.seconds", 9.0);
        assertThat(many.inputs()).containsEntry("forecast.horizon.seconds", 99.0);
    }

    @Test
    void ofSeveralTotalsOneThatIsNotSetDoesNotBlindForTheOthers() {
        Scaler both = Policies.scaler(Predictive.builder()
                .perInstance("requests", 10)
                .perInstance("orders", 10)
                .build());
        Recommendation.Capacity said = (Recommendation.Capacity) both.recommend(PolicyContexts.service("web")
                .desired(5)
                .ready(5)
                .whole("requests", 70)
                .whole("orders", Double.MAX_VALUE)
                .build());

        assertThat(said.count()).isBetween(10, 12);
        assertThat(said.lowerBound()).isTrue();
    }

    @Test
    void byCpuItDoesNotRestAtZeroWhereNothingCouldWakeIt() {
        Scaler byCpu = Policies.scaler(Predictive.target(0.7));
        int desired = 1;
        for (int second = 0; second < 4 * 3_600; second += 15) {
            Recommendation said = byCpu.recommend(PolicyContexts.service("web")
                    .at(MIDNIGHT.plusSeconds(second))
                    .bounds(0, 10)
                    .reservation(1, 0)
                    .state(state)
                    .replicas(1, second < 60 ? 0.3 : 0)
                    .build());
            state = said.state();
            desired = count(said);
        }

        assertThat(desired).isEqualTo(1);
    }

    @Test
    void whileReplicasWaitForAWorkerItLooksAheadAsFarAsThatTakes() {
        PolicyContexts waiting = PolicyContexts.service("web")
                .inPhase(TaskState.Phase.RUNNING, 5)
                .inPhase(TaskState.Phase.PENDING, 15);

        Recommendation said =
                byRequests.recommend(waiting.whole("requests", 120).build());

        assertThat(said.inputs()).containsEntry("forecast.horizon.seconds", 9.0);
        PolicyContexts crowded = PolicyContexts.service("web")
                .inPhase(TaskState.Phase.RUNNING, 5)
                .inPhase(TaskState.Phase.PENDING, 15);
        Recommendation more =
                byRequests.recommend(crowded.whole("requests", 150).build());
        assertThat(more.inputs()).containsEntry("forecast.horizon.seconds", 99.0);
    }
}

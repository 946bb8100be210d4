package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertsTest {

    @Test
    void anAlertIsOneStepForEachRepeatInterval() {
        Recommendation first = recommend(Alerts.steps(), web(0).desired(2).whole("alerts", 1));
        assertThat(count(first)).isEqualTo(3);

        PolicyState state = first.state();
        assertThat(count(recommend(
                        Alerts.steps(), web(59).desired(3).whole("alerts", 1).state(state))))
                .isEqualTo(3);
        assertThat(count(recommend(
                        Alerts.steps(), web(60).desired(3).whole("alerts", 1).state(state))))
                .isEqualTo(4);
    }

    @Test
    void severalAlertsAtOnceAreOneStep() {
        assertThat(count(recommend(Alerts.steps(), web(0).desired(2).whole("alerts", 3))))
                .isEqualTo(3);
    }

    @Test
    void anAlertOfUnderloadIsOneStepIn() {
        assertThat(count(recommend(Alerts.steps(), web(0).desired(3).whole("alerts", -1))))
                .isEqualTo(2);
    }

    @Test
    void whenAlertsAreResolvedTheTargetStays() {
        assertThat(count(recommend(Alerts.steps(), web(0).desired(3).whole("alerts", 0))))
                .isEqualTo(3);
    }

    @Test
    void whenNothingIsHeardNothingIsKnown() {
        assertThat(recommend(Alerts.steps(), web(0).desired(3))).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void theNextStepOfAPoolComesAfterFiveMinutes() {
        Recommendation first = recommend(Alerts.steps(), pool(0).desired(1).whole("alerts", 1));

        assertThat(count(recommend(
                        Alerts.steps(), pool(299).desired(2).whole("alerts", 1).state(first.state()))))
                .isEqualTo(2);
        assertThat(count(recommend(
                        Alerts.steps(), pool(300).desired(2).whole("alerts", 1).state(first.state()))))
                .isEqualTo(3);
    }

    @Test
    void stepAndRepeatCanBeSet() {
        PolicySpec policy = PolicySpec.of("alerts", Settings.of(Map.of("step", 2, "repeat", "10s")));
        Recommendation first = recommend(policy, web(0).desired(2).whole("alerts", 1));

        assertThat(count(first)).isEqualTo(4);
        assertThat(count(recommend(policy, web(10).desired(4).whole("alerts", 1).state(first.state()))))
                .isEqualTo(6);
        assertThatThrownBy(() -> Policies.scaler(PolicySpec.of("alerts", Settings.of("step", 0))))
                .hasMessageContaining("1 or more");
    }

    private static PolicyContexts web(int seconds) {
        return PolicyContexts.service("web").at(PolicyContexts.NOW.plus(Duration.ofSeconds(seconds)));
    }

    private static PolicyContexts pool(int seconds) {
        return PolicyContexts.pool("worker").at(PolicyContexts.NOW.plus(Duration.ofSeconds(seconds)));
    }

    private static Recommendation recommend(PolicySpec policy, PolicyContexts context) {
        return Policies.scaler(policy).recommend(context.build());
    }

    private static int count(Recommendation recommendation) {
        return ((Recommendation.Capacity) recommendation).count();
    }
}

package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.simulation.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdersPolicyTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private final Scaler scaler = scaler(Settings.of("perReplica", 20));

    private static Scaler scaler(Settings settings) {
        return new OrdersPolicy()
                .create(settings, new PluginContext("shop", "packers", VirtualTime.create(), "test", warning -> {}));
    }

    private static ScalingContext waiting(double orders, Instant now, PolicyState state) {
        return context(
                new MetricReadings(Map.of(MetricKey.host("orders.waiting"), Sample.of(orders, now)), List.of()),
                now,
                state);
    }

    private static ScalingContext context(MetricReadings metrics, Instant now, PolicyState state) {
        return new ScalingContext(
                TargetId.service("packers"),
                now,
                1,
                1,
                Bounds.of(1, 10),
                Behavior.REPLICAS,
                Optional.empty(),
                List.of(),
                List.of(),
                metrics,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(120),
                0,
                0,
                state);
    }

    private static int count(Recommendation recommendation) {
        return ((Recommendation.Capacity) recommendation).count();
    }

    @Test
    void oneReplicaForSoManyOrders() {
        assertThat(count(scaler.recommend(waiting(0, NOON, PolicyState.NONE)))).isEqualTo(1);
        assertThat(count(scaler.recommend(waiting(40, NOON, PolicyState.NONE)))).isEqualTo(2);
        assertThat(count(scaler.recommend(waiting(41, NOON, PolicyState.NONE)))).isEqualTo(3);
    }

    @Test
    void countsTheOrdersThatWillHaveComeByTheTimeAReplicaRuns() {
        Recommendation before = scaler.recommend(waiting(0, NOON, PolicyState.NONE));

        Recommendation growing = scaler.recommend(waiting(40, NOON.plusSeconds(10), before.state()));
        Recommendation shrinking = scaler.recommend(waiting(20, NOON.plusSeconds(20), growing.state()));

        assertThat(count(growing)).isEqualTo(4);
        assertThat(growing.reason()).isEqualTo("40 orders wait, and 40 more soon; one replica takes 20");
        assertThat(count(shrinking)).isEqualTo(1);
    }

    @Test
    void remembersOverARestart() {
        PolicyState saved = scaler.recommend(waiting(0, NOON, PolicyState.NONE)).state();
        PolicyState loaded = new PolicyState.Encoded(saved.version(), saved.encode());

        assertThat(count(scaler.recommend(waiting(40, NOON.plusSeconds(10), loaded))))
                .isEqualTo(4);
        assertThat(count(scaler.recommend(waiting(40, NOON.plusSeconds(10), new PolicyState.Encoded(1, "damaged x")))))
                .isEqualTo(2);
    }

    @Test
    void withoutTheMetricNothingIsKnown() {
        Recommendation before = scaler.recommend(waiting(10, NOON, PolicyState.NONE));

        Recommendation unknown = scaler.recommend(context(MetricReadings.EMPTY, NOON.plusSeconds(5), before.state()));

        assertThat(unknown).isInstanceOf(Recommendation.Unknown.class);
        assertThat(unknown.reason()).isEqualTo("orders.waiting is not known");
        assertThat(unknown.state()).isEqualTo(before.state());
    }

    @Test
    void refusesAReplicaThatTakesNothing() {
        assertThatThrownBy(() -> scaler(Settings.of("perReplica", 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must be 1 or more, got 0");
    }
}

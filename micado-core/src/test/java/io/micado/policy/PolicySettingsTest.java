package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.policy.MetricName.Scope;
import io.micado.policy.ThresholdRule.LoadBasis;
import io.micado.policy.TrackedUtilisation.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicySettingsTest {

    @Test
    void allPoliciesAreFoundByTheServiceLoader() {
        List<String> types = ServiceLoader.load(ScalingPolicy.class).stream()
                .map(provider -> provider.get().type())
                .toList();

        assertThat(types)
                .contains("target-tracking", "threshold", "predictive", "schedule", "step", "backlog", "alerts");
    }

    @Test
    void declareEverySettingThatTheFactoriesWrite() {
        PolicySpec.OfType tracking = (PolicySpec.OfType) TargetTracking.builder()
                .cpu(0.5)
                .memory(0.5)
                .perReplica("a", 1)
                .keep("b", 2)
                .warmUp(Duration.ZERO)
                .build();
        PolicySpec.OfType threshold = (PolicySpec.OfType) Threshold.builder()
                .micado03()
                .scaleOut(80)
                .scaleIn(20)
                .forOut(Duration.ZERO)
                .forIn(Duration.ZERO)
                .repeat(Duration.ZERO)
                .window(Duration.ZERO)
                .step(2)
                .ofCore()
                .antiFlap(true)
                .idleWorker(false)
                .build();

        assertThat(names(new TargetTrackingPolicy()))
                .isEqualTo(tracking.settings().keys());
        assertThat(names(new ThresholdPolicy()))
                .containsAll(threshold.settings().keys())
                .contains("evaluation", "groupWait", "groupInterval");
    }

    @Test
    void tracksCpuAt60PercentByDefault() {
        assertThat(TargetTrackingPolicy.create(Settings.EMPTY).metrics())
                .containsExactly(new TrackedUtilisation(Resource.CPU, 0.6, Duration.ofSeconds(30)));
        assertThat(TargetTrackingPolicy.create(Settings.of("memory", 0.7)).metrics())
                .containsExactly(new TrackedUtilisation(Resource.MEMORY, 0.7, Duration.ofSeconds(30)));
    }

    @Test
    void readsTextsAsAFileHasThem() {
        Settings settings =
                Settings.of(Map.of("cpu", "0.7", "warmUp", "1m", "perReplica", Map.of("host:orders.waiting", "100")));

        assertThat(TargetTrackingPolicy.create(settings).metrics())
                .containsExactly(
                        new TrackedUtilisation(Resource.CPU, 0.7, Duration.ofMinutes(1)),
                        new TrackedValue(
                                new MetricName("orders.waiting", Scope.HOST), TrackedValue.Kind.PER_REPLICA, 100));
    }

    @Test
    void readsWhereAMetricIsMeasured() {
        assertThat(MetricName.parse("orders")).isEqualTo(new MetricName("orders", Scope.ANYWHERE));
        assertThat(MetricName.parse("service:orders")).isEqualTo(new MetricName("orders", Scope.TARGET));
        assertThat(MetricName.parse("pool:orders")).isEqualTo(new MetricName("orders", Scope.TARGET));
        assertThat(MetricName.parse("Host: orders")).isEqualTo(new MetricName("orders", Scope.HOST));
        assertThat(MetricName.parse("task:orders")).isEqualTo(new MetricName("orders", Scope.EACH));
        assertThat(MetricName.parse("node:orders")).isEqualTo(new MetricName("orders", Scope.EACH));
        assertThat(MetricName.parse("job:rate5m")).isEqualTo(new MetricName("job:rate5m", Scope.ANYWHERE));
    }

    @Test
    void nameEverythingThatIsWrongAtOnceWithItsPlace() {
        SourcePosition place = new SourcePosition("micado.yaml", 7, 3);
        Settings settings = Settings.of(
                Map.of(
                        "cpu",
                        60,
                        "memory",
                        "much",
                        "warmUp",
                        "-PT1S",
                        "perReplica",
                        Map.of("orders", "none"),
                        "keep",
                        5),
                Map.of("cpu", place));

        ConfigurationException e =
                catchThrowableOfType(ConfigurationException.class, () -> TargetTrackingPolicy.create(settings));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "micado.yaml:7:3: cpu: must be above 0 and at most 1, where 0.6 is 60 %, got 60.0",
                        "memory: must be a number, got \"much\"",
                        "warmUp: must be zero or more, such as 30s, got PT-1S",
                        "perReplica: must be a number above 0 for \"orders\", got \"none\"",
                        "keep: must be a map, or pairs such as a=1,b=2, got \"5\"");
    }

    @Test
    void refuseNumbersThatAreNone() {
        for (Object wrong : List.of(0, -0.5, Double.NaN, Double.POSITIVE_INFINITY, 1.01)) {
            assertThatThrownBy(() -> TargetTrackingPolicy.create(Settings.of("cpu", wrong)))
                    .as("cpu %s", wrong)
                    .isInstanceOf(ConfigurationException.class);
        }
        for (Object wrong : List.of(0, -1, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertThatThrownBy(() -> TargetTrackingPolicy.create(Settings.of("keep", Map.of("x", wrong))))
                    .as("keep %s", wrong)
                    .isInstanceOf(ConfigurationException.class);
        }
        assertThatThrownBy(() -> TargetTrackingPolicy.create(Settings.of("keep", Map.of("host:", 1))))
                .hasMessageContaining("must name a metric");
    }

    @Test
    void takeTheThresholdsOfEitherLevel() {
        ThresholdScaler scaler = ThresholdPolicy.create(Settings.of("step", "2"));

        assertThat(scaler.service()).isEqualTo(rule(90, 10, 30, 30, 30, 60));
        assertThat(scaler.pool()).isEqualTo(rule(60, 20, 60, 120, 60, 300));
    }

    @Test
    void presetOfTheOriginalGivesItsRuleAndTiming() {
        ThresholdRule rule = ThresholdPolicy.create(Settings.of(Map.of("preset", "micado-0.3", "scaleOut", 70)))
                .service();

        assertThat(rule.scaleOut()).isEqualTo(70);
        assertThat(rule.basis()).isEqualTo(LoadBasis.CORE);
        assertThat(rule.antiFlap()).isFalse();
        assertThat(rule.idleWorker()).isTrue();
        assertThat(rule.timing())
                .isEqualTo(new AlertTiming(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(60)));
    }

    @Test
    void thresholdsHaveToBeInOrder() {
        assertThatThrownBy(() -> Threshold.of(20, 20))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("scaleIn: must be less than scaleOut, which is 20, got 20");
        assertThatThrownBy(() -> ThresholdPolicy.create(Settings.of("scaleIn", 95)))
                .hasMessage(
                        "scaleIn: must be less than scaleOut, which is 90 for services unless it is set too, got 95");
        assertThatThrownBy(() -> ThresholdPolicy.create(Settings.of("scaleIn", 60)))
                .hasMessage("scaleIn: must be less than scaleOut, which is 60 for pools unless it is set too, got 60");
        assertThatThrownBy(() -> ThresholdPolicy.create(Settings.of("scaleOut", 15)))
                .hasMessage("scaleOut: must be more than scaleIn, which is 20 for pools unless it is set too, got 15");
    }

    @Test
    void thresholdNamesEverythingThatIsWrong() {
        Settings settings = Settings.of(Map.of(
                "preset", "micado",
                "basis", "cores",
                "step", 0,
                "scaleOut", "-1",
                "antiFlap", "yes",
                "repeat", "often"));

        ConfigurationException e =
                catchThrowableOfType(ConfigurationException.class, () -> ThresholdPolicy.create(settings));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "preset: must be one of default, micado-0.3, got \"micado\"",
                        "basis: must be one of reservation, core, got \"cores\"",
                        "step: must be 1 or more, got 0",
                        "scaleOut: must be percent above 0, such as 90, got -1.0",
                        "antiFlap: must be true or false, got \"yes\"",
                        "repeat: must be a time span such as 90s, 5m, 1h30m or PT90S, got \"often\"");
    }

    @Test
    void factoriesRefuseWrongArgumentsAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTracking.cpu(1.5))
                .withMessage("cpu must be above 0 and at most 1, got 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> TargetTracking.memory(0));
        assertThatIllegalArgumentException().isThrownBy(() -> TargetTracking.of(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> TargetTracking.of("host:"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTracking.of("a").perReplica(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTracking.of("a").keep(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTracking.builder().warmUp(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.builder().scaleOut(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.builder().scaleIn(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.builder().step(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.builder().repeat(Duration.ofSeconds(-1)));
    }

    @Test
    void aReusedBuilderDoesNotChangeWhatItBuilt() {
        TargetTracking.Builder builder = TargetTracking.builder().perReplica("a", 1);
        PolicySpec first = builder.build();
        builder.perReplica("b", 2).cpu(0.5);

        assertThat(first).isEqualTo(TargetTracking.of("a").perReplica(1));
    }

    private static ThresholdRule rule(double out, double in, int forOut, int forIn, int window, int repeat) {
        return new ThresholdRule(
                out,
                in,
                Duration.ofSeconds(forOut),
                Duration.ofSeconds(forIn),
                Duration.ofSeconds(window),
                2,
                LoadBasis.RESERVATION,
                true,
                false,
                AlertTiming.eachPass(Duration.ofSeconds(repeat)));
    }

    private static Set<String> names(ScalingPolicy policy) {
        return policy.settings().stream().map(SettingKey::name).collect(java.util.stream.Collectors.toSet());
    }
}

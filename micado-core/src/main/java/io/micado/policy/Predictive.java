package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes down the policy {@code predictive}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <pre>{@code
 * ServiceSpec.builder("web").policy(Predictive.target(0.7)) …
 * ServiceSpec.builder("api").policy(Predictive.builder().perInstance("requests", 50).build()) …
 * pool.policy(Predictive.builder().target(0.6).safety(0.8).build()) …
 * }</pre>
 *
 * <p>It looks ahead exactly as far as capacity takes to arrive: the age of the measurement, the lead time as it was measured, and
 * one metric interval. Several simple forecasts, with and without what other days and weeks did at this time, compete, and the
 * one that would have left least unserved lately is used. Beside it, as much is kept free as forecasts have been wrong by
 * lately, so much on a noisy load and little on a steady one. The target says what that may cost: over some days no more
 * than a plain tracker with the same target, which runs along in its memory, would have cost, and less where less is enough; on
 * noise that passes before capacity arrives up to a quarter more. On a load that hardly changes nothing is taken away.
 * A load that uses all it has, and so cannot show what it needs, is followed by guesses that grow while it stays saturated. A
 * single sample that is far from all before is set aside until the next one confirms it. Without samples nothing is scaled in.
 */
public final class Predictive {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "predictive";

    private Predictive() {}

    /**
     * {@return the policy that costs no more than a tracker with this target of CPU utilisation}
     *
     * @param utilisation above 0 and at most 1; 0.7 is 70 %
     */
    public static PolicySpec target(double utilisation) {
        return builder().target(utilisation).build();
    }

    /** Starts the policy with its defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();
        private final Map<String, Double> perInstance = new LinkedHashMap<>();

        private Builder() {}

        /** Sets the utilisation of the plain tracker that it may not cost more than, above 0 and at most 1; default 0.7. */
        public Builder target(double utilisation) {
            if (!(utilisation > 0 && utilisation <= 1)) {
                throw new IllegalArgumentException("target must be above 0 and at most 1, got " + utilisation);
            }
            settings.put(PredictivePolicy.TARGET, utilisation);
            return this;
        }

        /** Sets where it stands between cost (0) and safety (1); default 0.5. */
        public Builder safety(double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("safety must be 0 to 1, got " + value);
            }
            settings.put(PredictivePolicy.SAFETY, value);
            return this;
        }

        /**
         * Takes a total instead of CPU: of the service or pool as a whole, else of the host program; a prefix {@code service:},
         * {@code pool:} or {@code host:} tells where to look. Of several totals the one that needs most counts.
         *
         * @param metric the metric's name
         * @param amount how much of it one replica or worker carries when it is fully used, above 0
         */
        public Builder perInstance(String metric, double amount) {
            Objects.requireNonNull(metric, "metric");
            if (MetricName.parse(metric).name().isEmpty()) {
                throw new IllegalArgumentException("metric must not be blank, got \"" + metric + "\"");
            }
            if (!(amount > 0 && Double.isFinite(amount))) {
                throw new IllegalArgumentException("amount must be above 0, got " + amount);
            }
            perInstance.put(metric, amount);
            return this;
        }

        /** Only shows its forecasts, and recommends what a plain tracker would: to see what it would do before it does. */
        public Builder forecastOnly() {
            settings.put(PredictivePolicy.MODE, PredictivePolicy.FORECAST_ONLY);
            return this;
        }

        /** Sets for how long the CPU of a new replica counts no more than that of older ones; default 30 s. */
        public Builder warmUp(Duration span) {
            if (span.isNegative()) {
                throw new IllegalArgumentException("warmUp must be zero or more, got " + span);
            }
            settings.put(PredictivePolicy.WARM_UP, span);
            return this;
        }

        /** {@return the policy} */
        public PolicySpec build() {
            Map<String, Object> all = new LinkedHashMap<>(settings);
            if (!perInstance.isEmpty()) {
                all.put(PredictivePolicy.PER_INSTANCE, new LinkedHashMap<>(perInstance));
            }
            return PolicySpec.of(TYPE, Settings.of(all));
        }
    }
}

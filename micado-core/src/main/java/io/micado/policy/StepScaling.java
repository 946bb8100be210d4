package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes down the policy {@code step}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <pre>{@code
 * ServiceSpec.builder("web").policy(StepScaling.cpu()
 *         .above(0.7, "+1").above(0.9, "+50%").below(0.3, "-1").build())
 *         .behavior(Behavior.IMMEDIATE) …
 * }</pre>
 *
 * <p>It works as step scaling of Amazon EC2 Auto Scaling does: the outermost bound that a value has passed says how large the step
 * is, and the next step waits until the last one can have had an effect. Percent are of the current count, and at least one
 * replica or worker. Whoever runs without a fresh sample, or with one of more than it can use, counts as fully used for steps
 * in, and is left out for steps out. A metric of any other name that is eight times what it was, or an eighth, is believed when
 * a later sample says the same. It brings its own waits along: {@link io.micado.api.scaling.Behavior#IMMEDIATE} adds no others.
 */
public final class StepScaling {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "step";

    private StepScaling() {}

    /** Starts with steps by CPU utilisation, as a share: 0.8 is 80 %. */
    public static Builder cpu() {
        return new Builder();
    }

    /**
     * Starts with steps by a metric of any name.
     *
     * @param metric its name, with or without a prefix as {@link TargetTracking#of} takes it
     */
    public static Builder of(String metric) {
        Builder builder = new Builder();
        builder.settings.put(StepScalingPolicy.METRIC, Objects.requireNonNull(metric, "metric"));
        return builder;
    }

    /** Collects the steps. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();
        private final List<String> steps = new ArrayList<>();

        private Builder() {}

        /**
         * Takes a step while the value is above a bound.
         *
         * @param change {@code +2}, {@code +50%} or {@code =20}
         */
        public Builder above(double bound, String change) {
            steps.add("above " + bound + ": " + change);
            return this;
        }

        /**
         * Takes a step while the value is below a bound.
         *
         * @param change {@code -1}, {@code -10%} or {@code =2}
         */
        public Builder below(double bound, String change) {
            steps.add("below " + bound + ": " + change);
            return this;
        }

        /** Sets how long after a step the next one waits; default as long as a replica or worker was measured to take. */
        public Builder pause(Duration value) {
            settings.put(StepScalingPolicy.PAUSE, value);
            return this;
        }

        /**
         * {@return the policy}
         *
         * @throws io.micado.api.error.ConfigurationException with everything that is wrong with it
         */
        public PolicySpec build() {
            Map<String, Object> all = new LinkedHashMap<>(settings);
            all.put(StepScalingPolicy.STEPS, List.copyOf(steps));
            StepScalingPolicy.create(Settings.of(all));
            return PolicySpec.of(TYPE, Settings.of(all));
        }
    }
}

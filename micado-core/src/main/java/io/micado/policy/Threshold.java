package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import io.micado.policy.ThresholdRule.LoadBasis;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes down the policy {@code threshold}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <pre>{@code
 * ServiceSpec.builder("web").policy(Threshold.of(80, 20)).behavior(Behavior.IMMEDIATE) …
 * ServiceSpec.builder("old").policy(Threshold.micado03()).behavior(Behavior.IMMEDIATE) …
 * ServiceSpec.builder("api").policy(Threshold.builder().scaleOut(80).scaleIn(20).step(2).build()) …
 * }</pre>
 *
 * <p>When the CPU load has been above the upper threshold for a while it asks for one step more, when it has been below the
 * lower one for a while for one step less, and for the next step of the same direction only some time later. It brings its
 * own waits along: {@link io.micado.api.scaling.Behavior#IMMEDIATE} adds no others, while a tolerance of 10 % would forbid it
 * to go from ten to eleven. Defaults:
 *
 * <table>
 * <caption>Defaults of either level</caption>
 * <tr><th></th><th>service</th><th>pool</th></tr>
 * <tr><td>scale out above</td><td>90 % for 30 s</td><td>60 % for 60 s</td></tr>
 * <tr><td>scale in below</td><td>10 % for 30 s</td><td>20 % for 120 s</td></tr>
 * <tr><td>next step after</td><td>60 s</td><td>300 s</td></tr>
 * <tr><td>load averaged over</td><td>30 s</td><td>60 s</td></tr>
 * </table>
 *
 * <p>Whoever runs without a fresh sample counts as fully loaded for scaling in and is left out for scaling out. Without any
 * sample the target stays as it is and the waits begin anew. The last replica or worker stays.
 */
public final class Threshold {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "threshold";

    private Threshold() {}

    /**
     * {@return the policy that scales out above one load and in below another}
     *
     * @param scaleOut percent, above 0
     * @param scaleIn percent, 0 or more and less than {@code scaleOut}
     */
    public static PolicySpec of(double scaleOut, double scaleIn) {
        return builder().scaleOut(scaleOut).scaleIn(scaleIn).build();
    }

    /**
     * {@return the rule and the timing of MiCADO 0.3}
     *
     * <p>The load of a service is the mean over its tasks and all cores of their workers; rules are evaluated every 60 s;
     * the first step is 10 s after an alert fires, and the next ones are looked at every 20 s and taken when more than 60 s
     * (services) or 300 s (pools) have passed since the last; replicas are added only while a worker has more percent of
     * idle CPU than the replica's limit has percent of a core; nothing keeps it from flapping.
     */
    public static PolicySpec micado03() {
        return builder().micado03().build();
    }

    /** Starts the policy with its defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();

        private Builder() {}

        /** Takes the rule and the timing of MiCADO 0.3, but for what is set besides; see {@link Threshold#micado03()}. */
        public Builder micado03() {
            return with(ThresholdPolicy.PRESET, ThresholdPolicy.MICADO_03);
        }

        /** Scales out above this load, in percent. */
        public Builder scaleOut(double percent) {
            if (!(percent > 0 && Double.isFinite(percent))) {
                throw new IllegalArgumentException("scaleOut must be percent above 0, got " + percent);
            }
            return with(ThresholdPolicy.SCALE_OUT, percent);
        }

        /** Scales in below this load, in percent. */
        public Builder scaleIn(double percent) {
            if (!(percent >= 0 && Double.isFinite(percent))) {
                throw new IllegalArgumentException("scaleIn must be percent, 0 or more, got " + percent);
            }
            return with(ThresholdPolicy.SCALE_IN, percent);
        }

        /** Scales out only when the load has been above for this long. */
        public Builder forOut(Duration span) {
            return with(ThresholdPolicy.FOR_OUT, span);
        }

        /** Scales in only when the load has been below for this long. */
        public Builder forIn(Duration span) {
            return with(ThresholdPolicy.FOR_IN, span);
        }

        /** Takes the next step of the same direction only so long after the last one. */
        public Builder repeat(Duration span) {
            return with(ThresholdPolicy.REPEAT, span);
        }

        /** Averages the load over this long; zero takes each measurement as it is. */
        public Builder window(Duration span) {
            return with(ThresholdPolicy.WINDOW, span);
        }

        /** Adds or takes so many at once; default 1. */
        public Builder step(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("step must be 1 or more, got " + count);
            }
            return with(ThresholdPolicy.STEP, count);
        }

        /** Takes the load of a service as a share of what its replicas reserve, else of their limit; the default. */
        public Builder ofReservation() {
            return with(ThresholdPolicy.BASIS, LoadBasis.RESERVATION.word());
        }

        /** Takes the load of a service as a share of all cores of its workers, once for each replica. */
        public Builder ofCore() {
            return with(ThresholdPolicy.BASIS, LoadBasis.CORE.word());
        }

        /** Sets whether a scale-in is skipped after which the load would be above {@code scaleOut}; default true. */
        public Builder antiFlap(boolean value) {
            return with(ThresholdPolicy.ANTI_FLAP, value);
        }

        /** Sets whether replicas are added only while a worker has more idle CPU than one may use; default false. */
        public Builder idleWorker(boolean value) {
            return with(ThresholdPolicy.IDLE_WORKER, value);
        }

        /**
         * {@return the policy}
         *
         * @throws io.micado.api.error.ConfigurationException when the thresholds are in the wrong order
         */
        public PolicySpec build() {
            Settings all = Settings.of(settings);
            ThresholdPolicy.create(all);
            return PolicySpec.of(TYPE, all);
        }

        private Builder with(String key, Object value) {
            if (value instanceof Duration span && span.isNegative()) {
                throw new IllegalArgumentException(key + " must be zero or more, got " + span);
            }
            settings.put(key, value);
            return this;
        }
    }
}

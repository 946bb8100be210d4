package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes down the policy {@code target-tracking}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <pre>{@code
 * ServiceSpec.builder("web").policy(TargetTracking.cpu(0.6)) …
 * ServiceSpec.builder("orders").policy(TargetTracking.of("orders.waiting").perReplica(100)) …
 * ServiceSpec.builder("api").policy(TargetTracking.builder().cpu(0.7).keep("latency.seconds", 0.2).build()) …
 * }</pre>
 *
 * <p>The arithmetic is that of the Kubernetes Horizontal Pod Autoscaler, version 2: {@code ceil(count × value / target)}; no
 * change within the tolerance of the target's {@link io.micado.api.scaling.Behavior}; a replica or worker without a fresh
 * sample counts as fully used on the way in and as idle on the way out; one that still starts counts as idle on the way out
 * and not at all on the way in. Of several metrics the one that needs most decides, and while one of them is unknown nothing
 * is scaled in. A sample older than three metric intervals is missing, never zero, and so is one of more CPU or memory than its
 * task or node can use; without any sample the target stays as it is. A metric of any other name that is eight times what it
 * was, or an eighth, is believed when a later sample says the same. What a service needs beyond its limits cannot be seen: the
 * reason then says that it is saturated.
 */
public final class TargetTracking {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "target-tracking";

    private TargetTracking() {}

    /**
     * {@return the policy that keeps CPU utilisation at this share}
     *
     * <p>Of a service it is a share of what its replicas reserve, else of their limit. With neither it is a share of what a
     * replica could have: its own use and what its worker has free, at most one core. Of a pool it is a share of its ready
     * workers' cores.
     *
     * @param target above 0 and at most 1; 0.6 is 60 %
     */
    public static PolicySpec cpu(double target) {
        return builder().cpu(target).build();
    }

    /**
     * {@return the policy that keeps memory utilisation at this share}
     *
     * <p>Of a service it is a share of what its replicas reserve, else of their limit, and unknown with neither. Of a pool it
     * is a share of its ready workers' memory.
     *
     * @param target above 0 and at most 1; 0.8 is 80 %
     */
    public static PolicySpec memory(double target) {
        return builder().memory(target).build();
    }

    /**
     * Starts the policy for a metric of any name. It is taken where it is found: of the service or pool as a whole, else of
     * the host program, else of each task or node. A prefix tells where to look: {@code service:}, {@code pool:},
     * {@code host:}, {@code task:} or {@code node:}, as in {@code host:orders.waiting}.
     *
     * @param metric the metric's name
     */
    public static OfMetric of(String metric) {
        return new OfMetric(metric);
    }

    /** Starts the policy for several metrics. */
    public static Builder builder() {
        return new Builder();
    }

    private static double above(double value, String what, double max, String allowed) {
        if (!(value > 0 && value <= max)) {
            throw new IllegalArgumentException(what + " must be " + allowed + ", got " + value);
        }
        return value;
    }

    /** A metric without its target. Immutable. */
    public static final class OfMetric {
        private final String metric;

        private OfMetric(String metric) {
            this.metric = checked(metric);
        }

        /** {@return the policy by which each replica carries this much of the metric's total} */
        public PolicySpec perReplica(double amount) {
            return builder().perReplica(metric, amount).build();
        }

        /** {@return the policy by which each worker carries this much of the metric's total} */
        public PolicySpec perWorker(double amount) {
            return perReplica(amount);
        }

        /** {@return the policy that keeps a metric at this value; it has to fall in proportion as there are more} */
        public PolicySpec keep(double value) {
            return builder().keep(metric, value).build();
        }
    }

    /** Collects the metrics and their targets. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();
        private final Map<String, Double> perReplica = new LinkedHashMap<>();
        private final Map<String, Double> keep = new LinkedHashMap<>();

        private Builder() {}

        /** Keeps CPU utilisation at this share, above 0 and at most 1; the default, at 0.6, when no metric is set. */
        public Builder cpu(double target) {
            settings.put(TargetTrackingPolicy.CPU, above(target, "cpu", 1, "above 0 and at most 1"));
            return this;
        }

        /** Keeps memory utilisation at this share, above 0 and at most 1. */
        public Builder memory(double target) {
            settings.put(TargetTrackingPolicy.MEMORY, above(target, "memory", 1, "above 0 and at most 1"));
            return this;
        }

        /** Lets each replica or worker carry this much of the metric's total, above 0. */
        public Builder perReplica(String metric, double amount) {
            perReplica.put(checked(metric), above(amount, "amount", Double.MAX_VALUE, "above 0"));
            return this;
        }

        /** Keeps a metric at this value, above 0. */
        public Builder keep(String metric, double value) {
            keep.put(checked(metric), above(value, "value", Double.MAX_VALUE, "above 0"));
            return this;
        }

        /**
         * Sets for how long the CPU of a new replica does not count beside older ones, because starting burns CPU that
         * serving does not; default 30 s. While all replicas are new they count, but only to scale out.
         */
        public Builder warmUp(Duration span) {
            if (span.isNegative()) {
                throw new IllegalArgumentException("warmUp must be zero or more, got " + span);
            }
            settings.put(TargetTrackingPolicy.WARM_UP, span);
            return this;
        }

        /** {@return the policy} */
        public PolicySpec build() {
            Map<String, Object> all = new LinkedHashMap<>(settings);
            if (!perReplica.isEmpty()) {
                all.put(TargetTrackingPolicy.PER_REPLICA, new LinkedHashMap<>(perReplica));
            }
            if (!keep.isEmpty()) {
                all.put(TargetTrackingPolicy.KEEP, new LinkedHashMap<>(keep));
            }
            return PolicySpec.of(TYPE, Settings.of(all));
        }
    }

    private static String checked(String metric) {
        Objects.requireNonNull(metric, "metric");
        if (MetricName.parse(metric).name().isEmpty()) {
            throw new IllegalArgumentException("metric must not be blank, got \"" + metric + "\"");
        }
        return metric;
    }
}

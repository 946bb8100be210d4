package io.micado.examples;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A policy of one's own, {@code orders}: enough replicas for the orders that wait, and for those that will have come by the time a
 * new replica runs. Found through {@link java.util.ServiceLoader}, called by the engine. Immutable.
 *
 * <p>It shows what a policy is made of: settings that are checked before anything starts, a metric of the host program, the case that
 * nothing is known, and a memory that goes in and out as text.
 *
 * <pre>{@code
 * service.policy(PolicySpec.of("orders", Settings.of("perReplica", 20)))
 * }</pre>
 */
public final class OrdersPolicy implements ScalingPolicy {
    /** The policy's type. */
    public static final String TYPE = "orders";

    private static final String METRIC = "metric";
    private static final String DEFAULT_METRIC = "orders.waiting";
    private static final String PER_REPLICA = "perReplica";

    /** Does nothing; called by the {@link java.util.ServiceLoader}. */
    public OrdersPolicy() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.required(
                        PER_REPLICA,
                        SettingKey.Type.INTEGER,
                        "20",
                        "how many waiting orders one replica is to have, 1 or more"),
                SettingKey.optional(
                        METRIC,
                        SettingKey.Type.STRING,
                        DEFAULT_METRIC,
                        "the host program's name for the orders that wait"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        int perReplica = settings.integer(PER_REPLICA, 1);
        if (perReplica < 1) {
            throw settings.problem(PER_REPLICA, "must be 1 or more, got " + perReplica);
        }
        MetricKey metric = MetricKey.host(settings.string(METRIC, DEFAULT_METRIC));
        return in -> recommend(in, metric, perReplica);
    }

    private static Recommendation recommend(ScalingContext in, MetricKey metric, int perReplica) {
        Optional<Sample> sample = in.metrics().get(metric);
        if (sample.isEmpty()) {
            return Recommendation.unknown(metric.metric() + " is not known").remembering(in.state());
        }
        Seen now = new Seen(in.now(), sample.get().value());
        double growth =
                Seen.of(in.state()).map(before -> now.growthSince(before)).orElse(0.0);
        double soon = growth * in.replicaLeadTime().toMillis() / 1000;
        int count = Math.max(1, (int) Math.ceil((now.waiting() + soon) / perReplica));
        String reason = Math.round(now.waiting()) + " orders wait"
                + (soon >= 1 ? ", and " + Math.round(soon) + " more soon" : "") + "; one replica takes " + perReplica;
        return Recommendation.of(count, reason)
                .with("orders.waiting", now.waiting())
                .with("orders.growth.per.second", growth)
                .remembering(now);
    }

    /**
     * What the policy remembers from one pass to the next. Immutable.
     *
     * @param at when it looked
     * @param waiting how many orders waited
     */
    private record Seen(Instant at, double waiting) implements PolicyState {
        private static final int VERSION = 1;

        /** Its own memory as it left it, or as it was saved by an earlier run; empty when there is none that it understands. */
        static Optional<Seen> of(PolicyState state) {
            if (state instanceof Seen seen) {
                return Optional.of(seen);
            }
            String[] parts = state.encode().split(" ", -1);
            try {
                return state.version() == VERSION && parts.length == 2
                        ? Optional.of(new Seen(Instant.parse(parts[0]), Double.parseDouble(parts[1])))
                        : Optional.empty();
            } catch (RuntimeException e) { // damaged: to start anew is safe
                return Optional.empty();
            }
        }

        @Override
        public int version() {
            return VERSION;
        }

        @Override
        public String encode() {
            return at + " " + waiting;
        }

        /** How many more orders wait each second; never negative, since a queue that shrinks is no reason to slow down. */
        double growthSince(Seen before) {
            double seconds = Duration.between(before.at, at).toMillis() / 1000.0;
            return seconds <= 0 ? 0 : Math.max(0, (waiting - before.waiting) / seconds);
        }
    }
}

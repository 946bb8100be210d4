package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes down the policy {@code backlog}, for a service or a pool that works through a queue; used by the host program. Not
 * instantiable.
 *
 * <pre>{@code
 * micado.gauge("orders.waiting", queue::size);
 * ServiceSpec.builder("worker").replicas(0, 50)
 *         .policy(Backlog.of("orders.waiting").within(Duration.ofMinutes(2)).eachHandles(5).build()) …
 * }</pre>
 *
 * <p>Each item is due so long after it came, and what came first is taken to be handled first. As many are recommended as handle by
 * then what is due then, and what arrives meanwhile: what is ready works all the time that is left, what is added begins a lead time
 * later, of a service after a worker's where there is no place; when that takes up more than half of the time, half of the time is
 * counted. So nothing is taken away that is needed to be in time, and more is asked for when too little came. What is late is to be
 * done within a minute, or a lead time when that is longer, or half of the time when that is shorter. A queue that is eight times as long as it was, and more than eight can
 * handle in time, is believed when a later sample says the same.
 *
 * <p>What one handles is given, or learned while there is enough to do for all. With nothing to do it recommends none, so that a
 * service whose least number is 0 comes back by itself as soon as something waits. Work that has begun is seen only in what is
 * handled: while that is above 0 one is kept. Where an item takes longer than samples are apart let the queue's length tell of those
 * in work, too. The name and the idea are those of Amazon's "backlog per instance".
 */
public final class Backlog {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "backlog";

    private Backlog() {}

    /**
     * Starts with the metric of how many items wait.
     *
     * @param waiting its name, with or without one of the prefixes {@code service:}, {@code pool:} and {@code host:}
     */
    public static Builder of(String waiting) {
        return new Builder(Objects.requireNonNull(waiting, "waiting"));
    }

    /** Collects the settings. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();

        private Builder(String waiting) {
            settings.put(BacklogPolicy.WAITING, waiting);
        }

        /** Handles each item within this time after it came, above zero. Required. */
        public Builder within(Duration value) {
            settings.put(BacklogPolicy.WITHIN, value);
            return this;
        }

        /** Handles all that come before this time by then at the latest; default never. */
        public Builder by(Instant value) {
            settings.put(BacklogPolicy.BY, value.toString());
            return this;
        }

        /** Takes it that one handles so many items in a second, above 0. */
        public Builder eachHandles(double itemsPerSecond) {
            settings.put(BacklogPolicy.EACH, itemsPerSecond);
            return this;
        }

        /**
         * Learns how many one handles from the metric of how many items all handle in a second, unless {@link #eachHandles} tells, and
         * keeps one while it is above 0.
         */
        public Builder learningFrom(String handledPerSecond) {
            settings.put(BacklogPolicy.HANDLED, handledPerSecond);
            return this;
        }

        /** Counts what arrives meanwhile, by the metric of how many items arrive in a second; default none. */
        public Builder arrivals(String arrivalsPerSecond) {
            settings.put(BacklogPolicy.ARRIVALS, arrivalsPerSecond);
            return this;
        }

        /** Takes up to so many waiting items for none; default 0. */
        public Builder activation(double items) {
            settings.put(BacklogPolicy.ACTIVATION, items);
            return this;
        }

        /**
         * {@return the policy}
         *
         * @throws io.micado.api.error.ConfigurationException with everything that is wrong with it
         */
        public PolicySpec build() {
            Settings all = Settings.of(settings);
            BacklogPolicy.create(all);
            return PolicySpec.of(TYPE, all);
        }
    }
}

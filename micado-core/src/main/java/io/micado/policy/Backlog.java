package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
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
 * <p>It recommends {@code ceil((waiting / (within − lead time) + arrivals) / each)}: those that are added begin a lead time later;
 * when that takes up more than half of the time, half of the time is counted. What one handles is given, or learned while there
 * is enough to do for all. With nothing to do it recommends none, so that a service whose least number is 0 comes back by itself
 * as soon as something waits. The name and the idea are those of Amazon's "backlog per instance".
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

        /** Handles all that wait within this time, above zero. Required. */
        public Builder within(Duration value) {
            settings.put(BacklogPolicy.WITHIN, value);
            return this;
        }

        /** Takes it that one handles so many items in a second, above 0. */
        public Builder eachHandles(double itemsPerSecond) {
            settings.put(BacklogPolicy.EACH, itemsPerSecond);
            return this;
        }

        /** Learns how many one handles from the metric of how many items all handle in a second. */
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

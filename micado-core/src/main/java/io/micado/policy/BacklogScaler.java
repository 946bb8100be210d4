package io.micado.policy;

import io.micado.api.metric.Sample;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Recommends as many as handle what waits by the time it is due, and what arrives meanwhile, called by the engine on its policy
 * threads. Immutable.
 *
 * @param waiting the metric of how many items wait
 * @param within how long after it came an item is due
 * @param by when all that came before are due at the latest; empty for never
 * @param each how many items one handles in a second; empty to learn it
 * @param handled the metric of how many items all handle in a second; empty when nobody measures it
 * @param arrivals the metric of how many items arrive in a second; empty for none
 * @param activation up to how many waiting items count as none
 */
record BacklogScaler(
        MetricName waiting,
        Duration within,
        Optional<Instant> by,
        OptionalDouble each,
        Optional<MetricName> handled,
        Optional<MetricName> arrivals,
        double activation)
        implements Scaler {

    /** Items that came within such a part of the time count as having come together. */
    private static final int TOGETHER = 20;

    @Override
    public Recommendation recommend(ScalingContext in) {
        FreshMetrics metrics = new FreshMetrics(in);
        BacklogState before = BacklogState.of(in.state()).asOf(in.now());
        Optional<Sample> length = waiting.whole(in.target(), metrics);
        if (length.isEmpty()) {
            return Recommendation.unknown(waiting.name() + ": no fresh sample").remembering(before);
        }
        double items = Math.max(0, length.get().value());
        Beliefs beliefs = Beliefs.of(before.beliefs());
        double little = Math.max(1, each.orElse(before.each()) * seconds(within));
        if (!beliefs.accept(waiting.name(), items, little, Observed.of(length.get()))) {
            String level = Words.number(beliefs.level(waiting.name()));
            return Beliefs.setAside(in, waiting.name() + " at " + Words.number(items) + ", after " + level)
                    .with(waiting.name() + ".value", items)
                    .remembering(before.believing(beliefs));
        }
        return new BacklogPass(this, in, metrics, before.believing(beliefs), length.get()).recommend();
    }

    /** {@return when what comes now is due} */
    Instant due(Instant now) {
        Instant usual = now.plus(within);
        return by.filter(last -> now.isBefore(last) && last.isBefore(usual)).orElse(usual);
    }

    /** {@return for how long what has come counts as having come together, in milliseconds} */
    long together() {
        return within.toMillis() / TOGETHER;
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}

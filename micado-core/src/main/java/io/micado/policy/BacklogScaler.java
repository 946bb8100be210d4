package io.micado.policy;

import io.micado.api.metric.Sample;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Recommends as many as handle what waits by the deadline, and what arrives meanwhile, called by the engine on its policy
 * threads. Immutable.
 *
 * @param waiting the metric of how many items wait
 * @param within by when all of them are to be handled
 * @param each how many items one handles in a second; empty to learn it
 * @param handled the metric of how many items all handle in a second; empty when {@code each} is given
 * @param arrivals the metric of how many items arrive in a second; empty for none
 * @param activation up to how many waiting items count as none
 */
record BacklogScaler(
        MetricName waiting,
        Duration within,
        OptionalDouble each,
        Optional<MetricName> handled,
        Optional<MetricName> arrivals,
        double activation)
        implements Scaler {

    @Override
    public Recommendation recommend(ScalingContext in) {
        FreshMetrics metrics = new FreshMetrics(in);
        BacklogState before = BacklogState.of(in.state());
        Optional<Sample> length = waiting.whole(in.target(), metrics);
        if (length.isEmpty()) {
            return Recommendation.unknown(waiting.name() + ": no fresh sample").remembering(before);
        }
        double items = Math.max(0, length.get().value());
        BacklogState after = learn(in, metrics, before, items);
        Optional<Double> arriving = arrivals.isEmpty()
                ? Optional.of(0.0)
                : arrivals.get().whole(in.target(), metrics).map(Sample::value);
        double rate = each.orElse(after.each());
        Recommendation.Capacity answer = rate > 0
                ? byDeadline(in, items, Math.max(0, arriving.orElse(0.0)), rate)
                : untilTheRateIsKnown(in, items);
        // Without knowing what arrives, what waits alone is too little to take one away.
        boolean incomplete = arriving.isEmpty() || rate <= 0;
        return (incomplete ? answer.asLowerBound() : answer)
                .with(waiting.name() + ".value", items)
                .with("each.per.second", rate)
                .remembering(after);
    }

    /** Only while there is enough to do for all does what they handle tell what they can. */
    private BacklogState learn(ScalingContext in, FreshMetrics metrics, BacklogState before, double items) {
        if (handled.isEmpty() || in.ready() == 0 || items < in.ready()) {
            return before;
        }
        double inAll =
                handled.get().whole(in.target(), metrics).map(Sample::value).orElse(0.0);
        return inAll > 0 ? before.seeing(inAll / in.ready()) : before;
    }

    private Recommendation.Capacity byDeadline(ScalingContext in, double items, double arriving, double rate) {
        double toHandle = items > activation ? items : 0;
        double seconds = usable(in).toMillis() / 1000.0;
        int count = (int) Math.min(Integer.MAX_VALUE, Math.ceil((toHandle / seconds + arriving) / rate - 1e-9));
        String reason = Words.number(items) + " " + waiting.name() + ", done within " + Words.seconds(within)
                + (arriving > 0 ? " besides " + Words.number(arriving) + " arriving in a second" : "") + ", at "
                + Words.number(rate) + " in a second each: needs "
                + Words.count(count, in.target().unit());
        return Recommendation.of(count, reason).with("usable.seconds", seconds);
    }

    private Recommendation.Capacity untilTheRateIsKnown(ScalingContext in, double items) {
        int count = items > activation ? Math.max(1, in.desired()) : in.desired();
        return Recommendation.of(
                count,
                Words.number(items) + " " + waiting.name()
                        + "; how many one handles in a second has not been seen yet");
    }

    /** Those that are added begin a lead time later; when that takes up the deadline, half of it is counted. */
    private Duration usable(ScalingContext in) {
        Duration lead = in.target().level() == TargetId.Level.POOL ? in.workerLeadTime() : in.replicaLeadTime();
        Duration left = within.minus(lead);
        Duration half = within.dividedBy(2);
        return left.compareTo(half) > 0 ? left : half;
    }
}

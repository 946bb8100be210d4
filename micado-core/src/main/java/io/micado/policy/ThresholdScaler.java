package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Recommends one step more when the load has been above a threshold for a while, and one less when it has been below another,
 * called by the engine on its policy threads. Immutable.
 *
 * <p>What it asks for it goes on asking for until it is given or the load has changed, so that a stabilization window, a
 * cooldown or a failed effect delays a step and does not swallow it.
 *
 * @param service the rule for services
 * @param pool the rule for pools
 */
record ThresholdScaler(ThresholdRule service, ThresholdRule pool) implements Scaler {
    /** Nobody knows what the load was while nobody looked for so long, or for three metric intervals if that is longer. */
    private static final Duration LONGEST_GAP = Duration.ofMinutes(2);

    @Override
    public Recommendation recommend(ScalingContext in) {
        ThresholdRule rule = in.target().level() == TargetId.Level.SERVICE ? service : pool;
        Instant now = in.now().truncatedTo(ChronoUnit.MILLIS);
        Duration threeIntervals = in.metricInterval().multipliedBy(3);
        ThresholdState before = ThresholdState.of(
                in.state(), now, threeIntervals.compareTo(LONGEST_GAP) > 0 ? threeIntervals : LONGEST_GAP);
        return ThresholdLoad.measure(in, rule.basis())
                .map(load -> new ThresholdPass(rule, in, now, before, load).recommend())
                .orElseGet(() -> Recommendation.unknown("cpu: no fresh sample of any of the "
                                + Words.count(in.desired(), in.target().unit()))
                        .remembering(withoutLoad(rule, before, now)));
    }

    /** Whether the load is still above or below, nobody can tell: the wait begins anew. */
    private static PolicyState withoutLoad(ThresholdRule rule, ThresholdState before, Instant now) {
        if (!rule.timing().evaluates(before.evaluatedAt(), now)) {
            return new ThresholdState(
                    now,
                    before.evaluatedAt(),
                    before.load(),
                    before.cautiousLoad(),
                    before.above(),
                    before.below(),
                    before.ask());
        }
        return new ThresholdState(
                now,
                Optional.of(rule.timing().evaluationAt(before.evaluatedAt(), now)),
                before.load(),
                before.cautiousLoad(),
                before.above().quiet(rule.timing()),
                before.below().quiet(rule.timing()),
                Optional.empty());
    }
}

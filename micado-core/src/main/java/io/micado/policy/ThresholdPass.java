package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import io.micado.policy.ThresholdState.Ask;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One pass of {@link ThresholdScaler} over one target, in which the load is known. Confined to one thread. */
final class ThresholdPass {
    private final ThresholdRule rule;
    private final ScalingContext in;
    private final Instant now;
    private final ThresholdState before;
    private final ThresholdLoad load;

    private final MovingAverage average;
    private final MovingAverage cautiousAverage;
    private Alert above;
    private Alert below;
    private Optional<Ask> ask;
    /** Why a step that was due is not asked for; empty when none was. */
    private String blocked = "";

    ThresholdPass(ThresholdRule rule, ScalingContext in, Instant now, ThresholdState before, ThresholdLoad load) {
        this.rule = rule;
        this.in = in;
        this.now = now;
        this.before = before;
        this.load = load;
        average = before.load().plus(load.known(), now, rule.window(), in.metricInterval());
        cautiousAverage = before.cautiousLoad().plus(load.cautious(), now, rule.window(), in.metricInterval());
        above = before.above();
        below = before.below();
        ask = before.ask();
    }

    Recommendation recommend() {
        Optional<Instant> evaluatedAt = before.evaluatedAt();
        if (rule.timing().evaluates(evaluatedAt, now)) {
            above = above.evaluated(average.mean() > rule.scaleOut(), rule.forOut(), rule.timing(), now);
            below = below.evaluated(cautiousAverage.mean() < rule.scaleIn(), rule.forIn(), rule.timing(), now);
            evaluatedAt = Optional.of(rule.timing().evaluationAt(evaluatedAt, now));
        }
        ask = ask.filter(this::isStillWanted);
        if (above.isDue(rule.timing(), now)) {
            above = scaleOut();
        } else if (below.isDue(rule.timing(), now)) {
            below = scaleIn();
        }
        int count = ask.map(Ask::to).orElse(in.desired());
        return Recommendation.of(count, reason())
                .withDeadBandApplied()
                .with("cpu.load.percent", load.known())
                .with("cpu.average.percent", average.mean())
                .with("cpu.cautious.average.percent", cautiousAverage.mean())
                .with("scaleOut.percent", rule.scaleOut())
                .with("scaleIn.percent", rule.scaleIn())
                .with("cpu.ready." + in.target().unit(), load.measured())
                .with("cpu.missing." + in.target().unit(), load.missing())
                .remembering(new ThresholdState(now, evaluatedAt, average, cautiousAverage, above, below, ask));
    }

    private boolean isStillWanted(Ask asked) {
        boolean holds =
                (asked.to() > asked.from() ? above : below).firingSince().isPresent();
        return holds && in.desired() == asked.from();
    }

    private Alert scaleOut() {
        if (rule.idleWorker() && in.service().isPresent() && !ThresholdLoad.hasIdleWorker(in)) {
            return blocked(above, "no worker has more idle CPU than one replica may use");
        }
        ask = Optional.of(new Ask(in.desired(), in.desired() + rule.step()));
        return above.notified(rule.timing(), now);
    }

    private Alert scaleIn() {
        int fewer = Math.max(1, in.desired() - rule.step());
        if (fewer >= in.desired()) {
            return blocked(below, "the last one stays");
        }
        double projected = cautiousAverage.mean() * in.desired() / fewer;
        if (rule.antiFlap() && projected > rule.scaleOut()) {
            return blocked(below, "the others would then be at " + Words.percent(projected));
        }
        ask = Optional.of(new Ask(in.desired(), fewer));
        return below.notified(rule.timing(), now);
    }

    private Alert blocked(Alert alert, String why) {
        blocked = why;
        ask = Optional.empty();
        // Where looks are rare, one that led to nothing was a notification all the same.
        return rule.timing().forgetsWhatHasGone() ? alert.notified(rule.timing(), now) : alert;
    }

    private String reason() {
        boolean isBelow = below.since().isPresent() && above.since().isEmpty();
        String loadIs = "cpu load " + Words.percent((isBelow ? cautiousAverage : average).mean()) + " " + load.basis();
        if (above.since().isEmpty() && !isBelow) {
            return loadIs + ", between " + Words.percent(rule.scaleIn()) + " and " + Words.percent(rule.scaleOut());
        }
        Alert alert = isBelow ? below : above;
        Duration enough = isBelow ? rule.forIn() : rule.forOut();
        String side =
                isBelow ? ", below " + Words.percent(rule.scaleIn()) : ", above " + Words.percent(rule.scaleOut());
        String held =
                side + " for " + Words.seconds(Duration.between(alert.since().orElse(now), now));
        if (ask.isPresent()) {
            return loadIs + held + ": " + ask.get().to() + " instead of " + in.desired();
        }
        if (!blocked.isEmpty()) {
            return loadIs + held + ": " + blocked;
        }
        if (alert.firingSince().isEmpty()) {
            return loadIs + held + ", acts after " + Words.seconds(enough);
        }
        return loadIs
                + held
                + alert.notifiedAt()
                        .map(last -> ": a step was due " + Words.seconds(Duration.between(last, now))
                                + " ago, the next one after "
                                + Words.seconds(rule.timing().repeat()))
                        .orElse(": is about to act");
    }
}

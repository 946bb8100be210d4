package io.micado.policy;

import io.micado.policy.ThresholdRule.LoadBasis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the user set of a {@link ThresholdRule}, over the defaults of either level. Made by {@link ThresholdPolicy} while it
 * is created. Immutable.
 */
record ThresholdSettings(
        Optional<Double> scaleOut,
        Optional<Double> scaleIn,
        Optional<Duration> forOut,
        Optional<Duration> forIn,
        Optional<Duration> repeat,
        Optional<Duration> window,
        Optional<Integer> step,
        Optional<LoadBasis> basis,
        Optional<Boolean> antiFlap,
        Optional<Boolean> idleWorker,
        Optional<Duration> evaluation,
        Optional<Duration> groupWait,
        Optional<Duration> groupInterval) {

    /** {@return what was set; problems are noted by the reader} */
    static ThresholdSettings read(SettingsReader reader) {
        return new ThresholdSettings(
                reader.number(
                        ThresholdPolicy.SCALE_OUT, v -> v > 0 && Double.isFinite(v), "percent above 0, such as 90"),
                reader.number(
                        ThresholdPolicy.SCALE_IN, v -> v >= 0 && Double.isFinite(v), "percent, 0 or more, such as 10"),
                reader.duration(ThresholdPolicy.FOR_OUT),
                reader.duration(ThresholdPolicy.FOR_IN),
                reader.duration(ThresholdPolicy.REPEAT),
                reader.duration(ThresholdPolicy.WINDOW),
                reader.integer(ThresholdPolicy.STEP, v -> v >= 1, "1 or more"),
                reader.choice(ThresholdPolicy.BASIS, List.of(LoadBasis.values()), LoadBasis::word),
                reader.bool(ThresholdPolicy.ANTI_FLAP),
                reader.bool(ThresholdPolicy.IDLE_WORKER),
                reader.duration(ThresholdPolicy.EVALUATION),
                reader.duration(ThresholdPolicy.GROUP_WAIT),
                reader.duration(ThresholdPolicy.GROUP_INTERVAL));
    }

    /** {@return the rule with what was set instead of its defaults} */
    ThresholdRule over(ThresholdRule rule) {
        AlertTiming timing = rule.timing();
        return new ThresholdRule(
                scaleOut.orElse(rule.scaleOut()),
                scaleIn.orElse(rule.scaleIn()),
                forOut.orElse(rule.forOut()),
                forIn.orElse(rule.forIn()),
                window.orElse(rule.window()),
                step.orElse(rule.step()),
                basis.orElse(rule.basis()),
                antiFlap.orElse(rule.antiFlap()),
                idleWorker.orElse(rule.idleWorker()),
                new AlertTiming(
                        evaluation.orElse(timing.evaluation()),
                        groupWait.orElse(timing.groupWait()),
                        groupInterval.orElse(timing.groupInterval()),
                        repeat.orElse(timing.repeat())));
    }

    /** Notes when the thresholds are in the wrong order, on the level where they are. */
    void checkOrder(ThresholdRule service, ThresholdRule pool, SettingsReader reader) {
        if (service.scaleIn() >= service.scaleOut()) {
            noteOrder(service, "services", reader);
        } else if (pool.scaleIn() >= pool.scaleOut()) {
            noteOrder(pool, "pools", reader);
        }
    }

    private void noteOrder(ThresholdRule rule, String level, SettingsReader reader) {
        String out = Words.number(rule.scaleOut());
        String in = Words.number(rule.scaleIn());
        String byDefault = " for " + level + " unless it is set too";
        if (scaleIn.isPresent()) {
            reader.problem(
                    ThresholdPolicy.SCALE_IN,
                    "must be less than scaleOut, which is " + out + (scaleOut.isPresent() ? "" : byDefault) + ", got "
                            + in);
        } else {
            reader.problem(
                    ThresholdPolicy.SCALE_OUT,
                    "must be more than scaleIn, which is " + in + byDefault + ", got " + out);
        }
    }
}

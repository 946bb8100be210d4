package io.micado.api.scaling;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What was decided for one target in one pass, and the whole way to it, no-ops included: it answers both "why did it scale?"
 * and "why did it not?". Immutable.
 *
 * @param target what is scaled
 * @param at when, by the wall clock
 * @param from how many there were
 * @param to how many there are to be
 * @param raw what the policy said; empty when it could not say
 * @param policy the policy's type
 * @param inputs the numbers that the policy used, in the order to show them
 * @param steps the way from the raw number to the final one, in order
 * @param binding the rule that bound it in the end; {@link Rule#NONE} when the recommendation went through
 * @param reason one sentence for people
 * @param repeated how many passes in a row came to the same, this one included
 * @param since when the first of these passes was
 */
public record Decision(
        TargetId target,
        Instant at,
        int from,
        int to,
        OptionalInt raw,
        String policy,
        Map<String, Double> inputs,
        List<Step> steps,
        Rule binding,
        String reason,
        int repeated,
        Instant since) {

    /** Copies the collections and checks that nothing is null. */
    public Decision {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(raw, "raw");
        Objects.requireNonNull(policy, "policy");
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        steps = List.copyOf(steps);
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
    }

    /** {@return whether anything is to change} */
    public boolean changesSomething() {
        return from != to;
    }

    /** {@return whether the other one says the same of the same target, whatever the inputs' exact values} */
    public boolean sameOutcome(Decision other) {
        return target.equals(other.target)
                && from == other.from
                && to == other.to
                && binding == other.binding
                && raw.equals(other.raw);
    }

    /** {@return this one, folded with an equal one before it} */
    public Decision foldedWith(Decision before) {
        return new Decision(
                target, at, from, to, raw, policy, inputs, steps, binding, reason, before.repeated + 1, before.since);
    }

    /**
     * One step on the way.
     *
     * @param rule the rule that applied
     * @param before the number before
     * @param after the number after
     * @param note why, for people
     */
    public record Step(Rule rule, int before, int after, String note) {
        /** Checks that nothing is null. */
        public Step {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(note, "note");
        }
    }
}

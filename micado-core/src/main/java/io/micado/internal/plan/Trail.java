package io.micado.internal.plan;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Decision.Step;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The way of one number from what there is to what is decided, step by step, as the planners take it. Confined to one call of
 * the planner.
 */
final class Trail {
    private final int from;
    private final List<Step> steps = new ArrayList<>();
    private int value;
    private Rule binding = Rule.NONE;
    private String bindingNote = "";
    private String recommendedWhy = "";
    private String remarks = "";

    /** Starts at what there is. */
    Trail(int from) {
        this.from = from;
        this.value = from;
    }

    /** {@return the number so far} */
    int value() {
        return value;
    }

    /** {@return what there was in the beginning} */
    int from() {
        return from;
    }

    /** {@return whether a rule has decided the number so far} */
    boolean isBound() {
        return binding != Rule.NONE;
    }

    /** {@return why the number is what it is so far, for people} */
    String why() {
        return bindingNote.isEmpty() ? recommendedWhy : bindingNote;
    }

    /** Notes what the policy said: it starts the way and binds nothing. */
    void recommend(int count, String note) {
        steps.add(new Step(Rule.RECOMMENDATION, value, count, note));
        recommendedWhy = note;
        value = count;
    }

    /** Takes a step. One that leaves the number as it is does not bind and is kept only when it says something. */
    void step(Rule rule, int after, String note) {
        if (after == value && note.isEmpty()) {
            return;
        }
        if (after == value) {
            steps.add(new Step(rule, value, after, note));
        } else {
            bind(rule, after, note);
        }
    }

    /** Takes a step that decides the number, even if it leaves it as it is. */
    void bind(Rule rule, int after, String note) {
        steps.add(new Step(rule, value, after, note));
        binding = rule;
        bindingNote = note;
        value = after;
    }

    /** Notes what comes with the number but does not decide it. */
    void remark(Rule rule, String note) {
        steps.add(new Step(rule, value, value, note));
        remarks += "; " + note;
    }

    /** {@return the decision at the end of the way, made at this time of the wall clock} */
    Decision decide(TargetId target, Instant at, String policy, Recommendation said, Map<String, Double> moreInputs) {
        Map<String, Double> inputs = new LinkedHashMap<>(said.inputs());
        inputs.putAll(moreInputs);
        OptionalInt raw = said instanceof Recommendation.Capacity capacity
                ? OptionalInt.of(capacity.count())
                : OptionalInt.empty();
        return new Decision(
                target, at, from, value, raw, policy, inputs, steps, binding, sentence(said, target), 1, at);
    }

    private String sentence(Recommendation said, TargetId target) {
        String ended =
                value == from ? "stays at " + value + " " + target.unit() : from + " -> " + value + " " + target.unit();
        if (binding == Rule.NONE) {
            return ended + ": " + said.reason() + remarks;
        }
        boolean unknown = said instanceof Recommendation.Unknown;
        return ended + ": " + bindingNote
                + (unknown && binding == Rule.UNKNOWN ? "" : " (policy: " + said.reason() + ")")
                + remarks;
    }
}

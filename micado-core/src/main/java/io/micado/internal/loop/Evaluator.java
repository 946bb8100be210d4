package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Faults;
import io.micado.internal.call.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policies, each with a deadline and on threads of their own, and keeps what they want to remember. Confined to the
 * loop thread.
 *
 * <p>A policy that throws, hangs or answers nonsense makes its own target unknown and nobody else's. One that misses its
 * deadline is set apart: the others get fresh threads, and it is asked on a thread of its own, which no pass waits for, until it
 * answers in time again.
 */
final class Evaluator {
    private static final int THREADS = 4;

    private final Timekeeper time;
    private final Calls calls;
    private final Consumer<MicadoEvent> events;
    private final Map<TargetId, PolicyState> states = new HashMap<>();
    private final Set<TargetId> failing = new HashSet<>();
    private final Map<TargetId, Apart> apart = new HashMap<>();
    private final Set<TargetId> asked = new HashSet<>();
    /** Those whose memory was replaced while they were asked on what they remembered before. */
    private final Set<TargetId> outdated = new HashSet<>();

    private BoundedExecutor executor;
    private boolean hung;

    /** A policy that missed its deadline, with a thread of its own. */
    private static final class Apart {
        private final BoundedExecutor executor;
        private boolean asked;

        private Apart(BoundedExecutor executor) {
            this.executor = executor;
        }
    }

    Evaluator(Timekeeper time, Calls calls, Consumer<MicadoEvent> events) {
        this.time = time;
        this.calls = calls;
        this.events = events;
        executor = time.boundedExecutor("micado-policy", THREADS);
    }

    private record Answer(@Nullable Recommendation recommendation, String problem) {}

    /** One target to ask about; the context is made on the policy's thread. */
    record Question(TargetId target, Scaler scaler, Supplier<ScalingContext> context) {}

    /** Asks about all targets; the answer comes once, on the loop thread, when every policy has answered or failed. */
    void evaluate(Iterable<Question> questions, Consumer<Map<TargetId, Recommendation>> then) {
        if (hung) {
            replaceThreads();
        }
        Map<TargetId, Recommendation> answers = new LinkedHashMap<>();
        Set<TargetId> open = new HashSet<>();
        for (Question question : questions) {
            Apart hanging = apart.get(question.target());
            if (hanging != null) {
                answers.put(question.target(), Recommendation.unknown("its policy has not answered in time"));
                askApart(question, hanging);
            } else {
                open.add(question.target());
            }
        }
        if (open.isEmpty()) {
            then.accept(answers);
            return;
        }
        for (Question question : questions) {
            if (open.contains(question.target())) {
                ask(question, recommendation -> {
                    answers.put(question.target(), recommendation);
                    open.remove(question.target());
                    if (open.isEmpty()) {
                        then.accept(answers);
                    }
                });
            }
        }
    }

    private void ask(Question question, Consumer<Recommendation> then) {
        asked.add(question.target());
        call(executor, question, outcome -> then.accept(onOutcome(question.target(), outcome)));
    }

    /** Its answer would be old by the time it comes; that it comes is all that counts. */
    private void askApart(Question question, Apart hanging) {
        if (hanging.asked) {
            return;
        }
        hanging.asked = true;
        call(hanging.executor, question, outcome -> {
            hanging.asked = false;
            if (outcome.succeeded() && apart.remove(question.target(), hanging)) {
                hanging.executor.close();
            }
        });
    }

    private void call(BoundedExecutor on, Question question, Consumer<Outcome<Answer>> then) {
        calls.call(
                on,
                Defaults.POLICY_DEADLINE,
                ErrorKind.INTERNAL,
                "the policy of " + question.target(),
                () -> recommend(question),
                then);
    }

    /** On a policy thread. What the policy throws is an answer; only a deadline is none. */
    private static Answer recommend(Question question) {
        try {
            @Nullable
            Recommendation answer =
                    question.scaler().recommend(question.context().get());
            return answer == null
                    ? new Answer(null, "its policy returned null, which is not a recommendation")
                    : new Answer(answer, "");
        } catch (Throwable e) {
            Faults.throwIfOfJvm(e);
            return new Answer(null, "its policy failed: " + e);
        }
    }

    private Recommendation onOutcome(TargetId target, Outcome<Answer> outcome) {
        asked.remove(target);
        boolean isOutdated = outdated.remove(target);
        if (!outcome.succeeded()) {
            hung = true;
            if (outcome.failure().kind() == ErrorKind.TRANSIENT) {
                return Recommendation.unknown("the policies of others have taken all the time that there was");
            }
            apart.put(target, new Apart(time.boundedExecutor("micado-policy-apart", 1)));
            return failed(target, String.valueOf(outcome.failure().getMessage()));
        }
        Recommendation recommendation = outcome.get().recommendation();
        if (recommendation == null) {
            return failed(target, outcome.get().problem());
        }
        if (!isOutdated) {
            states.put(target, recommendation.state());
        }
        failing.remove(target);
        return recommendation;
    }

    private Recommendation failed(TargetId target, String problem) {
        if (failing.add(target)) {
            events.accept(new MicadoEvent.PolicyFailed(
                    time.wallClock(), target, problem + "; " + target + " stays as it is until it answers again"));
        }
        return Recommendation.unknown(problem);
    }

    /** A policy hung on a thread that may never come back: the others get new ones. */
    private void replaceThreads() {
        hung = false;
        executor.close();
        executor = time.boundedExecutor("micado-policy", THREADS);
    }

    /** {@return what the policy of a target remembers} */
    PolicyState state(TargetId target) {
        return states.getOrDefault(target, PolicyState.NONE);
    }

    /** Takes what a policy has learned from the past of a target, in place of what it remembers. */
    void learned(TargetId target, PolicyState state) {
        states.put(target, state);
        if (asked.contains(target)) {
            outdated.add(target);
        }
    }

    Map<TargetId, PolicyState> states() {
        return Map.copyOf(states);
    }

    void restore(Map<TargetId, PolicyState> saved) {
        states.putAll(saved);
    }

    /** Forgets targets that are gone. */
    void keepOnly(Set<TargetId> targets) {
        states.keySet().retainAll(targets);
        failing.retainAll(targets);
        apart.entrySet().removeIf(entry -> {
            boolean gone = !targets.contains(entry.getKey());
            if (gone) {
                entry.getValue().executor.close();
            }
            return gone;
        });
    }

    void close() {
        executor.close();
        apart.values().forEach(hanging -> hanging.executor.close());
    }
}

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
import io.micado.internal.call.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policies, each with a deadline and on threads of their own, and keeps what they want to remember. Confined to the
 * loop thread.
 *
 * <p>A policy that throws, hangs or answers nonsense makes its own target unknown and nobody else's: while one hangs, a fresh
 * set of threads serves the others, and it is not asked again before it has returned.
 */
final class Evaluator {
    private static final int THREADS = 4;
    private static final int MOST_REPLACEMENTS = 16;

    private final Timekeeper time;
    private final Calls calls;
    private final Consumer<MicadoEvent> events;
    private final Map<TargetId, PolicyState> states = new HashMap<>();
    /** Targets whose policy is being asked on some thread; written by policy threads. */
    private final Set<TargetId> running = ConcurrentHashMap.newKeySet();

    private final Set<TargetId> failing = new HashSet<>();
    private BoundedExecutor executor;
    private int replacements;

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
        Map<TargetId, Recommendation> answers = new LinkedHashMap<>();
        Set<TargetId> open = new HashSet<>();
        for (Question question : questions) {
            if (running.contains(question.target())) {
                answers.put(question.target(), Recommendation.unknown("its policy has not returned from an earlier pass"));
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
        TargetId target = question.target();
        calls.call(
                executor,
                Defaults.POLICY_DEADLINE,
                ErrorKind.INTERNAL,
                "the policy of " + target,
                () -> recommend(question),
                outcome -> then.accept(onOutcome(target, outcome)));
    }

    /** On a policy thread. What the policy throws is an answer; only a deadline is none. */
    private Answer recommend(Question question) {
        running.add(question.target());
        try {
            @Nullable Recommendation answer = question.scaler().recommend(question.context().get());
            return answer == null
                    ? new Answer(null, "its policy returned null, which is not a recommendation")
                    : new Answer(answer, "");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return new Answer(null, "its policy failed: " + e);
        } finally {
            running.remove(question.target());
        }
    }

    private Recommendation onOutcome(TargetId target, Outcome<Answer> outcome) {
        if (!outcome.succeeded()) {
            replaceThreads();
            return failed(target, String.valueOf(outcome.failure().getMessage()));
        }
        Recommendation recommendation = outcome.get().recommendation();
        if (recommendation == null) {
            return failed(target, outcome.get().problem());
        }
        states.put(target, recommendation.state());
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

    /** A policy hangs on a thread that may never come back: the others get new ones. */
    private void replaceThreads() {
        if (replacements < MOST_REPLACEMENTS) {
            replacements++;
            executor.close();
            executor = time.boundedExecutor("micado-policy-" + replacements, THREADS);
        }
    }

    /** {@return what the policy of a target remembers} */
    PolicyState state(TargetId target) {
        return states.getOrDefault(target, PolicyState.NONE);
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
    }

    void close() {
        executor.close();
    }
}

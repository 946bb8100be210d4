package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.PastWanted;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.TargetId;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Faults;
import io.micado.internal.call.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks the metric sources for the past of targets whose policy remembers nothing and wants to know it, each source once, and has the
 * policies learn from what was told. Confined to the loop thread.
 *
 * <p>Nothing waits for it: meanwhile policies recommend on what they have, and what they learn takes the place of that. Many targets
 * are asked about at once, and sources are read in between.
 */
final class PastDesk {
    /** For how long after a target was first seen a source is asked that did not answer before. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Keeps the answer of a source to some megabytes. */
    private static final int TARGETS_AT_ONCE = 50;

    private final Timekeeper time;
    private final Calls calls;
    private final Observer observer;
    private final Evaluator evaluator;
    private final Consumer<MicadoEvent> events;
    private final Set<TargetId> seen = new HashSet<>();
    private final Map<TargetId, Wish> wishes = new LinkedHashMap<>();
    private final Set<String> asking = new HashSet<>();
    private BoundedExecutor executor;
    private boolean learning;

    /** What is wanted of one target, and what was told so far. */
    private static final class Wish {
        private final PastWanted wanted;
        private final Instant until;
        private final Set<String> asked = new HashSet<>();
        private final Map<MetricKey, List<Sample>> told = new HashMap<>();
        private Evaluator.Question question;
        private boolean news;

        private Wish(PastWanted wanted, Instant until, Evaluator.Question question) {
            this.wanted = wanted;
            this.until = until;
            this.question = question;
        }

        private boolean isLike(Wish other) {
            return wanted.span().equals(other.wanted.span()) && wanted.step().equals(other.wanted.step());
        }

        /** The first source that knows a metric is heard: the past of another would be counted twice. */
        private void hear(MetricHistory history) {
            for (MetricKey key : wanted.keys()) {
                List<Sample> samples = history.of(key);
                if (!samples.isEmpty() && told.putIfAbsent(key, samples) == null) {
                    news = true;
                }
            }
        }
    }

    PastDesk(Timekeeper time, Calls calls, Observer observer, Evaluator evaluator, Consumer<MicadoEvent> events) {
        this.time = time;
        this.calls = calls;
        this.observer = observer;
        this.evaluator = evaluator;
        this.events = events;
        executor = time.boundedExecutor("micado-past", 1);
    }

    /** Asks what is to be asked now. */
    void ask(List<Evaluator.Question> questions, Instant now) {
        for (Evaluator.Question question : questions) {
            TargetId target = question.target();
            Wish known = wishes.get(target);
            if (known != null) {
                known.question = question;
            } else if (seen.add(target) && evaluator.state(target).equals(PolicyState.NONE)) {
                wanted(question).ifPresent(past -> wishes.put(target, new Wish(past, now.plus(PATIENCE), question)));
            }
        }
        wishes.values().removeIf(wish -> now.isAfter(wish.until) && !wish.news);
        if (!wishes.isEmpty()) {
            observer.knownMetrics(now).forEach(this::ask);
        }
    }

    private Optional<PastWanted> wanted(Evaluator.Question question) {
        try {
            return question.scaler().pastWanted(question.target());
        } catch (Throwable e) {
            Faults.throwIfOfJvm(e);
            warn("the policy of " + question.target() + " could not say what it wants to know of the past: " + e);
            return Optional.empty();
        }
    }

    private void ask(String source) {
        List<Wish> batch = new ArrayList<>();
        for (Wish wish : wishes.values()) {
            boolean open = !wish.asked.contains(source) && (batch.isEmpty() || wish.isLike(batch.get(0)));
            if (open && batch.size() < TARGETS_AT_ONCE) {
                batch.add(wish);
            }
        }
        if (batch.isEmpty() || !asking.add(source)) {
            return;
        }
        batch.forEach(wish -> wish.asked.add(source));
        List<MetricKey> keys = batch.stream()
                .flatMap(wish -> wish.wanted.keys().stream())
                .distinct()
                .toList();
        PastWanted like = batch.get(0).wanted;
        observer.history(
                source,
                new HistoryRequest(keys, like.span(), like.step(), Defaults.HISTORY_DEADLINE),
                outcome -> told(source, batch, outcome));
    }

    private void told(String source, List<Wish> batch, Outcome<MetricHistory> outcome) {
        asking.remove(source);
        if (!outcome.succeeded()) {
            warn("metric source \"" + source + "\" could not tell what was before, so that the policy of "
                    + subjects(batch) + " begins anew: " + outcome.failure().getMessage());
            return;
        }
        batch.forEach(wish -> wish.hear(outcome.get()));
        learnNext();
    }

    private static String subjects(List<Wish> batch) {
        String first = batch.get(0).question.target().toString();
        return batch.size() == 1 ? first : first + " and " + (batch.size() - 1) + " more";
    }

    /** One after the other: it takes a moment of a core each. */
    private void learnNext() {
        if (learning) {
            return;
        }
        wishes.values().stream().filter(wish -> wish.news).findFirst().ifPresent(this::learn);
    }

    private void learn(Wish wish) {
        learning = true;
        wish.news = false;
        Evaluator.Question question = wish.question;
        MetricHistory past = new MetricHistory(wish.told, List.of());
        calls.call(
                executor,
                Defaults.HISTORY_DEADLINE,
                ErrorKind.INTERNAL,
                "what the policy of " + question.target() + " learns from the past",
                () -> learn(question, past),
                outcome -> {
                    learning = false;
                    if (!outcome.succeeded()) {
                        warn(String.valueOf(outcome.failure().getMessage()));
                        executor.close();
                        executor = time.boundedExecutor("micado-past", 1);
                    } else if (wishes.get(question.target()) == wish) {
                        evaluator.learned(question.target(), outcome.get());
                    }
                    learnNext();
                });
    }

    /** On the learners' thread. */
    private static PolicyState learn(Evaluator.Question question, MetricHistory past) {
        PolicyState state = question.scaler().learn(question.context().get(), past);
        if (state == null) {
            throw new MicadoException(
                    ErrorKind.INTERNAL,
                    "the policy of " + question.target() + " learned null from the past, which is no memory");
        }
        return state;
    }

    private void warn(String message) {
        events.accept(new MicadoEvent.Warning(time.wallClock(), "past-unknown", message));
    }

    /** Forgets targets that are gone. */
    void keepOnly(Set<TargetId> targets) {
        seen.retainAll(targets);
        wishes.keySet().retainAll(targets);
    }

    void close() {
        executor.close();
    }
}

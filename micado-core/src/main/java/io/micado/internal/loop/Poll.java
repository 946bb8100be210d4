package io.micado.internal.loop;

import io.github.resilience4j.core.IntervalFunction;
import io.micado.Vitals;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one source again and again, never twice at a time, and keeps its latest answer with its age. Confined to the loop
 * thread.
 *
 * <p>An answer older than three intervals is unknown, and so is one whose successor failed.
 *
 * @param <T> what the source answers
 */
final class Poll<T> {
    private static final int INTERVALS_KNOWN = 3;
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(60);

    private final String name;
    private final String reading;
    private final Duration interval;
    private final Duration deadline;
    /** Passes come every few seconds; a read that would be due a moment after one is due with it. */
    private final Duration dueAfter;

    private final Duration knownFor;
    private final BoundedExecutor executor;
    private final Calls calls;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Consumer<MicadoEvent> events;
    private final Function<T, List<String>> gaps;
    private final IntervalFunction backOff;

    private @Nullable T latest;
    private Instant askedAt = Instant.EPOCH;
    private Instant nextAt = Instant.EPOCH;
    private boolean inFlight;
    private boolean soon;
    private int failures;
    private long allFailures;
    private Instant failingSince = Instant.EPOCH;
    private String problem = "it has not answered yet";

    Poll(
            String name,
            Duration interval,
            Duration deadline,
            BoundedExecutor executor,
            Calls calls,
            Timekeeper time,
            SteadyClock clock,
            Consumer<MicadoEvent> events,
            Function<T, List<String>> gaps) {
        this.name = name;
        this.reading = "reading " + name;
        this.interval = interval;
        this.deadline = deadline;
        dueAfter = interval.multipliedBy(9).dividedBy(10);
        knownFor = interval.multipliedBy(INTERVALS_KNOWN).plus(deadline);
        this.executor = executor;
        this.calls = calls;
        this.time = time;
        this.clock = clock;
        this.events = events;
        this.gaps = gaps;
        backOff = IntervalFunction.ofExponentialBackoff(
                interval, 2.0, MOST_BACK_OFF.compareTo(interval) < 0 ? interval : MOST_BACK_OFF);
    }

    /** Asks for a read as soon as possible, before its time. */
    void soon() {
        soon = true;
    }

    /**
     * Starts a read if it is time.
     *
     * @param answered called when the read has ended, in whatever way
     * @return whether a read was started
     */
    boolean startIfDue(Callable<T> read, Runnable answered) {
        Instant now = clock.now();
        boolean due = (soon && failures == 0) || !now.isBefore(nextAt);
        if (inFlight || !due) {
            return false;
        }
        inFlight = true;
        soon = false;
        nextAt = now.plus(dueAfter);
        calls.call(executor, deadline, ErrorKind.TRANSIENT, reading, read, outcome -> {
            inFlight = false;
            onAnswer(outcome, now);
            answered.run();
        });
        return true;
    }

    /** Asks the source something else, before or after a read; what becomes of it says nothing of the reads. */
    <R> void ask(Callable<R> question, Duration within, String what, Consumer<Outcome<R>> then) {
        calls.call(executor, within, ErrorKind.TRANSIENT, what, question, then);
    }

    private void onAnswer(Outcome<T> outcome, Instant asked) {
        if (outcome.succeeded()) {
            latest = outcome.get();
            askedAt = asked;
            if (failures > 0) {
                Duration outage = Duration.between(failingSince, clock.now());
                events.accept(new MicadoEvent.SourceChanged(
                        time.wallClock(), name, true, name + " answers again after " + outage.toSeconds() + " s"));
            }
            failures = 0;
            problem = "";
        } else {
            onFailure(outcome.failure());
        }
    }

    private void onFailure(MicadoException failure) {
        failures++;
        allFailures++;
        problem = String.valueOf(failure.getMessage());
        if (failures == 1) {
            failingSince = clock.now();
            events.accept(
                    new MicadoEvent.SourceChanged(time.wallClock(), name, false, name + " is unknown: " + problem));
        }
        Duration wait = failure.retryAfter().orElse(Duration.ofMillis(backOff.apply(Math.min(failures, 10))));
        nextAt = clock.now().plus(wait);
    }

    /** {@return the latest answer, however old} */
    Optional<T> latest() {
        return Optional.ofNullable(latest);
    }

    /** {@return when the latest answer was asked for} */
    Instant askedAt() {
        return askedAt;
    }

    /** {@return whether the latest answer is good enough to act on} */
    boolean known(Instant now) {
        return latest != null && failures == 0 && !askedAt.isBefore(now.minus(knownFor));
    }

    /** {@return why it is not known; empty when it is} */
    String problem() {
        return problem;
    }

    String name() {
        return name;
    }

    /** {@return how it does} */
    Vitals.Source vitals(Instant now) {
        boolean known = known(now);
        Optional<Duration> age = latest().map(answer -> Duration.between(askedAt, now));
        List<String> lacking = latest().map(gaps).orElse(List.of()).stream()
                .limit(Vitals.Source.MOST_GAPS)
                .toList();
        return new Vitals.Source(
                name, known, age, interval, known ? "" : problem, known ? lacking : List.of(), allFailures);
    }
}

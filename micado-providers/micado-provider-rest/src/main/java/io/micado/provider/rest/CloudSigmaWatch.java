package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Looks at the account now and then as long as a step waits for something, and lets each go on: one list for all of them. Held by
 * {@link CloudSigmaCloud}, called on any thread. Thread-safe.
 */
final class CloudSigmaWatch implements AutoCloseable {
    private static final Duration LONGEST_STEP = Duration.ofMinutes(30);

    private final CloudSigmaApi api;
    private final Timekeeper time;
    private final Duration poll;
    private final Fanout fanout;
    private final BoundedExecutor executor;
    private final Logger log;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private boolean lookIsDue;
    private volatile boolean closed;

    CloudSigmaWatch(CloudSigmaApi api, Timekeeper time, Duration poll, Fanout fanout, Logger log) {
        this.api = api;
        this.time = time;
        this.poll = poll;
        this.fanout = fanout;
        this.log = log;
        executor = time.boundedExecutor("cloudsigma watch", 1);
    }

    /** Lets steps go on until they are over; the first look comes after one interval. */
    void add(Collection<? extends CloudSigmaStep> steps) {
        steps.forEach(step -> waiting.add(new Waiting(step, time.nanoTime())));
        lookLater();
    }

    private synchronized void lookLater() {
        if (!lookIsDue && !closed && !waiting.isEmpty()) {
            lookIsDue = true;
            time.schedule(poll, () -> executor.submit(this::look));
        }
    }

    private void look() {
        synchronized (this) {
            lookIsDue = false;
        }
        waiting.removeIf(one -> one.step.isOver());
        if (closed || waiting.isEmpty()) {
            return;
        }
        try {
            advance(List.copyOf(waiting), api.inventory());
        } catch (MicadoException e) {
            log.debug("looking at the account failed, tried again later: {}", e.getMessage());
        } finally {
            giveUpOldOnes();
            waiting.removeIf(one -> one.step.isOver());
            lookLater();
        }
    }

    private void advance(List<Waiting> steps, CloudSigmaInventory now) {
        advanceAll(steps.stream().map(one -> one.step).toList(), now);
    }

    /** Lets steps do at once what the present state allows, a few at a time; returns when all have. */
    void advanceAll(List<? extends CloudSigmaStep> steps, CloudSigmaInventory now) {
        fanout.each(
                steps,
                step -> {
                    step.advance(now);
                    return true;
                },
                (step, error) -> {
                    step.fail(error);
                    return true;
                });
    }

    private void giveUpOldOnes() {
        for (Waiting one : waiting) {
            if (time.nanoTime() - one.since > LONGEST_STEP.toNanos()) {
                one.step.fail(new MicadoException(
                        ErrorKind.OUTCOME_UNKNOWN, one.step + " did not come to an end within " + LONGEST_STEP));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        executor.close();
    }

    private static final class Waiting {
        private final CloudSigmaStep step;
        private final long since;

        private Waiting(CloudSigmaStep step, long since) {
            this.step = step;
            this.since = since;
        }
    }
}

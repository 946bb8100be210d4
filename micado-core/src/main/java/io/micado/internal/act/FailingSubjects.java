package io.micado.internal.act;

import io.micado.api.error.MicadoException;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Lets a subject rest whose effects keep failing, the longer the more often they did in a row, and knows whether a failure is the one
 * before over again. Stands between the effects and who hears of them; used by {@link Actuator}. Confined to the loop thread.
 *
 * <p>How long an offering rests whose launch a cloud refused is the planner's affair, which buys another one meanwhile.
 */
final class FailingSubjects implements EffectResults {
    /** A single hiccup costs no time: the next pass tries again. After the second failure a subject rests so long, doubled after each further one. */
    static final Duration FIRST_REST = Duration.ofSeconds(2);
    /** So long that it costs a broken cluster next to nothing, and so short that nobody waits for long once it is mended. */
    static final Duration LONGEST_REST = Duration.ofMinutes(1);
    /** A subject that has not failed for so long after its rest is not tried any more, such as a worker that is gone. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final Supplier<Instant> now;
    private final EffectResults results;
    private final Map<String, Failure> failures = new HashMap<>();

    /** The latest failure of a subject, and how many there were in a row. */
    private record Failure(int times, Instant until, String what) {}

    FailingSubjects(Supplier<Instant> now, EffectResults results) {
        this.now = now;
        this.results = results;
    }

    /** {@return the subjects that rest now} */
    Set<String> resting() {
        Instant at = now.get();
        return failures.entrySet().stream()
                .filter(entry -> at.isBefore(entry.getValue().until()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public void done(Action action) {
        failures.remove(action.subject());
        results.done(action);
    }

    @Override
    public void failed(Action action, MicadoException error) {
        Instant at = now.get();
        failures.values().removeIf(failure -> at.isAfter(failure.until().plus(FORGOTTEN_AFTER)));
        String what = error.kind() + " " + error.getMessage();
        Failure before = failures.get(action.subject());
        int times = before == null ? 1 : before.times() + 1;
        failures.put(action.subject(), new Failure(times, at.plus(rest(times, error)), what));
        if (before != null && before.what().equals(what)) {
            results.failedAgain(action, error);
        } else {
            results.failed(action, error);
        }
    }

    @Override
    public void failedAgain(Action action, MicadoException error) {
        failed(action, error);
    }

    private static Duration rest(int times, MicadoException error) {
        Duration asked = error.retryAfter().orElse(Duration.ZERO);
        Duration rest = times == 1 ? Duration.ZERO : FIRST_REST.multipliedBy(1L << Math.min(times - 2, 10));
        Duration own = rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
        return asked.compareTo(own) > 0 ? asked : own;
    }

    @Override
    public void launched(Action.Launch action, WorkerId worker, Machine machine) {
        failures.remove(action.subject());
        results.launched(action, worker, machine);
    }

    @Override
    public void launchFailed(Action.Launch action, int workers, MicadoException error) {
        failures.remove(action.subject());
        results.launchFailed(action, workers, error);
    }

    @Override
    public void launchedInstead(Action.Launch failed, Action.Launch next) {
        results.launchedInstead(failed, next);
    }

    @Override
    public void portsFailed(String cloud, MicadoException error) {
        results.portsFailed(cloud, error);
    }

    @Override
    public void finishFailed(String cloud, MicadoException error) {
        results.finishFailed(cloud, error);
    }
}

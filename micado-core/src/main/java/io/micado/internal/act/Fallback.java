package io.micado.internal.act;

import io.micado.api.error.MicadoException;
import io.micado.api.worker.Offering;
import io.micado.internal.plan.Action;
import io.micado.internal.plan.Action.Alternative;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Tells what to launch instead of workers that a cloud surely did not launch. Used by {@link LaunchEffect}. Pure; not instantiable. */
final class Fallback {
    private Fallback() {}

    /**
     * {@return what to launch next: of the same offering what the quota still has room for, and the rest of the next alternative}
     *
     * <p>Every answer is smaller than what failed, or has fewer alternatives, so that this comes to an end.
     *
     * @param action the launch
     * @param failures the failures of those of its workers that surely were not launched
     */
    static List<Action.Launch> after(Action.Launch action, Collection<MicadoException> failures) {
        List<Action.Launch> next = new ArrayList<>();
        int failed = failures.size();
        int room = failures.stream()
                .mapToInt(failure -> failure.remainingQuota().orElse(0))
                .max()
                .orElse(0);
        if (room > 0 && room < failed) {
            next.add(of(action, action.offering(), room, share(action.alternatives(), room, action.count())));
            failed -= room;
        }
        boolean wholeCloud =
                failures.stream().anyMatch(failure -> failure.kind().concernsWholeCloud());
        List<Alternative> left = share(action.alternatives(), failed, action.count()).stream()
                .filter(alternative -> !wholeCloud
                        || !alternative
                                .offering()
                                .cloud()
                                .equals(action.offering().cloud()))
                .toList();
        if (failed > 0 && !left.isEmpty()) {
            Alternative first = left.get(0);
            next.add(of(action, first.offering(), first.count(), left.subList(1, left.size())));
        }
        return next;
    }

    /** What serves a part of what the whole launch was to serve, rounded up. */
    private static List<Alternative> share(List<Alternative> alternatives, int part, int whole) {
        return alternatives.stream()
                .map(one -> new Alternative(one.offering(), (one.count() * part + whole - 1) / whole))
                .toList();
    }

    private static Action.Launch of(
            Action.Launch action, Offering offering, int count, List<Alternative> alternatives) {
        return new Action.Launch(action.pool(), offering, count, action.reason(), alternatives);
    }
}

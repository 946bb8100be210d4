package io.micado.internal.loop;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the latest 100 decisions of every target, no-ops included, equal ones in a row folded into one with a count.
 * Thread-safe.
 */
final class Journal {
    private static final int KEPT = 100;

    private final Map<TargetId, Deque<Decision>> byTarget = new HashMap<>();

    /**
     * Writes a decision down.
     *
     * @return whether it says something else than the one before it
     */
    synchronized boolean record(Decision decision) {
        Deque<Decision> ring = byTarget.computeIfAbsent(decision.target(), t -> new ArrayDeque<>());
        Decision last = ring.peekLast();
        if (last != null && last.sameOutcome(decision) && !decision.changesSomething()) {
            ring.removeLast();
            ring.addLast(decision.foldedWith(last));
            return false;
        }
        if (ring.size() == KEPT) {
            ring.removeFirst();
        }
        ring.addLast(decision);
        return true;
    }

    /** {@return the decisions of a target, the latest first} */
    synchronized List<Decision> of(TargetId target) {
        List<Decision> latestFirst = new ArrayList<>();
        Deque<Decision> ring = byTarget.get(target);
        if (ring != null) {
            ring.descendingIterator().forEachRemaining(latestFirst::add);
        }
        return latestFirst;
    }

    /** {@return the latest decision of a target} */
    synchronized Optional<Decision> latest(TargetId target) {
        Deque<Decision> ring = byTarget.get(target);
        return ring == null ? Optional.empty() : Optional.ofNullable(ring.peekLast());
    }

    /** Forgets targets that are gone. */
    synchronized void keepOnly(Set<TargetId> targets) {
        byTarget.keySet().retainAll(targets);
    }
}

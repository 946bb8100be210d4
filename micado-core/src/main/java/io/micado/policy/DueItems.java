package io.micado.policy;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.StringJoiner;

/**
 * The items that wait, by when they are due. Those that came first are taken to be handled first. Read from
 * {@link BacklogState} for one pass and put back as text, {@code MILLIS:ITEMS,MILLIS:ITEMS}. Confined to one thread.
 */
final class DueItems {
    /** The text of none. */
    static final String NONE = "";

    private static final double ROUNDING = 1e-9;

    private final Deque<Due> earliestFirst = new ArrayDeque<>();

    private DueItems() {}

    /**
     * Items that are due together.
     *
     * @param millis when, of the wall clock
     * @param items how many
     */
    record Due(long millis, double items) {}

    /**
     * {@return what a text remembers}
     *
     * @throws IllegalArgumentException when it is damaged
     */
    static DueItems of(String text) {
        DueItems due = new DueItems();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int end = part.indexOf(':');
            if (end < 0) {
                throw new IllegalArgumentException("must have a colon, got \"" + part + "\"");
            }
            double items = Double.parseDouble(part.substring(end + 1));
            if (!(items > 0) || Double.isInfinite(items)) {
                throw new IllegalArgumentException("must be above 0, got \"" + part + "\"");
            }
            due.earliestFirst.add(new Due(Long.parseLong(part.substring(0, end)), items));
        }
        return due;
    }

    /**
     * Takes notice of how many wait now.
     *
     * @param waiting how many
     * @param come how many came since the last time, at least; what the queue has become longer by did come
     * @param due when those that came are due
     * @param apart those that are due no later than this before them count as due with these, in milliseconds
     */
    void see(double waiting, double come, Instant due, long apart) {
        double before = sum();
        double added = Math.max(come, waiting - before);
        if (added > 0) {
            add(new Due(due.toEpochMilli(), added), apart);
        }
        take(before + Math.max(0, added) - waiting);
    }

    /** {@return how many wait} */
    double sum() {
        return earliestFirst.stream().mapToDouble(Due::items).sum();
    }

    /** Together with those that are due a little earlier, which never makes any of them late. */
    private void add(Due last, long apart) {
        Due before = earliestFirst.peekLast();
        if (before != null && last.millis() - before.millis() < apart) {
            earliestFirst.removeLast();
            earliestFirst.addLast(new Due(Math.min(before.millis(), last.millis()), before.items() + last.items()));
        } else {
            earliestFirst.addLast(last);
        }
    }

    private void take(double handled) {
        double left = handled;
        while (left > ROUNDING && !earliestFirst.isEmpty()) {
            Due first = earliestFirst.removeFirst();
            if (first.items() > left + ROUNDING) {
                earliestFirst.addFirst(new Due(first.millis(), first.items() - left));
            }
            left -= first.items();
        }
    }

    /** Joins those that are late: they are all due at once. */
    void joinLate(Instant now) {
        double late = 0;
        long latest = 0;
        for (Iterator<Due> each = earliestFirst.iterator(); each.hasNext(); ) {
            Due due = each.next();
            if (due.millis() > now.toEpochMilli()) {
                break;
            }
            late += due.items();
            latest = due.millis();
            each.remove();
        }
        if (late > 0) {
            earliestFirst.addFirst(new Due(latest, late));
        }
    }

    /** {@return those that are due together, the earliest first} */
    Iterable<Due> all() {
        return earliestFirst;
    }

    /** {@return the text that remembers this} */
    String text() {
        StringJoiner text = new StringJoiner(",");
        earliestFirst.forEach(due -> text.add(due.millis() + ":" + due.items()));
        return text.toString();
    }
}

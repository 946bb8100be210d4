package io.micado.simulation.contract;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.simulation.Pauses;
import io.micado.simulation.contract.Check.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Makes checks one after the other and collects what becomes of them. Used by one thread. */
final class Checks {
    private final Timekeeper timekeeper;
    private final Duration deadline;
    private final Duration poll;
    private final List<Check> made = new ArrayList<>();

    Checks(Timekeeper timekeeper, Duration deadline, Duration poll) {
        this.timekeeper = timekeeper;
        this.deadline = deadline;
        this.poll = poll;
    }

    /** Makes a check; whatever it throws is its failure, and the next ones are made all the same. */
    void check(String name, Runnable what) {
        try {
            what.run();
            made.add(new Check(name, Outcome.PASSED, ""));
        } catch (Skipped e) {
            made.add(new Check(name, Outcome.SKIPPED, String.valueOf(e.getMessage())));
        } catch (Violation e) {
            made.add(new Check(name, Outcome.FAILED, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) { // a plug-in may throw anything, and its author wants the whole report
            made.add(new Check(name, Outcome.FAILED, "it threw " + e));
        }
    }

    List<Check> made() {
        return made;
    }

    /** Polls until the condition holds, and says at the deadline what was expected. */
    void eventually(String expected, BooleanSupplier condition) {
        long start = timekeeper.nanoTime();
        while (!condition.getAsBoolean()) {
            if (timekeeper.nanoTime() - start > deadline.toNanos()) {
                throw new Violation("within " + deadline + " " + expected);
            }
            Pauses.pause(timekeeper, poll);
        }
    }

    /**
     * Runs all of them at the same time and waits for the end; gives what each returned or threw, in no particular
     * order.
     */
    List<Object> atTheSameTime(List<Supplier<?>> tasks) {
        List<Object> ends = Collections.synchronizedList(new ArrayList<>());
        try (BoundedExecutor executor = timekeeper.boundedExecutor("contract", tasks.size())) {
            for (Supplier<?> task : tasks) {
                executor.submit(() -> {
                    try {
                        ends.add(task.get());
                    } catch (RuntimeException e) { // is the result
                        ends.add(e);
                    }
                });
            }
            eventually("all calls that were made at the same time should end", () -> ends.size() == tasks.size());
        }
        return List.copyOf(ends);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }

    /** Requires that it fails with one of these kinds. */
    static void requireFailure(Runnable call, ErrorKind... kinds) {
        try {
            call.run();
        } catch (MicadoException e) {
            require(
                    List.of(kinds).contains(e.kind()),
                    "it should fail as " + List.of(kinds) + ", but did as " + e.kind());
            return;
        }
        throw new Violation("it should fail as " + List.of(kinds) + ", but did not");
    }

    static Skipped skip(String why) {
        return new Skipped(why);
    }

    /** A promise was not kept. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Violation(String message) {
            super(message);
        }
    }

    /** The check does not apply. */
    static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Skipped(String message) {
            super(message);
        }
    }
}

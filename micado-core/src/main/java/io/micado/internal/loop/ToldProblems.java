package io.micado.internal.loop;

import io.micado.api.error.ErrorKind;
import java.util.HashSet;
import java.util.Set;

/** Remembers which problems were told, so that each is told once however often it is met. Confined to the loop thread. */
final class ToldProblems {
    private static final Set<ErrorKind> PASSING =
            Set.of(ErrorKind.TRANSIENT, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.RATE_LIMITED, ErrorKind.CONFLICT);

    private final Set<String> told = new HashSet<>();

    /** {@return whether it was not told before; it counts as told from now on} */
    boolean isNew(String problem) {
        return told.add(problem);
    }

    /** {@return whether it may only be a matter of time, so that it is worth trying again} */
    static boolean mayPass(ErrorKind kind) {
        return PASSING.contains(kind);
    }
}

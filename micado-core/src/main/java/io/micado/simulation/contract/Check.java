package io.micado.simulation.contract;

import java.util.Objects;

/**
 * What became of one check. Immutable.
 *
 * @param name what was promised, as a sentence
 * @param outcome what became of it
 * @param message what was seen instead, or why it was skipped; empty when it passed
 */
public record Check(String name, Outcome outcome, String message) {

    /** What became of a check. */
    public enum Outcome {
        /** The promise was kept. */
        PASSED,
        /** It was not. */
        FAILED,
        /** It was not looked at. */
        SKIPPED
    }

    /** Checks that nothing is null. */
    public Check {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return outcome + " " + name + (message.isEmpty() ? "" : ": " + message);
    }
}

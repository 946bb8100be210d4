package io.micado.simulation.contract;

import io.micado.simulation.contract.Check.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What became of all checks of a contract. Immutable.
 *
 * @param subject what was checked
 * @param checks the checks, in the order in which they were made
 */
public record Report(String subject, List<Check> checks) {

    /** Copies the list. */
    public Report {
        Objects.requireNonNull(subject, "subject");
        checks = List.copyOf(checks);
    }

    /** {@return whether no check failed} */
    public boolean passed() {
        return with(Outcome.FAILED).isEmpty();
    }

    /** {@return the checks of this outcome} */
    public List<Check> with(Outcome outcome) {
        return checks.stream().filter(check -> check.outcome() == outcome).toList();
    }

    /**
     * {@return this, when no check failed}
     *
     * @throws AssertionError with every check, when one failed
     */
    public Report orThrow() {
        if (!passed()) {
            throw new AssertionError(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        return subject + ": " + with(Outcome.FAILED).size() + " of " + checks.size() + " checks failed\n"
                + checks.stream().map(check -> "  " + check).collect(Collectors.joining("\n"));
    }
}

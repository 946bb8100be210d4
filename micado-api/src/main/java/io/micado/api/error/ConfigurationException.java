package io.micado.api.error;

import java.util.List;
import java.util.stream.Collectors;

/** Reports every problem of the user's input at once. Immutable. */
public final class ConfigurationException extends MicadoException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // a list of records of strings; exceptions are not sent over the wire
    private final List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @throws IllegalArgumentException when there is no problem to report
     */
    public ConfigurationException(List<Problem> problems) {
        super(ErrorKind.CONFIGURATION, describe(problems));
        this.problems = List.copyOf(problems);
    }

    /** {@return every problem, in the order of the input} */
    public List<Problem> problems() {
        return problems;
    }

    private static String describe(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems must not be empty");
        }
        if (problems.size() == 1) {
            return problems.get(0).toString();
        }
        return problems.size() + " problems:\n"
                + problems.stream().map(p -> "  - " + p).collect(Collectors.joining("\n"));
    }
}

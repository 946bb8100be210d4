package io.micado.examples;

import io.micado.api.error.MicadoException;
import java.util.List;

/**
 * Runs the body of a {@code main}: answers {@code --help}, refuses what it does not understand, and tells failures in one sentence
 * and an exit code instead of a stack trace. Stateless.
 */
final class Program {
    /** What was to be shown was seen. */
    static final int OK = 0;
    /** It was not seen, or not in time. */
    static final int FAILED = 1;
    /** It could not even be tried: wrong arguments, or something is missing here. */
    static final int UNUSABLE = 2;

    private static final String STACK_TRACE = "micado.stacktrace";

    private Program() {}

    /** The body of a program; returns its exit code. */
    @FunctionalInterface
    interface Body {
        int run(List<String> arguments, Terminal terminal) throws Exception;
    }

    /** A failure that is told in one sentence. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int exitCode;

        private Failure(int exitCode, String sentence) {
            super(sentence);
            this.exitCode = exitCode;
        }

        /** {@return that this machine lacks something} */
        static Failure unusable(String sentence) {
            return new Failure(UNUSABLE, sentence);
        }

        /** {@return that something did not come about} */
        static Failure failed(String sentence) {
            return new Failure(FAILED, sentence);
        }
    }

    /**
     * {@return the exit code}
     *
     * @param usage one line: the program's name and its arguments
     * @param mostArguments how many arguments it takes at most
     */
    static int run(String[] arguments, String usage, int mostArguments, Body body) {
        return run(List.of(arguments), usage, mostArguments, body, Terminal.system());
    }

    static int run(List<String> arguments, String usage, int mostArguments, Body body, Terminal terminal) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.line(usage);
            return OK;
        }
        if (arguments.size() > mostArguments || arguments.stream().anyMatch(argument -> argument.startsWith("-"))) {
            terminal.error("not understood: " + String.join(" ", arguments));
            terminal.error(usage);
            return UNUSABLE;
        }
        try {
            return body.run(arguments, terminal);
        } catch (Failure e) {
            return failed(terminal, e, e.exitCode);
        } catch (MicadoException e) {
            return failed(terminal, e, UNUSABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (Exception e) { // a program's last resort: whatever it is becomes one sentence
            return failed(terminal, e, FAILED);
        }
    }

    private static int failed(Terminal terminal, Exception failure, int exitCode) {
        boolean expected = failure instanceof Failure || failure instanceof MicadoException;
        terminal.error(expected ? String.valueOf(failure.getMessage()) : failure.toString());
        if (Boolean.getBoolean(STACK_TRACE)) {
            terminal.trace(failure);
        } else if (!expected) {
            terminal.error("(-D" + STACK_TRACE + "=true shows where it comes from)");
        }
        return exitCode;
    }
}

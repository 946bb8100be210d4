package io.micado.simulation;

/**
 * Unwinds the task in which a {@link VirtualProcess} was killed: from there on the program does nothing any more, and
 * every call to a simulated cloud or cluster from what is left of it throws this again. An {@code Error}, so that no
 * handler for failures takes it for one; the virtual time swallows it.
 */
public final class ProcessKilledError extends Error {
    private static final long serialVersionUID = 1L;

    ProcessKilledError(String process) {
        super("process \"" + process + "\" was killed", null, false, false);
    }
}

package io.micado.api.spi;

import java.util.Optional;

/**
 * A cluster that runs services. Methods block, and are called off the loop thread, several at once; an implementation is
 * thread-safe and ends early when its thread is interrupted. Failures are {@link io.micado.api.error.MicadoException}s.
 */
public interface Cluster extends AutoCloseable {

    /**
     * Gets the cluster ready: checks that it can be reached and managed, and makes it where that is configured. A second call
     * does nothing.
     *
     * @throws io.micado.api.error.MicadoException with one sentence that says what is wrong and what to do
     */
    void start();

    /** {@return all nodes, services and tasks, as of one moment as far as the orchestrator can} */
    ClusterView observe();

    /**
     * Carries out one change. Every change is idempotent: the second time it does nothing. A thing that does not exist (any
     * more) is {@code NOT_FOUND}, except where a change removes it; a lost race is {@code CONFLICT}, after the implementation's own few tries at
     * changes that do not depend on what the other one did.
     */
    void apply(ClusterChange change);

    /** {@return how a machine joins as a worker} */
    JoinInfo joinInfo();

    /** {@return whether {@link #start()} made it for this infrastructure, now or in an earlier run}; does not wait. Default false. */
    default boolean isOurs() {
        return false;
    }

    /** {@return the store in the cluster itself that holds identity, lease and intents} */
    CoordinationStore coordination();

    /**
     * Calls back when something changed that a pass should look at; from any thread, at any rate. Default: never.
     *
     * @return ends the calls when closed
     */
    default AutoCloseable watch(Runnable changed) {
        return () -> {};
    }

    /** {@return a place for what may be lost, taken where the user names no other; default none, which makes it a file of the program's} */
    default Optional<StateStore> stateStore() {
        return Optional.empty();
    }

    /** Takes back what {@link #start()} made, if anything, once no worker is left. A second call does nothing. */
    default void dissolve() {}

    /** Closes connections; the cluster stays. A second call does nothing. */
    @Override
    void close();
}

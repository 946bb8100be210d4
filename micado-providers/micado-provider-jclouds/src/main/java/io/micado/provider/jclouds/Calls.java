package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the calls to a cloud: on threads of its own, because HTTP cannot be interrupted; a bounded number at a time; each with a deadline; every
 * failure explained by {@link CloudErrors}. Called by the clouds on the engine's threads. Thread-safe.
 *
 * <p>A caller who is interrupted gets an answer at once: what was not sent yet never will be, what was sent has an unknown outcome.
 */
final class Calls implements AutoCloseable {
    private static final int READERS = 4;

    private final String cloud;
    private final Timekeeper timekeeper;
    private final CloudErrors errors;
    private final HttpLimits limits;
    private final BoundedExecutor readers;
    private final BoundedExecutor writers;

    Calls(String cloud, Timekeeper timekeeper, CloudErrors errors, HttpLimits limits) {
        this.cloud = cloud;
        this.timekeeper = timekeeper;
        this.errors = errors;
        this.limits = limits;
        readers = timekeeper.boundedExecutor("cloud " + cloud + " read", READERS);
        writers = timekeeper.boundedExecutor("cloud " + cloud + " write", limits.concurrent());
    }

    /** {@return the answer to a call that changes nothing} */
    <T> T read(String what, Supplier<T> call) {
        return new Call<>(what, false, call).start(readers).await(limits.call());
    }

    /** {@return the answer to a call that changes something} */
    <T> T write(String what, Supplier<T> call) {
        return new Call<>(what, true, call).start(writers).await(limits.call());
    }

    /** Makes a call that changes something and nobody waits for; a failure is handed on. */
    void inBackground(String what, Runnable call, Consumer<MicadoException> failed) {
        writers.submit(() -> {
            try {
                call.run();
            } catch (RuntimeException e) {
                failed.accept(errors.explain(what, true, e));
            }
        });
    }

    /**
     * {@return one result for each input, in their order} The calls change something, and several are made at a time.
     *
     * @param what what a call does to an input, for people
     * @param failed makes the result of an input whose call failed
     */
    <I, O> List<O> each(
            List<I> inputs, Function<I, String> what, Function<I, O> call, BiFunction<I, MicadoException, O> failed) {
        List<Call<O>> calls = new ArrayList<>();
        for (I input : inputs) {
            calls.add(new Call<>(what.apply(input), true, () -> call.apply(input)).start(writers));
        }
        Duration perRound = limits.call();
        List<O> results = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            // Those before it have ended, so that it is running, or one of those that run next.
            int rounds = 1 + Math.min(i, limits.concurrent()) / limits.concurrent();
            try {
                results.add(calls.get(i).await(perRound.multipliedBy(rounds)));
            } catch (MicadoException e) {
                results.add(failed.apply(inputs.get(i), e));
            }
        }
        return results;
    }

    /**
     * {@return what a call that comes before another one answers} Its failure is not taken for the other one's: that was not sent.
     *
     * @param next what was to follow, for people
     */
    static <T> T before(String next, Supplier<T> preparation) {
        try {
            return preparation.get();
        } catch (MicadoException e) {
            throw e.kind().mayHaveBeenApplied()
                    ? new MicadoException(ErrorKind.TRANSIENT, e.getMessage() + "; " + next + " was not begun", e)
                    : e;
        }
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    /** One call on its way. Thread-safe. */
    private final class Call<T> {
        private final String what;
        private final boolean changes;
        private final Supplier<T> action;
        private final AtomicBoolean begunOrAbandoned = new AtomicBoolean();
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Cancellable task = () -> {};

        Call(String what, boolean changes, Supplier<T> action) {
            this.what = what;
            this.changes = changes;
            this.action = action;
        }

        Call<T> start(BoundedExecutor executor) {
            task = executor.submit(() -> {
                if (begunOrAbandoned.compareAndSet(false, true)) {
                    try {
                        answer.complete(action.get());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(errors.explain(what, changes, e));
                    } catch (Error e) {
                        answer.completeExceptionally(errors.unreadable(what, changes, e.toString()));
                        throw e;
                    }
                }
            });
            return this;
        }

        T await(Duration atMost) {
            if (!timekeeper.await(answer, atMost)) {
                boolean abandoned = begunOrAbandoned.compareAndSet(false, true);
                task.cancel();
                throw late(abandoned);
            }
            try {
                return answer.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof MicadoException error ? error : e;
            }
        }

        private MicadoException late(boolean abandoned) {
            if (abandoned) {
                return new MicadoException(
                        ErrorKind.TRANSIENT, what + " on cloud " + cloud + ": was given up before it was sent");
            }
            return new MicadoException(
                    changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT,
                    what + " on cloud " + cloud + ": was given up while it waited for the answer");
        }
    }
}

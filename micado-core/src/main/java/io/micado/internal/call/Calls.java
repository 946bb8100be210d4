package io.micado.internal.call;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocking calls to plug-ins on executors of their own, and brings exactly one answer to the loop thread: the result,
 * the failure, or that the deadline has passed. Thread-safe.
 */
public final class Calls {
    private final Timekeeper time;
    private final Executor loop;

    /**
     * Creates a caller.
     *
     * @param time the timekeeper
     * @param loop runs answers on the loop thread
     */
    public Calls(Timekeeper time, Executor loop) {
        this.time = time;
        this.loop = loop;
    }

    /**
     * Makes a call. When the deadline passes it is interrupted, and its late result is dropped.
     *
     * @param what what is being done, for the message of a deadline
     * @param lateKind how a deadline counts once the call has begun; one that never began is {@code TRANSIENT}
     */
    public <T> void call(
            BoundedExecutor executor,
            Duration deadline,
            ErrorKind lateKind,
            String what,
            Callable<T> work,
            Consumer<Outcome<T>> then) {
        AtomicBoolean answered = new AtomicBoolean();
        AtomicBoolean begun = new AtomicBoolean();
        AtomicReference<@Nullable Cancellable> running = new AtomicReference<>();
        Cancellable timer = time.schedule(deadline, () -> {
            if (answered.compareAndSet(false, true)) {
                Cancellable task = running.get();
                if (task != null) {
                    task.cancel();
                }
                ErrorKind kind = begun.get() ? lateKind : ErrorKind.TRANSIENT;
                loop.execute(() -> then.accept(Outcome.failed(
                        new MicadoException(kind, what + ": no answer within " + deadline.toSeconds() + " s"))));
            }
        });
        running.set(executor.submit(() -> {
            if (answered.get()) {
                return;
            }
            begun.set(true);
            Outcome<T> outcome = run(what, work);
            if (answered.compareAndSet(false, true)) {
                timer.cancel();
                loop.execute(() -> then.accept(outcome));
            }
        }));
    }

    private static <T> Outcome<T> run(String what, Callable<T> work) {
        try {
            return Outcome.of(work.call());
        } catch (MicadoException e) {
            return Outcome.failed(e);
        } catch (Exception | LinkageError | StackOverflowError e) {
            return Outcome.failed(new MicadoException(ErrorKind.INTERNAL, what + ": " + e, e));
        }
    }
}

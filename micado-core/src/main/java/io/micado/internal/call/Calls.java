package io.micado.internal.call;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
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
        Call<T> call = new Call<>(what, deadline, lateKind, then);
        call.timer.set(time.schedule(deadline, () -> call.deadlinePassed(loop)));
        call.task.set(executor.submit(() -> {
            if (call.begin()) {
                Outcome<T> outcome = run(what, work);
                loop.execute(() -> call.answer(outcome));
            }
        }));
    }

    /**
     * One call on its way. Whichever comes first to the loop thread is the answer: deciding that on the thread of the call would
     * count an answer as given before it has arrived.
     */
    private static final class Call<T> {
        private final String what;
        private final Duration deadline;
        private final ErrorKind lateKind;
        private final Consumer<Outcome<T>> then;
        private final AtomicReference<@Nullable Cancellable> timer = new AtomicReference<>();
        private final AtomicReference<@Nullable Cancellable> task = new AtomicReference<>();
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
        /** Confined to the loop thread. */
        private boolean answered;

        private enum Phase {
            WAITING,
            BEGUN,
            GIVEN_UP
        }

        private Call(String what, Duration deadline, ErrorKind lateKind, Consumer<Outcome<T>> then) {
            this.what = what;
            this.deadline = deadline;
            this.lateKind = lateKind;
            this.then = then;
        }

        /** On the executor. One that was given up before it began never begins, since it was reported as not applied. */
        boolean begin() {
            return phase.compareAndSet(Phase.WAITING, Phase.BEGUN);
        }

        /** On the timer's thread. */
        void deadlinePassed(Executor loop) {
            ErrorKind kind = phase.compareAndSet(Phase.WAITING, Phase.GIVEN_UP) ? ErrorKind.TRANSIENT : lateKind;
            cancel(task);
            String late = what + ": no answer within " + deadline.toSeconds() + " s";
            loop.execute(() -> answer(Outcome.failed(new MicadoException(kind, late))));
        }

        /** On the loop thread. */
        void answer(Outcome<T> outcome) {
            if (!answered) {
                answered = true;
                cancel(timer);
                then.accept(outcome);
            }
        }

        private static void cancel(AtomicReference<@Nullable Cancellable> what) {
            Cancellable known = what.get();
            if (known != null) {
                known.cancel();
            }
        }
    }

    private static <T> Outcome<T> run(String what, Callable<T> work) {
        try {
            return Outcome.of(work.call());
        } catch (MicadoException e) {
            return Outcome.failed(e);
        } catch (Throwable e) {
            Faults.throwIfOfJvm(e);
            return Outcome.failed(new MicadoException(ErrorKind.INTERNAL, what + ": " + e, e));
        }
    }
}

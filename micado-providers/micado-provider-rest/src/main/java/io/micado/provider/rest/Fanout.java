package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Does the same for many, a few at a time, and waits for all. Held by the clouds of this package, called on any thread. Thread-safe. Each
 * single failure stays with its own item; an interruption of the caller ends them all.
 */
final class Fanout implements AutoCloseable {
    /** Every call has a deadline of its own, so this one is never met. */
    private static final Duration FOREVER = Duration.ofHours(1);

    private final Timekeeper time;
    private final BoundedExecutor executor;

    Fanout(Timekeeper time, String name, int atATime) {
        this.time = time;
        executor = time.boundedExecutor(name, atATime);
    }

    /**
     * {@return what became of each item, in their order}
     *
     * @param work done for each item
     * @param failed makes a result of its failure; called on the caller's thread when the work was given up
     */
    <T, R> List<R> each(List<T> items, Function<T, R> work, BiFunction<T, MicadoException, R> failed) {
        List<Task<T, R>> tasks = new ArrayList<>();
        for (T item : items) {
            Task<T, R> task = new Task<>(item, work, failed);
            tasks.add(task);
            task.running = executor.submit(task);
        }
        CompletableFuture<?>[] all = tasks.stream().map(task -> task.result).toArray(CompletableFuture<?>[]::new);
        if (!time.await(CompletableFuture.allOf(all), FOREVER)) {
            tasks.forEach(Task::giveUp);
        }
        return tasks.stream().map(task -> task.result.join()).toList();
    }

    @Override
    public void close() {
        executor.close();
    }

    private static final class Task<T, R> implements Runnable {
        private final T item;
        private final Function<T, R> work;
        private final BiFunction<T, MicadoException, R> failed;
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();
        private Cancellable running = () -> {};

        private Task(T item, Function<T, R> work, BiFunction<T, MicadoException, R> failed) {
            this.item = item;
            this.work = work;
            this.failed = failed;
        }

        @Override
        public void run() {
            if (!taken.compareAndSet(false, true)) {
                return;
            }
            try {
                result.complete(work.apply(item));
            } catch (MicadoException e) {
                result.complete(failed.apply(item, e));
            } catch (RuntimeException e) { // a defect of ours must not leave the caller waiting
                unexpected(e);
            } catch (Error e) { // neither must a full heap or stack
                unexpected(e);
                throw e;
            }
        }

        private void unexpected(Throwable e) {
            result.complete(failed.apply(item, new MicadoException(ErrorKind.INTERNAL, "unexpected: " + e, e)));
        }

        private void giveUp() {
            boolean notBegun = taken.compareAndSet(false, true);
            ErrorKind kind = notBegun ? ErrorKind.TRANSIENT : ErrorKind.OUTCOME_UNKNOWN;
            running.cancel();
            result.complete(failed.apply(
                    item, new MicadoException(kind, notBegun ? "interrupted before it began" : "interrupted")));
        }
    }
}

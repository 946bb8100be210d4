package io.micado.internal.loop;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import io.micado.internal.lease.Coordinator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the host program's commands on the loop thread while the lease is ours. One that comes before the lease is won, such
 * as right after the start, waits for it for a while. {@link #run} is thread-safe; the rest is confined to the loop thread.
 */
final class Commands {
    /** Long enough to take over the lease of a program that was killed. */
    private static final Duration PATIENCE = Coordinator.LEASE.multipliedBy(3);

    private final Timekeeper time;
    private final Executor loop;
    private final Coordinator coordinator;
    private final List<Runnable> waiting = new ArrayList<>();

    /** Takes what became of a command: null is success. */
    @FunctionalInterface
    interface Done {
        void accept(@Nullable MicadoException error);
    }

    Commands(Timekeeper time, Executor loop, Coordinator coordinator) {
        this.time = time;
        this.loop = loop;
        this.coordinator = coordinator;
    }

    /** Runs a command; its failure is the future's. */
    CompletableFuture<Void> run(String what, Consumer<Done> command) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Runnable begin = () -> command.accept(error -> {
            if (error == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(error);
            }
        });
        loop.execute(() -> {
            if (coordinator.mayActNow()) {
                begin.run();
                return;
            }
            waiting.add(begin);
            time.schedule(
                    PATIENCE,
                    () -> loop.execute(() -> {
                        if (waiting.remove(begin)) {
                            result.completeExceptionally(new MicadoException(
                                    ErrorKind.CONFLICT,
                                    what + " was not done: " + coordinator.whyNotActing()));
                        }
                    }));
        });
        return result;
    }

    /** Runs what has been waiting. */
    void leaseWon() {
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }
}

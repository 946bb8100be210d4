package io.micado.internal.loop;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import io.micado.internal.lease.Coordinator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the host program's commands on the loop thread while the lease is ours. One that comes before the lease is won, such
 * as right after the start, waits for it for a while, and so does one that needs to know something first. In a dry run none is
 * carried out, nor once the infrastructure is being destroyed. {@link #run} is thread-safe; the rest is confined to the loop thread.
 */
final class Commands {
    /** Long enough to take over the lease of a program that was killed. */
    private static final Duration PATIENCE = Coordinator.LEASE.multipliedBy(3);

    private static final String CLOSED = "the infrastructure was closed";

    private final Timekeeper time;
    private final Executor loop;
    private final Coordinator coordinator;
    private final Mode mode;
    private final List<Command> waiting = new ArrayList<>();
    private final Set<Command> underWay = new LinkedHashSet<>();
    private volatile boolean closed;

    /** Takes what became of a command: null is success. */
    @FunctionalInterface
    interface Done {
        void accept(@Nullable MicadoException error);
    }

    /** A command of the host program's. */
    private record Command(String what, BooleanSupplier ready, Consumer<Done> work, CompletableFuture<Void> result) {
        void refuse(String why) {
            result.completeExceptionally(new MicadoException(ErrorKind.CONFLICT, what + " was not done: " + why));
        }

        void end(@Nullable MicadoException error) {
            if (error == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(error);
            }
        }
    }

    Commands(Timekeeper time, Executor loop, Coordinator coordinator, Mode mode) {
        this.time = time;
        this.loop = loop;
        this.coordinator = coordinator;
        this.mode = mode;
    }

    /** Runs a command; its failure is the future's. */
    CompletableFuture<Void> run(String what, Consumer<Done> work) {
        return run(what, () -> true, work);
    }

    /**
     * Runs a command once enough is known; its failure is the future's.
     *
     * @param ready whether enough is known, asked on the loop thread; after a while the command is run in any case
     */
    CompletableFuture<Void> run(String what, BooleanSupplier ready, Consumer<Done> work) {
        Command command = new Command(what, ready, work, new CompletableFuture<>());
        if (closed) {
            command.refuse(CLOSED);
        } else {
            loop.execute(() -> {
                if (!settle(command)) {
                    waiting.add(command);
                    time.schedule(PATIENCE, () -> loop.execute(() -> endPatience(command)));
                }
            });
        }
        return command.result();
    }

    /** Begins or refuses a command; {@return whether either could be done yet} */
    private boolean settle(Command command) {
        Optional<String> why = whyNever();
        if (why.isPresent()) {
            command.refuse(why.get());
        } else if (coordinator.mayActNow() && command.ready().getAsBoolean()) {
            begin(command);
        } else {
            return false;
        }
        return true;
    }

    private void begin(Command command) {
        underWay.add(command);
        try {
            command.work().accept(error -> {
                underWay.remove(command);
                command.end(error);
            });
        } catch (RuntimeException e) {
            underWay.remove(command);
            command.end(new MicadoException(ErrorKind.INTERNAL, command.what() + " failed: " + e, e));
        }
    }

    /** {@return why nothing is carried out, whoever holds the lease} */
    private Optional<String> whyNever() {
        if (closed) {
            return Optional.of(CLOSED);
        }
        if (mode.isDestroying()) {
            return Optional.of("the infrastructure is being destroyed, or was");
        }
        return mode.isDryRun() ? Optional.of("this is a dry run; end it with dryRun(false) first") : Optional.empty();
    }

    private void endPatience(Command command) {
        if (waiting.remove(command) && !settle(command)) {
            if (coordinator.mayActNow()) {
                begin(command);
            } else {
                command.refuse(coordinator.whyNotActing());
            }
        }
    }

    /** Goes on with what waits and need not wait any more; called when the lease is won, and when something was seen. */
    void retry() {
        for (Command command : List.copyOf(waiting)) {
            if (waiting.remove(command) && !settle(command)) {
                waiting.add(command);
            }
        }
    }

    /** Refuses what still waits, and everything from now on; of what is under way nobody will hear the end. */
    void close() {
        closed = true;
        retry();
        for (Command command : underWay) {
            command.end(new MicadoException(
                    ErrorKind.OUTCOME_UNKNOWN,
                    command.what() + " had begun when the infrastructure was closed; whether it was done is unknown"));
        }
        underWay.clear();
    }

    /** Tells why a command failed, if it does. */
    @SuppressWarnings("FutureReturnValueIgnored") // the failure is what is wanted of it
    static void onFailure(CompletableFuture<Void> command, Consumer<Throwable> told) {
        command.whenComplete((done, error) -> {
            if (error != null) {
                told.accept(error);
            }
        });
    }
}

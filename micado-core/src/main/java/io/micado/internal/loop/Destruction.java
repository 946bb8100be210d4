package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.DestroyReport;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.act.Actuator;
import io.micado.internal.call.Calls;
import io.micado.internal.lease.Coordinator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one end of an infrastructure that the host program may ask for: begins a {@link Destroyer}, gives it its time, and after it
 * forgets what was remembered and dissolves the cluster. {@link #begin} and {@link #close} are thread-safe; the rest is confined to the loop thread.
 */
final class Destruction {
    private final EngineConfiguration configuration;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Executor loop;
    private final Calls calls;
    private final BoundedExecutor clusterExecutor;
    private final Coordinator coordinator;
    private final Actuator actuator;
    private final Observer observer;
    private final ClusterChanges changes;
    private final Commands commands;
    private final Mode mode;
    private final MemoryKeeper keeper;
    private final Runnable wake;
    private boolean emptied;
    private @Nullable CompletableFuture<DestroyReport> latest;
    private boolean closed;

    Destruction(
            EngineConfiguration configuration,
            Timekeeper time,
            SteadyClock clock,
            Executor loop,
            Calls calls,
            BoundedExecutor clusterExecutor,
            Coordinator coordinator,
            Actuator actuator,
            Observer observer,
            ClusterChanges changes,
            Commands commands,
            Mode mode,
            MemoryKeeper keeper,
            Runnable wake) {
        this.configuration = configuration;
        this.time = time;
        this.clock = clock;
        this.loop = loop;
        this.calls = calls;
        this.clusterExecutor = clusterExecutor;
        this.coordinator = coordinator;
        this.actuator = actuator;
        this.observer = observer;
        this.changes = changes;
        this.commands = commands;
        this.mode = mode;
        this.keeper = keeper;
        this.wake = wake;
    }

    /** Destroys the infrastructure. One that is being destroyed, or is gone, is not destroyed again: what comes of that is told. */
    synchronized CompletableFuture<DestroyReport> begin() {
        CompletableFuture<DestroyReport> known = latest;
        if (known != null && !hasFailed(known)) {
            return known.copy();
        }
        if (closed) {
            return CompletableFuture.failedFuture(closedBefore());
        }
        CompletableFuture<DestroyReport> report = new CompletableFuture<>();
        latest = report;
        loop.execute(() -> start(report));
        return report.copy();
    }

    /** Ends the waiting of those who asked for it; what is left stays. Thread-safe. */
    synchronized void close() {
        closed = true;
        if (latest != null) {
            latest.completeExceptionally(closedBefore());
        }
    }

    private MicadoException closedBefore() {
        return new MicadoException(
                ErrorKind.CONFLICT,
                "the infrastructure \"" + configuration.name() + "\" was closed before it was destroyed");
    }

    /** Failed, or left something behind. */
    private static boolean hasFailed(CompletableFuture<DestroyReport> report) {
        return report.isDone()
                && (report.isCompletedExceptionally() || !report.join().isClean());
    }

    /** Goes on where the one before ended. */
    private void start(CompletableFuture<DestroyReport> report) {
        if (emptied) {
            dissolve(report);
        } else if (mode.isDestroying()) {
            empty(report);
        } else {
            CompletableFuture<Void> begun = commands.run("destroying the infrastructure", done -> {
                empty(report);
                done.accept(null);
            });
            Commands.onFailure(begun, report::completeExceptionally);
        }
    }

    private void empty(CompletableFuture<DestroyReport> report) {
        Destroyer destroyer = new Destroyer(
                configuration,
                clock,
                coordinator,
                actuator,
                observer,
                (change, ended) -> changes.make(change, error -> ended.run()),
                () -> forget(report));
        mode.destroy(destroyer);
        time.schedule(
                Defaults.DESTROY_DEADLINE,
                () -> loop.execute(() -> {
                    if (!report.isDone()) {
                        report.complete(destroyer.giveUp("it took longer than " + Defaults.DESTROY_DEADLINE.toMinutes()
                                + " minutes; call destroy() again"));
                    }
                }));
        wake.run();
    }

    private void forget(CompletableFuture<DestroyReport> report) {
        emptied = true;
        keeper.delete();
        coordinator.delete(() -> dissolve(report));
    }

    private void dissolve(CompletableFuture<DestroyReport> report) {
        calls.call(
                clusterExecutor,
                Defaults.CLUSTER_DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "dissolving the cluster",
                () -> {
                    configuration.cluster().dissolve();
                    return true;
                },
                outcome -> report.complete(new DestroyReport(
                        List.of(),
                        List.of(),
                        outcome.succeeded()
                                ? List.of()
                                : List.of(String.valueOf(outcome.failure().getMessage())))));
    }
}

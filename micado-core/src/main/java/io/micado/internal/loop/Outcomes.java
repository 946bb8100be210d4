package io.micado.internal.loop;

import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.act.EffectResults;
import io.micado.internal.plan.Action;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Takes what became of effects: into memory and counters, as events, and as a reason to look again. Called by the actuator; confined
 * to the loop thread.
 */
final class Outcomes implements EffectResults {
    private final Collection<WorkerPool> pools;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Observer observer;
    private final EngineMemory memory;
    private final Counters counters;
    private final Consumer<MicadoEvent> publish;
    private final Runnable wake;

    /**
     * Creates one.
     *
     * @param wake asks for a pass
     */
    Outcomes(
            Collection<WorkerPool> pools,
            Timekeeper time,
            SteadyClock clock,
            Observer observer,
            EngineMemory memory,
            Counters counters,
            Consumer<MicadoEvent> publish,
            Runnable wake) {
        this.pools = pools;
        this.time = time;
        this.clock = clock;
        this.observer = observer;
        this.memory = memory;
        this.counters = counters;
        this.publish = publish;
        this.wake = wake;
    }

    @Override
    public void launched(Action.Launch action, WorkerId worker, Machine machine) {
        counters.done(action);
        observer.launched(worker, machine, clock.now());
        memory.launchAccepted(action);
        observer.cloudSoon(action.offering().cloud());
        wake.run();
    }

    @Override
    public void launchFailed(Action.Launch action, int workers, MicadoException error) {
        for (int i = 0; i < workers; i++) {
            counters.failed(action, error.kind());
        }
        memory.launchFailed(pools, action, error, clock.now());
        String times = workers == 1 ? "" : workers + " × ";
        tell("launch of " + times + action.offering().name() + " for pool " + action.pool(), error);
        wake.run();
    }

    @Override
    public void launchedInstead(Action.Launch failed, Action.Launch next) {
        publish.accept(new MicadoEvent.Warning(
                time.wallClock(),
                "launched-instead",
                "pool " + next.pool() + ": " + next.count() + " of "
                        + next.offering().name() + " are launched in place of what cloud "
                        + failed.offering().cloud() + " did not give of "
                        + failed.offering().name()));
    }

    @Override
    public void portsFailed(String cloud, MicadoException error) {
        tell("ports of cloud " + cloud, error);
    }

    @Override
    public void finishFailed(String cloud, MicadoException error) {
        tell("machines of cloud " + cloud, error);
    }

    @Override
    public void done(Action action) {
        counters.done(action);
        if (action instanceof Action.ScaleService scale) {
            memory.scaled(scale, clock.now());
        }
        if (action instanceof Action.Retire retire) {
            retire.machine().ifPresent(machine -> observer.cloudSoon(machine.cloud()));
        } else if (action instanceof Action.RemoveLeftover removed) {
            observer.cloudSoon(removed.leftover().cloud());
        }
        observer.clusterSoon();
        wake.run();
    }

    @Override
    public void failed(Action action, MicadoException error) {
        failedAgain(action, error);
        tell(action.subject(), error);
    }

    @Override
    public void failedAgain(Action action, MicadoException error) {
        counters.failed(action, error.kind());
        // What may have been applied stays remembered as ours, or it would be taken for somebody else's when it is
        // seen.
        if (action instanceof Action.ScaleService scale && !error.kind().mayHaveBeenApplied()) {
            memory.scaleFailed(scale);
        }
        observer.clusterSoon();
        wake.run();
    }

    private void tell(String subject, MicadoException error) {
        publish.accept(new MicadoEvent.EffectFailed(
                time.wallClock(), subject, error.kind(), subject + ": " + error.getMessage()));
    }
}

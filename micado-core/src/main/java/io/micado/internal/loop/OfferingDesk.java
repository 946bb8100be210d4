package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.act.CloudAccess;
import io.micado.internal.call.Calls;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Finds out at the start what the pools' offerings bring. Confined to the loop thread. */
final class OfferingDesk {
    private static final Duration DESCRIBE_AGAIN = Duration.ofMinutes(1);

    private final Map<String, CloudAccess> clouds;
    private final Calls calls;
    private final Timekeeper time;
    private final Executor loop;
    private final Observer observer;
    private final ToldProblems told;
    private final Consumer<MicadoEvent> publish;
    private final BooleanSupplier closed;
    private final Runnable wake;

    /**
     * Creates one.
     *
     * @param closed whether nothing is to be asked any more
     * @param wake asks for a pass
     */
    OfferingDesk(
            Map<String, CloudAccess> clouds,
            Calls calls,
            Timekeeper time,
            Executor loop,
            Observer observer,
            ToldProblems told,
            Consumer<MicadoEvent> publish,
            BooleanSupplier closed,
            Runnable wake) {
        this.clouds = clouds;
        this.calls = calls;
        this.time = time;
        this.loop = loop;
        this.observer = observer;
        this.told = told;
        this.publish = publish;
        this.closed = closed;
        this.wake = wake;
    }

    /** Asks the clouds what they know of a pool's offerings; without an answer the user's own words count. */
    void describe(WorkerPool pool) {
        pool.offerings().forEach(offering -> describe(pool, offering));
    }

    private void describe(WorkerPool pool, Offering offering) {
        CloudAccess access = clouds.get(offering.cloud());
        if (access == null || closed.getAsBoolean()) {
            return;
        }
        calls.call(
                access.executor(),
                Defaults.CLOUD_DEADLINE,
                ErrorKind.TRANSIENT,
                "asking what " + offering.name() + " has",
                () -> OfferingFacts.complete(offering, access.cloud()),
                outcome -> {
                    if (outcome.succeeded()) {
                        observer.described(pool.name(), offering.name(), outcome.get());
                    } else {
                        notDescribed(pool, offering, outcome.failure());
                    }
                    wake.run();
                });
    }

    /** Tells it once, and asks again as long as it may only be a matter of time. */
    private void notDescribed(WorkerPool pool, Offering offering, MicadoException error) {
        String message = String.valueOf(error.getMessage());
        if (told.isNew(message)) {
            publish.accept(new MicadoEvent.Warning(time.wallClock(), "offering-unknown", message));
        }
        if (ToldProblems.mayPass(error.kind()) && !closed.getAsBoolean()) {
            time.schedule(DESCRIBE_AGAIN, () -> loop.execute(() -> describe(pool, offering)));
        }
    }
}

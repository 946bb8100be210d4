package io.micado.provider.docker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The preparations that are under way, each in short attempts on a few threads, so that no number of waiting workers blocks anything.
 * Called by {@link LocalCloud}. Thread-safe.
 */
final class Preparations implements AutoCloseable {
    private static final int THREADS = 4;

    private final DockerEngine host;
    private final WorkerEngines engines;
    private final StateDirectory state;
    private final ImageSupply images;
    private final Timekeeper timekeeper;
    private final Consumer<String> warnings;
    private final Logger log;
    private final BoundedExecutor executor;
    private final Map<WorkerId, Run> runs = new ConcurrentHashMap<>();

    Preparations(
            DockerEngine host,
            WorkerEngines engines,
            StateDirectory state,
            ImageSupply images,
            Timekeeper timekeeper,
            Consumer<String> warnings,
            Logger log) {
        this.host = host;
        this.engines = engines;
        this.state = state;
        this.images = images;
        this.timekeeper = timekeeper;
        this.warnings = warnings;
        this.log = log;
        executor = timekeeper.boundedExecutor("local worker preparation", THREADS);
    }

    /** Begins to prepare a worker, unless that is under way or was given up. */
    void begin(Machine machine, WorkerId worker, JoinInfo join) {
        if (machine.engine().isEmpty()) {
            return;
        }
        String address =
                machine.addresses().isEmpty() ? "" : machine.addresses().get(0);
        Preparation.Subject subject = new Preparation.Subject(
                machine.id().value(), worker, machine.engine().get(), address, join);
        Run fresh = new Run(machine, worker, subject);
        if (runs.putIfAbsent(worker, fresh) == null) {
            fresh.submit();
        }
    }

    /** {@return whether a worker is being prepared} */
    boolean isUnderWay(WorkerId worker) {
        Run run = runs.get(worker);
        return run != null && !run.givenUp;
    }

    /** Forgets the preparations that were given up, but for those of these workers. */
    void forgetAllBut(Set<WorkerId> workers) {
        runs.values().removeIf(run -> run.givenUp && !workers.contains(run.worker));
    }

    /** Stops preparing a worker, because it is to go. */
    void stop(WorkerId worker) {
        Run run = runs.remove(worker);
        if (run != null) {
            run.stop();
        }
    }

    @Override
    public void close() {
        runs.keySet().forEach(this::stop);
        executor.close();
    }

    /** One preparation under way. Thread-safe: its attempts follow each other. */
    private final class Run implements Preparation.Report {
        private final Machine machine;
        private final WorkerId worker;
        private final Preparation preparation;
        private final long begun = timekeeper.nanoTime();
        private volatile boolean stopped;
        private volatile boolean givenUp;
        private volatile @Nullable Cancellable next;

        Run(Machine machine, WorkerId worker, Preparation.Subject subject) {
            this.machine = machine;
            this.worker = worker;
            preparation = new Preparation(subject, host, engines, images, this);
        }

        void submit() {
            if (!stopped) {
                next = executor.submit(this::attempt);
            }
        }

        void stop() {
            stopped = true;
            Cancellable pending = next;
            if (pending != null) {
                pending.cancel();
            }
        }

        private void attempt() {
            Optional<Duration> wait;
            try {
                wait = preparation.attempt();
            } catch (RuntimeException e) {
                runs.remove(worker, this); // the next list begins anew
                if (!stopped) {
                    log.error("preparing worker {} failed unexpectedly", worker, e);
                }
                return;
            }
            if (stopped || !runs.containsKey(worker)) {
                return;
            }
            if (wait.isPresent()) {
                next = timekeeper.schedule(wait.get(), this::submit);
            } else {
                givenUp = true; // remembered, so that the next list does not begin anew
            }
        }

        @Override
        public Duration age() {
            return Duration.ofNanos(timekeeper.nanoTime() - begun);
        }

        @Override
        public void joined() {
            state.joined(worker);
            runs.remove(worker, this);
            images.bringTo(List.of(machine)); // what has been asked for since the last were brought
            log.info("worker {} has joined after {} ms", worker, age().toMillis());
        }

        @Override
        public void warn(String message) {
            if (!stopped) {
                warnings.accept(message);
            }
        }
    }
}

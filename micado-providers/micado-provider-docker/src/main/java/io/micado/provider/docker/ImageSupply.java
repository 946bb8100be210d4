package io.micado.provider.docker;

import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Brings the images of the services from the host engine to the workers' engines, so that no registry is needed. Called by
 * {@link LocalCloud} and by {@link Preparation}. Thread-safe.
 *
 * <p>What the host engine has not got is left to the worker's engine, which pulls it when a task needs it. So is an image by digest: a
 * digest is lost on the way. No failure here stops anything; it becomes a warning, and is tried again later.
 */
final class ImageSupply {
    private static final Duration COPY_DEADLINE = Duration.ofMinutes(5);
    /** When it is worth another look whether the host has got an image meanwhile, or a copy succeeds. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final DockerEngine host;
    private final WorkerEngines engines;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final Consumer<String> warnings;
    private final Map<WorkerId, Map<String, Settled>> seen = new ConcurrentHashMap<>();
    private final Map<WorkerId, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
    private volatile Set<String> wanted = Set.of();

    /** What is known of one image on one worker. Immutable. */
    private record Settled(boolean present, long lookAgainAt) {}

    ImageSupply(
            DockerEngine host,
            WorkerEngines engines,
            Timekeeper timekeeper,
            BoundedExecutor executor,
            Consumer<String> warnings) {
        this.host = host;
        this.engines = engines;
        this.timekeeper = timekeeper;
        this.executor = executor;
        this.warnings = warnings;
    }

    /** Takes notice of the images that services run. */
    void want(Set<String> images) {
        wanted = Set.copyOf(images);
    }

    /** Brings what is missing to a worker whose engine answers; returns when that is done. */
    void bring(WorkerId worker, DockerEngine engine) {
        for (String image : new TreeSet<>(wanted)) {
            if (isOpen(worker, image)) {
                settle(worker, image, engine);
            }
        }
    }

    /** Brings what is missing to workers that have joined; returns at once. */
    void bringTo(Collection<Machine> joined) {
        for (Machine machine : joined) {
            WorkerId worker = machine.worker().orElse(null);
            if (worker != null && machine.engine().isPresent() && misses(worker)) {
                CompletableFuture<Boolean> end = new CompletableFuture<>();
                if (underWay.putIfAbsent(worker, end) == null) {
                    executor.submit(() -> bringAll(machine, worker, end));
                }
            }
        }
    }

    /** {@return the end, well or not, of all that is being brought to workers that have joined} */
    CompletableFuture<Void> end() {
        return CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new));
    }

    private void bringAll(Machine machine, WorkerId worker, CompletableFuture<Boolean> end) {
        try (DockerEngine engine = engines.open(machine.engine().orElseThrow())) {
            while (misses(worker)) { // more may be wanted by the time that one is there
                bring(worker, engine);
            }
        } finally {
            underWay.remove(worker, end);
            end.complete(true);
        }
        bringTo(List.of(machine)); // what was wanted after the last look
    }

    private boolean misses(WorkerId worker) {
        return wanted.stream().anyMatch(image -> isOpen(worker, image));
    }

    /** Forgets all workers but these. */
    void forgetAllBut(Set<WorkerId> workers) {
        seen.keySet().retainAll(workers);
    }

    private boolean isOpen(WorkerId worker, String image) {
        Settled settled = seen.getOrDefault(worker, Map.of()).get(image);
        return settled == null || (!settled.present() && timekeeper.nanoTime() - settled.lookAgainAt() >= 0);
    }

    private void settle(WorkerId worker, String image, DockerEngine engine) {
        Map<String, Settled> ofWorker = seen.computeIfAbsent(worker, id -> new ConcurrentHashMap<>());
        boolean before = ofWorker.containsKey(image);
        boolean present = image.contains("@");
        try {
            present = present || engine.images().exists(image) || copied(image, engine);
        } catch (MicadoException e) {
            if (!before) {
                warnings.accept("image " + image + " could not be brought to worker " + worker + " (" + e.getMessage()
                        + "); its engine pulls it when a task needs it, and this is tried again");
            }
        }
        long lookAgainAt = timekeeper.nanoTime() + LOOK_AGAIN.toNanos();
        ofWorker.put(image, new Settled(present, lookAgainAt));
    }

    private boolean copied(String image, DockerEngine engine) {
        if (!host.images().exists(image)) {
            return false;
        }
        host.images().copyTo(engine, image, COPY_DEADLINE);
        return true;
    }
}

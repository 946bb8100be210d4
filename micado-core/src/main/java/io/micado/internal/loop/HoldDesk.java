package io.micado.internal.loop;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.ClusterChange;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.internal.act.Actuator;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.Action;
import io.micado.internal.state.HoldLabel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Carries out the host program's word on how many there are to be: holds, releases, and workers that are sent away. Its commands are
 * thread-safe; what they do is done on the loop thread.
 */
final class HoldDesk {
    private static final String TOLD = "told to send this worker away";

    private final Map<String, WorkerPool> pools;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Commands commands;
    private final EngineMemory memory;
    private final Observer observer;
    private final Actuator actuator;
    private final ClusterChanges changes;
    private final Supplier<Optional<Observation>> latest;
    private final BooleanSupplier upToDate;
    private final Runnable wake;

    /**
     * Creates one.
     *
     * @param latest what the latest pass saw
     * @param upToDate whether that is enough to go by
     * @param wake asks for a pass
     */
    HoldDesk(
            Map<String, WorkerPool> pools,
            Timekeeper time,
            SteadyClock clock,
            Commands commands,
            EngineMemory memory,
            Observer observer,
            Actuator actuator,
            ClusterChanges changes,
            Supplier<Optional<Observation>> latest,
            BooleanSupplier upToDate,
            Runnable wake) {
        this.pools = pools;
        this.time = time;
        this.clock = clock;
        this.commands = commands;
        this.memory = memory;
        this.observer = observer;
        this.actuator = actuator;
        this.changes = changes;
        this.latest = latest;
        this.upToDate = upToDate;
        this.wake = wake;
    }

    /** Holds a target at a count for a while; zero holds it until it is released. */
    CompletableFuture<Void> hold(TargetId target, int count, Duration howLong) {
        return commands.run("holding " + target, upToDate, done -> {
            if (!isKnown(target)) {
                done.accept(unknown(target));
                return;
            }
            String label = HoldLabel.encode(count, howLong, time.wallClock());
            writeHold(
                    target,
                    label,
                    () -> HoldLabel.decode(label, clock.now(), time.wallClock())
                            .ifPresent(hold -> memory.hold(target, hold)),
                    done);
        });
    }

    /** Ends a hold. */
    CompletableFuture<Void> release(TargetId target) {
        return commands.run("releasing " + target, upToDate, done -> {
            if (!isKnown(target)) {
                done.accept(unknown(target));
                return;
            }
            writeHold(target, "", () -> memory.release(target), done);
        });
    }

    /** Sends a worker away, and holds its pool at one fewer. */
    CompletableFuture<Void> sendAway(WorkerId id, Duration howLong) {
        return commands.run("sending worker " + id + " away", upToDate, done -> {
            Optional<Worker> known =
                    latest.get().map(seen -> seen.state().workers().get(id));
            if (known.isEmpty()) {
                done.accept(new MicadoException(ErrorKind.NOT_FOUND, "there is no worker " + id));
            } else if (isOutOfReach(known.get())) {
                done.accept(notSentAway(
                        known.get(),
                        "pool " + known.get().pool()
                                + " is not configured, and no cloud that is configured lists its machine"));
            } else if (!known.get().state().countsAsCapacity()) {
                done.accept(null);
            } else {
                sendAway(known.get(), howLong, done);
            }
        });
    }

    private void sendAway(Worker worker, Duration howLong, Commands.Done done) {
        WorkerPool pool = pools.get(worker.pool());
        Optional<MicadoException> refused = pool == null ? Optional.empty() : holdAtOneFewer(pool, worker, howLong);
        if (refused.isPresent()) {
            done.accept(refused.get());
            return;
        }
        if (!worker.state().isArriving()) {
            worker.node()
                    .ifPresent(node -> actuator.carryOut(List.of(new Action.Cordon(worker.id(), node.id(), TOLD))));
        } else if (pool == null) {
            actuator.carryOut(List.of(new Action.Retire(
                    worker.id(), worker.node().map(Node::id), worker.machine().map(Machine::id), TOLD)));
        }
        // One of a pool that has not joined yet has nothing to be drained of: the next pass retires it.
        wake.run();
        done.accept(null);
    }

    private Optional<MicadoException> holdAtOneFewer(WorkerPool pool, Worker worker, Duration howLong) {
        int fewer = (int) latest.get().orElseThrow().state().workers().values().stream()
                        .filter(one ->
                                one.pool().equals(worker.pool()) && one.state().countsAsCapacity())
                        .count()
                - 1;
        if (fewer < pool.bounds().min()) {
            return Optional.of(notSentAway(
                    worker,
                    "pool " + worker.pool() + " keeps at least " + pool.bounds().min()));
        }
        TargetId target = TargetId.pool(worker.pool());
        String label = HoldLabel.encode(fewer, howLong, time.wallClock());
        HoldLabel.decode(label, clock.now(), time.wallClock()).ifPresent(hold -> memory.hold(target, hold));
        memory.sentAway(worker.pool(), worker.id());
        return Optional.empty();
    }

    /** Whether its machine is nobody's whom we could tell to delete it. */
    private boolean isOutOfReach(Worker worker) {
        return !pools.containsKey(worker.pool())
                && worker.machine().isEmpty()
                && (worker.state().countsAsCapacity() || worker.state() == WorkerState.LOST);
    }

    private static MicadoException notSentAway(Worker worker, String why) {
        return new MicadoException(ErrorKind.CONFLICT, "worker " + worker.id() + " was not sent away: " + why);
    }

    /** Of services, the label is the truth: what could not be written is not in force. */
    private void writeHold(TargetId target, String label, Runnable written, Commands.Done done) {
        Commands.Done ended = error -> {
            if (error == null) {
                written.run();
            }
            wake.run();
            done.accept(error);
        };
        if (target.level() == TargetId.Level.SERVICE) {
            changes.make(new ClusterChange.LabelService(target.name(), Map.of(Tags.SERVICE_HOLD, label)), ended);
        } else {
            ended.accept(null);
        }
    }

    private boolean isKnown(TargetId target) {
        if (!memory.isLoaded()) {
            return false;
        }
        return target.level() == TargetId.Level.POOL
                ? pools.containsKey(target.name())
                : observer.clusterView()
                        .map(view -> view.services().stream()
                                .anyMatch(service -> service.name().equals(target.name())))
                        .orElse(false);
    }

    private static MicadoException unknown(TargetId target) {
        return new MicadoException(ErrorKind.NOT_FOUND, "there is no " + target);
    }
}

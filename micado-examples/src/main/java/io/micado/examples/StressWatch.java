package io.micado.examples;

import io.micado.Status;
import io.micado.api.event.MicadoEvent;
import io.micado.api.event.MicadoListener;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what {@link StressOnSwarm} has seen: peaks, and how long things took. Told of events on the engine's thread, and of each status
 * on the program's. Thread-safe.
 */
final class StressWatch implements MicadoListener {
    private final Map<WorkerId, Instant> decidedAt = new HashMap<>();
    private final List<Duration> joins = new ArrayList<>();
    private Optional<Decision> latest = Optional.empty();
    private Optional<Instant> lastPoolOut = Optional.empty();
    private Optional<Instant> loaded = Optional.empty();
    private Optional<Instant> firstOrdered = Optional.empty();
    private Optional<Instant> firstNew = Optional.empty();
    private int mostReplicas;
    private int mostWorkers;

    @Override
    public synchronized void onEvent(MicadoEvent event) {
        if (event instanceof MicadoEvent.Decided decided) {
            decided(decided.decision());
        } else if (event instanceof MicadoEvent.WorkerChanged changed) {
            changed(changed);
        }
    }

    private void decided(Decision decision) {
        latest = Optional.of(decision);
        boolean out = decision.to() > decision.from();
        if (out && decision.target().level() == TargetId.Level.POOL) {
            lastPoolOut = Optional.of(decision.at());
        } else if (out && firstOrdered.isEmpty()) {
            firstOrdered = Optional.of(decision.at());
        }
    }

    private void changed(MicadoEvent.WorkerChanged changed) {
        if (changed.from() == WorkerState.GONE && lastPoolOut.isPresent()) {
            decidedAt.put(changed.worker(), lastPoolOut.get());
        }
        if (changed.to() == WorkerState.READY) {
            // A worker that takes tasks again after a cancelled drain did not join anew.
            Instant decided = decidedAt.remove(changed.worker());
            if (decided != null) {
                joins.add(Duration.between(decided, changed.at()));
            }
        }
    }

    /** Takes notice of what a pass saw. */
    synchronized void saw(Status status) {
        int running = running(status);
        mostReplicas = Math.max(mostReplicas, running);
        mostWorkers = Math.max(mostWorkers, ready(status));
        if (running >= 1 && loaded.isEmpty()) {
            loaded = status.at();
        }
        if (running >= 2 && firstNew.isEmpty()) {
            firstNew = status.at();
        }
    }

    static int running(Status status) {
        return status.services().stream()
                .mapToInt(Status.ServiceStatus::running)
                .sum();
    }

    static int ready(Status status) {
        return (int) status.workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .count();
    }

    /** {@return the latest decision that changed something} */
    synchronized Optional<Decision> latest() {
        return latest;
    }

    synchronized int mostReplicas() {
        return mostReplicas;
    }

    synchronized int mostWorkers() {
        return mostWorkers;
    }

    /** {@return what was measured, one line each} */
    synchronized List<String> timings() {
        List<String> lines = new ArrayList<>();
        if (loaded.isPresent() && firstOrdered.isPresent() && firstNew.isPresent()) {
            lines.add("first new replica: ordered " + seconds(Duration.between(loaded.get(), firstOrdered.get()))
                    + " after the load began, running after "
                    + seconds(Duration.between(loaded.get(), firstNew.get())));
        }
        if (!joins.isEmpty()) {
            Duration least = joins.stream().min(Duration::compareTo).orElseThrow();
            Duration most = joins.stream().max(Duration::compareTo).orElseThrow();
            lines.add("from a decision to the worker that has joined: " + seconds(least)
                    + (joins.size() > 1 ? " to " + seconds(most) : "") + " (" + joins.size() + " workers)");
        }
        return lines;
    }

    static String seconds(Duration duration) {
        return Math.max(0, Math.round(duration.toMillis() / 1000.0)) + " s";
    }
}

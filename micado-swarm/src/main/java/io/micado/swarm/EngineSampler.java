package io.micado.swarm;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.TaskState;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.EngineRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Measures the containers of one engine, round after round, and remembers their counters from one round to the next,
 * for {@link DockerMetrics}. Thread-safe: answers come on the engine's threads.
 *
 * <p>Unless the engine was healthy in the last round, a round first asks about one container only, and about several at
 * a time once that was answered, so that a stuck engine occupies one thread. As long as a call of the last round is
 * unanswered, no other round begins.
 *
 * <p>Of a container seen for the first time the engine itself is asked for two readings, which it takes a second apart, so
 * that a new replica's CPU is known one round sooner; not of many at once, since each such answer takes a second.
 */
final class EngineSampler implements AutoCloseable {
    private static final int CALLS_AT_A_TIME = 8;
    private static final int MOST_PAIRS_IN_A_ROUND = CALLS_AT_A_TIME;

    private final DockerEngine engine;
    private final Map<String, ContainerUsage> lastUsage = new HashMap<>();
    private final Deque<TaskState> waiting = new ArrayDeque<>();
    private @Nullable Round round;
    private int running;
    /** Whether it answered last time; a healthy engine needs no probe. */
    private boolean healthy;

    EngineSampler(DockerEngine engine) {
        this.engine = engine;
    }

    /** What became of one round. Confined to the sampler's lock until it is done. */
    static final class Round {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Map<String, TaskUsage> usage = new HashMap<>();
        private final Set<String> gone = new HashSet<>();
        private final boolean pairs;
        private @Nullable MicadoException failure;
        private boolean stopped;

        Round(boolean pairs) {
            this.pairs = pairs;
        }
    }

    /**
     * What one task uses.
     *
     * @param now the latest counters
     * @param before the ones of an earlier round, or of a moment before; empty when there are none yet
     */
    record TaskUsage(ContainerUsage now, Optional<ContainerUsage> before) {}

    /**
     * The answer of one round.
     *
     * @param usage by task id
     * @param gone the tasks whose container does not run any more
     * @param failure why the engine did not answer about the others, where it was the engine
     */
    record Report(Map<String, TaskUsage> usage, Set<String> gone, Optional<MicadoException> failure) {}

    DockerEngine engine() {
        return engine;
    }

    /** Begins a round; empty while the last one has unanswered calls. */
    synchronized Optional<CompletableFuture<Void>> begin(List<TaskState> tasks) {
        if (running > 0) {
            return Optional.empty();
        }
        Set<String> containers = new HashSet<>();
        tasks.forEach(task -> containers.add(container(task)));
        lastUsage.keySet().retainAll(containers);
        Round fresh = new Round(containers.size() - lastUsage.size() <= MOST_PAIRS_IN_A_ROUND);
        round = fresh;
        waiting.clear();
        tasks.stream().sorted(Comparator.comparing(this::lastRead)).forEach(waiting::add);
        next();
        return Optional.of(fresh.done);
    }

    /** Ends the round, whatever is still unanswered, and tells what it brought. */
    synchronized Report finish() {
        Round ending = round;
        if (ending == null) {
            return new Report(Map.of(), Set.of(), Optional.empty());
        }
        ending.stopped = true;
        healthy &= waiting.isEmpty() && running == 0;
        waiting.clear();
        return new Report(Map.copyOf(ending.usage), Set.copyOf(ending.gone), Optional.ofNullable(ending.failure));
    }

    private synchronized void next() {
        Round current = Objects.requireNonNull(round, "round");
        int most = healthy ? CALLS_AT_A_TIME : 1;
        List<TaskState> chosen = new ArrayList<>();
        while (!current.stopped && running < most && !waiting.isEmpty()) {
            running++;
            chosen.add(waiting.remove());
        }
        if (running == 0) {
            current.done.complete(null);
        }
        chosen.forEach(task -> ask(current, task));
    }

    private void ask(Round current, TaskState task) {
        EngineRequest request = EngineRequest.get("/containers/{}/stats", container(task))
                .query("stream", false)
                .query("one-shot", !current.pairs || wasSeen(task));
        engine.submit(request).whenComplete((stats, failure) -> {
            if (failure == null) {
                answered(current, task, ContainerUsage.parse(stats), ContainerUsage.parseEarlier(stats));
            } else if (isGone(failure)) {
                answered(current, task, Optional.empty(), Optional.empty());
            } else {
                failed(current, failure);
            }
        });
    }

    private synchronized boolean wasSeen(TaskState task) {
        return lastUsage.containsKey(container(task));
    }

    private synchronized void answered(
            Round current, TaskState task, Optional<ContainerUsage> usage, Optional<ContainerUsage> justBefore) {
        healthy = true;
        if (usage.isPresent()) {
            Optional<ContainerUsage> lastRound = Optional.ofNullable(lastUsage.put(container(task), usage.get()));
            current.usage.put(task.id(), new TaskUsage(usage.get(), lastRound.or(() -> justBefore)));
        } else {
            current.gone.add(task.id());
        }
        running--;
        next();
    }

    private synchronized void failed(Round current, Throwable failure) {
        healthy = false;
        current.failure = asMicadoException(failure);
        current.stopped = true;
        running--;
        next();
    }

    private static boolean isGone(Throwable failure) {
        return unwrapped(failure) instanceof DockerException e
                && (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.CONFLICT);
    }

    private static MicadoException asMicadoException(Throwable failure) {
        return unwrapped(failure) instanceof MicadoException e
                ? e
                : new MicadoException(ErrorKind.INTERNAL, "the statistics of a container could not be read", failure);
    }

    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Those that were not measured for longest come first, in case time runs out. */
    private Instant lastRead(TaskState task) {
        ContainerUsage last = lastUsage.get(container(task));
        return last == null ? Instant.MIN : last.read();
    }

    private static String container(TaskState task) {
        return task.containerId().orElseThrow();
    }

    @Override
    public void close() {
        engine.close();
    }
}

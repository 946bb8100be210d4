package io.micado.simulation;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An executor in virtual time: as many lanes as threads, each busy while its task lets time pass. First come, first
 * served. Confined to the thread of its {@link Timeline}.
 */
final class VirtualExecutor implements BoundedExecutor {
    private final Timeline timeline;
    private final @Nullable VirtualProcess process;
    private final String where;
    private final int threads;
    private final LongSupplier latency;

    /** Handed over by tasks that were ahead of the event time, in the order in which they will arrive. */
    private final PriorityQueue<Job> onTheWay = new PriorityQueue<>(
            Comparator.<Job>comparingLong(job -> job.origin.at()).thenComparingLong(job -> job.sequence));

    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Set<Job> busy = new LinkedHashSet<>();
    private long sequence;
    private boolean closed;

    VirtualExecutor(
            Timeline timeline, @Nullable VirtualProcess process, String name, int threads, LongSupplier latency) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, got " + threads);
        }
        this.timeline = timeline;
        this.process = process;
        this.where = "executor " + name + (process == null ? "" : " of " + process.name());
        this.threads = threads;
        this.latency = latency;
    }

    @Override
    public Cancellable submit(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (closed || (process != null && !process.isAlive())) {
            return () -> {};
        }
        Job job = new Job(task, timeline.origin(), sequence++);
        if (timeline.localNow() == timeline.now()) {
            waiting.add(job);
            fillLanes();
        } else {
            onTheWay.add(job);
            timeline.add(0, process, this::arrive);
        }
        return job;
    }

    @Override
    public void close() {
        closed = true;
        waiting.clear();
        onTheWay.clear();
        for (Job job : Set.copyOf(busy)) {
            job.cancel();
        }
    }

    private void arrive() {
        Job next = onTheWay.peek();
        while (next != null && next.origin.at() <= timeline.now()) {
            onTheWay.remove();
            waiting.add(next);
            next = onTheWay.peek();
        }
        fillLanes();
    }

    private void fillLanes() {
        while (busy.size() < threads && !waiting.isEmpty()) {
            Job job = waiting.remove();
            if (!job.cancelled && !job.origin.isCancelled()) {
                busy.add(job);
                // From an event of the executor's own time: a task that is ahead must not drag others along.
                timeline.addNow(latency.getAsLong(), process, job::start);
            }
        }
    }

    private final class Job implements Cancellable {
        private final Runnable task;
        private final Origin origin;
        private final long sequence;
        private @Nullable Run run;
        private boolean cancelled;

        private Job(Runnable task, Origin origin, long sequence) {
            this.task = task;
            this.origin = origin;
            this.sequence = sequence;
        }

        private void start() {
            if (cancelled || origin.isCancelled()) {
                end();
                return;
            }
            Run finished = timeline.run(process, true, where, task);
            run = finished;
            if (finished.elapsed() == 0) {
                end();
            } else {
                timeline.addNow(finished.elapsed(), process, this::end);
            }
        }

        private void end() {
            if (busy.remove(this)) {
                fillLanes();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (run != null && busy.contains(this) && run.interrupt(timeline.localNow())) {
                end();
            }
        }
    }
}

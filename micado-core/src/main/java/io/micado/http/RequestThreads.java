package io.micado.http;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the JDK's server, with a clock on each request. Thread-safe.
 *
 * <p>The JDK's server hands a connection over with its first byte and then reads the rest on one thread, for as long as that takes;
 * its own limits are properties of the whole JVM, read once, and off by default. So the guard stands here: a thread that
 * reads or writes for too long is interrupted, and since it works on an interruptible channel, that closes its connection and no
 * other. When all threads are taken and somebody waits, the requests that have been read for longest give way first.
 */
final class RequestThreads implements Executor, AutoCloseable {
    /** How long a request may be read at least, however many wait. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** How long the rest of a request is waited for that was refused already. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(1);

    /** How often it is looked for room while somebody waits. */
    static final Duration LOOK = Duration.ofMillis(100);

    private final Timekeeper time;
    private final BoundedExecutor threads;
    private final int mostOpen;
    private final Duration readDeadline;
    private final Duration answerDeadline;
    /** What each thread works on: of this server, so that no static field holds it. */
    private final Map<Thread, Turn> turns = new ConcurrentHashMap<>();

    private final Set<Turn> reading = new LinkedHashSet<>();
    private final int mostStreams;
    private int open;
    private int streams;
    private int waiting;
    private boolean looking;
    private long turnedAway;
    private long cutOff;

    /** Something that writes to a connection. */
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    /**
     * Creates the threads.
     *
     * @param count how many requests are worked on at a time; twice as many more may wait
     * @param mostStreams how many event streams are written at a time besides
     */
    RequestThreads(Timekeeper time, int count, int mostStreams, Duration readDeadline, Duration answerDeadline) {
        this.time = time;
        threads = time.boundedExecutor("micado-http", count + mostStreams);
        mostOpen = 3 * count;
        this.mostStreams = mostStreams;
        this.readDeadline = readDeadline;
        this.answerDeadline = answerDeadline;
    }

    /**
     * Runs the exchange of a connection.
     *
     * @throws RejectedExecutionException when too many wait already: the server then closes the connection
     */
    @Override
    public void execute(Runnable exchange) {
        Turn turn = new Turn(exchange);
        synchronized (this) {
            if (open >= mostOpen) {
                turnedAway++;
                throw new RejectedExecutionException("too many requests wait");
            }
            open++;
            waiting++;
            look();
        }
        turn.submitted(threads.submit(turn::run));
    }

    /** The request of this thread was read in full; from now on the deadline of answers counts. */
    void hasRead() throws IOException {
        Turn turn = turns.get(Thread.currentThread());
        if (turn != null && !turn.hasRead()) {
            throw new IOException("the request took too long to read");
        }
    }

    /**
     * The request of this thread was refused before it was read: what still comes of it is waited for a moment only, so that the client
     * gets to see the answer.
     */
    void wasRefused() {
        Turn turn = turns.get(Thread.currentThread());
        if (turn != null) {
            turn.wasRefused();
        }
    }

    /** Makes this thread's exchange a stream, whose end nothing but its writes decide; {@return whether there is room for one more} */
    boolean becomesStream() {
        Turn turn = turns.get(Thread.currentThread());
        synchronized (this) {
            if (turn == null || streams >= mostStreams) {
                return false;
            }
            streams++;
            open--;
            turn.becomesStream();
            return true;
        }
    }

    /** Writes a part of this thread's stream, within the deadline of answers. */
    void write(Writing part) throws IOException {
        Turn turn = turns.get(Thread.currentThread());
        Cancellable watch = time.schedule(answerDeadline, turn == null ? () -> {} : turn::writtenFor);
        try {
            part.write();
        } finally {
            watch.cancel();
        }
    }

    synchronized int streams() {
        return streams;
    }

    synchronized long turnedAway() {
        return turnedAway;
    }

    synchronized long cutOff() {
        return cutOff;
    }

    @Override
    public void close() {
        threads.close();
    }

    /** As long as somebody waits for a thread, looks again and again who has had one for long enough. */
    private void look() {
        if (!looking && waiting > 0) {
            looking = true;
            time.schedule(LOOK, this::makeRoom);
        }
    }

    private synchronized void makeRoom() {
        looking = false;
        int wanted = waiting;
        Iterator<Turn> oldestFirst = reading.iterator();
        while (wanted > 0 && oldestFirst.hasNext()) {
            Turn turn = oldestFirst.next();
            if (time.nanoTime() - turn.since < GRACE.toNanos()) {
                break;
            }
            oldestFirst.remove();
            turn.cut();
            wanted--;
        }
        look();
    }

    /** One exchange on its thread. Guarded by the lock of {@link RequestThreads}. */
    private final class Turn {
        private final Runnable exchange;
        private @Nullable Cancellable task;
        private @Nullable Cancellable deadline;
        private long since;
        private boolean isReading;
        private boolean isStream;
        private boolean isCut;
        private boolean isOver;

        private Turn(Runnable exchange) {
            this.exchange = exchange;
        }

        private void submitted(Cancellable submitted) {
            synchronized (RequestThreads.this) {
                task = submitted;
                if (isCut) {
                    submitted.cancel();
                }
            }
        }

        private void run() {
            synchronized (RequestThreads.this) {
                waiting--;
                since = time.nanoTime();
                isReading = true;
                reading.add(this);
                deadline = time.schedule(readDeadline, this::readFor);
            }
            turns.put(Thread.currentThread(), this);
            try {
                exchange.run();
            } finally {
                turns.remove(Thread.currentThread());
                synchronized (RequestThreads.this) {
                    if (isStream) {
                        streams--;
                    } else {
                        open--;
                    }
                    isOver = true;
                    reading.remove(this);
                    cancelDeadline();
                }
            }
        }

        private boolean hasRead() {
            synchronized (RequestThreads.this) {
                if (isCut) {
                    return false;
                }
                isReading = false;
                reading.remove(this);
                cancelDeadline();
                deadline = time.schedule(answerDeadline, this::answeredFor);
                return true;
            }
        }

        private void wasRefused() {
            synchronized (RequestThreads.this) {
                if (isReading && !isCut) {
                    cancelDeadline();
                    deadline = time.schedule(LAST_BYTES, this::readFor);
                }
            }
        }

        private void becomesStream() {
            isStream = true;
            cancelDeadline();
        }

        private void writtenFor() {
            synchronized (RequestThreads.this) {
                cut();
            }
        }

        private void readFor() {
            synchronized (RequestThreads.this) {
                if (isReading && !isCut) {
                    reading.remove(this);
                    cut();
                }
            }
        }

        private void answeredFor() {
            synchronized (RequestThreads.this) {
                if (!isReading && !isStream && !isCut) {
                    cut();
                }
            }
        }

        private void cut() {
            if (isOver) {
                return;
            }
            isCut = true;
            cutOff++;
            if (task != null) {
                task.cancel();
            }
        }

        private void cancelDeadline() {
            if (deadline != null) {
                deadline.cancel();
                deadline = null;
            }
        }
    }
}

package io.micado.internal.lease;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.CoordinationStore.Versioned;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the infrastructure's identity, the right to act (a lease) and the intents, all in one record of the cluster's store
 * that is only changed by compare-and-swap. Confined to the loop thread, except {@link #mayActNow()}, which is thread-safe.
 *
 * <p>The lease is good for 15 s and renewed every 5 s. Foreign clocks are not trusted: a lease of somebody else counts as
 * run out when we have watched it for 15 s of our own clock without a renewal. We ourselves stop acting 10 s after the start
 * of the last renewal that succeeded, so that nobody else can have taken over by then.
 */
public final class Coordinator {
    /** How long a lease is good for. */
    public static final Duration LEASE = Duration.ofSeconds(15);
    /** How often it is renewed, or watched. */
    public static final Duration RENEWAL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final Duration ACTING = LEASE.minus(RENEWAL);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final String name;
    private final String holder;
    private final InfrastructureId freshIdentity;
    private final CoordinationStore store;
    private final Timekeeper time;
    private final BoundedExecutor executor;
    private final Calls calls;
    private final BiConsumer<Boolean, String> changed;

    private final List<Write> waiting = new ArrayList<>();
    private @Nullable Versioned seen;
    private @Nullable CoordinationRecord record;
    private boolean held;
    private boolean createdHere;
    private boolean everTold;
    private boolean busy;
    private boolean renewalDue;
    private boolean closing;
    private @Nullable Runnable afterCall;
    private String problem = "";
    private String watchedLease = "";
    private long watchedSince;
    private volatile long actingUntil;

    private record Write(UnaryOperator<CoordinationRecord> change, Consumer<Outcome<CoordinationRecord>> then) {}

    /**
     * Creates a coordinator; {@link #tick()} brings it to life.
     *
     * @param name the record's name in the store
     * @param holder a name of this program that no other one has
     * @param freshIdentity the identity to give the infrastructure if it has none yet
     * @param changed told whenever the lease is won or lost, with a sentence
     */
    public Coordinator(
            String name,
            String holder,
            InfrastructureId freshIdentity,
            CoordinationStore store,
            Timekeeper time,
            BoundedExecutor executor,
            Calls calls,
            BiConsumer<Boolean, String> changed) {
        this.name = name;
        this.holder = holder;
        this.freshIdentity = freshIdentity;
        this.store = store;
        this.time = time;
        this.executor = executor;
        this.calls = calls;
        this.changed = changed;
        actingUntil = time.nanoTime();
    }

    /** {@return the identity, the lease and the intents as last seen; empty before the first answer} */
    public Optional<CoordinationRecord> record() {
        return Optional.ofNullable(record);
    }

    /** {@return whether this program made the infrastructure, so that nothing of it can exist that it does not know of} */
    public boolean createdHere() {
        return createdHere;
    }

    /** {@return whether the right to act is ours at this moment; asked once more right before every effect} */
    public boolean mayActNow() {
        return actingUntil - time.nanoTime() > 0;
    }

    /** {@return who holds the lease, for people} */
    public String holderForPeople() {
        CoordinationRecord known = record;
        if (known == null) {
            return "unknown: the cluster's store has not answered yet";
        }
        if (known.holder().isEmpty()) {
            return "nobody";
        }
        return known.holder().equals(holder) ? "this program (" + holder + ")" : known.holder();
    }

    /** {@return why the right to act is not ours, for people} */
    public String whyNotActing() {
        return problem.isEmpty() ? "the lease is held by " + holderForPeople() : problem;
    }

    /** Renews the lease, or watches it and takes it over when it has run out. Called every {@link #RENEWAL}. */
    public void tick() {
        if (held && !mayActNow()) {
            lost("the lease could not be renewed in time");
        }
        renewalDue = true;
        next();
    }

    /**
     * Changes the record; the answer tells whether the store has it. Fails with {@code CONFLICT} when the lease is not ours.
     */
    public void save(UnaryOperator<CoordinationRecord> change, Consumer<Outcome<CoordinationRecord>> then) {
        waiting.add(new Write(change, then));
        next();
    }

    /** Gives the lease back, so that the next program need not wait for its end. The answer comes in any case. */
    public void giveBack(Runnable then) {
        closing = true;
        if (!held) {
            if (busy) {
                // It may be about to become ours.
                afterCall = () -> giveBack(then);
            } else {
                then.run();
            }
            return;
        }
        save(CoordinationRecord::givenBack, outcome -> {
            held = false;
            actingUntil = time.nanoTime();
            then.run();
        });
    }

    /** Deletes the record once the infrastructure is no more. */
    public void delete(Runnable then) {
        closing = true;
        held = false;
        actingUntil = time.nanoTime();
        calls.call(
                executor,
                DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "deleting the infrastructure's record",
                () -> {
                    store.delete(name);
                    return true;
                },
                outcome -> then.run());
    }

    private void next() {
        if (busy) {
            return;
        }
        if (!held) {
            failWaiting(new MicadoException(ErrorKind.CONFLICT, whyNotActing()));
            if (renewalDue && !closing) {
                renewalDue = false;
                read();
            }
        } else if (renewalDue || !waiting.isEmpty()) {
            renewalDue = false;
            write(List.copyOf(waiting));
        }
    }

    /** Calls the store, one call at a time. */
    private <T> void call(String what, ErrorKind lateKind, Callable<T> work, Consumer<Outcome<T>> then) {
        busy = true;
        calls.call(executor, DEADLINE, lateKind, what + " the infrastructure's record", work, outcome -> {
            busy = false;
            then.accept(outcome);
            Runnable due = afterCall;
            if (due != null && !busy) {
                afterCall = null;
                due.run();
            }
        });
    }

    private void read() {
        call("reading", ErrorKind.TRANSIENT, () -> store.read(name), outcome -> {
            if (outcome.succeeded()) {
                onRead(outcome.get());
            } else {
                unanswered(outcome.failure());
            }
        });
    }

    private void unanswered(MicadoException error) {
        problem = "the cluster's store does not answer: " + error.getMessage();
        LOG.debug("{}", problem);
    }

    private void onRead(Optional<Versioned> found) {
        if (closing) {
            return;
        }
        if (found.isEmpty()) {
            create();
            return;
        }
        if (!accept(found.get())) {
            return;
        }
        CoordinationRecord current = current();
        if (current.holder().equals(holder)) {
            // Our own write, whose answer was lost, or an outage in which nobody else took over. How old it is cannot
            // be
            // told, so that only a renewal gives the right to act.
            write(List.of());
            return;
        }
        String lease = current.holder() + "/" + current.epoch() + "/" + current.renewed();
        if (!lease.equals(watchedLease)) {
            watchedLease = lease;
            watchedSince = time.nanoTime();
        }
        boolean free = current.holder().isEmpty();
        boolean ranOut = time.nanoTime() - watchedSince >= LEASE.toNanos();
        if (free || ranOut) {
            write(List.of());
        } else {
            tellOnce("the lease is held by " + current.holder() + "; this program observes and does not act");
        }
    }

    private void create() {
        CoordinationRecord lastSeen = record;
        // A record that somebody deleted is made again as it was: a new identity would disown every machine that there
        // is.
        CoordinationRecord initial =
                lastSeen == null ? CoordinationRecord.initial(freshIdentity, holder) : lastSeen.madeAgainBy(holder);
        long startedAt = time.nanoTime();
        call("writing", ErrorKind.OUTCOME_UNKNOWN, () -> store.create(name, initial.encode()), outcome -> {
            // Whatever it was, the next tick reads what is there.
            if (!outcome.succeeded()) {
                unanswered(outcome.failure());
            } else if (accept(outcome.get())) {
                createdHere |= lastSeen == null;
                won(startedAt);
                next();
            }
        });
    }

    private void write(List<Write> writes) {
        Versioned base = seen;
        if (base == null) {
            return;
        }
        CoordinationRecord changedRecord = current().renewedBy(holder);
        for (Write write : writes) {
            changedRecord = write.change().apply(changedRecord);
        }
        CoordinationRecord next = changedRecord;
        Map<String, String> values = next.encode();
        long startedAt = time.nanoTime();
        call("writing", ErrorKind.OUTCOME_UNKNOWN, () -> store.update(name, base, values), outcome -> {
            if (outcome.succeeded()) {
                onWritten(outcome.get(), values, next, writes, startedAt);
            } else {
                onWriteFailed(outcome.failure(), writes);
            }
        });
    }

    private void onWritten(
            Versioned written,
            Map<String, String> values,
            CoordinationRecord asWritten,
            List<Write> writes,
            long startedAt) {
        if (written.values().equals(values)) {
            take(written, asWritten);
        } else if (!accept(written)) {
            return;
        }
        waiting.removeAll(writes);
        won(startedAt);
        CoordinationRecord current = current();
        writes.forEach(write -> write.then().accept(Outcome.of(current)));
        next();
    }

    private void onWriteFailed(MicadoException error, List<Write> writes) {
        unanswered(error);
        if (closing || !held) {
            waiting.removeAll(writes);
            writes.forEach(write -> write.then().accept(Outcome.failed(error)));
            return;
        }
        reread();
    }

    /** After a failed write: whose lease is it, and at which version? If still ours, the same writes are made again. */
    private void reread() {
        call("reading", ErrorKind.TRANSIENT, () -> store.read(name), outcome -> {
            if (!outcome.succeeded()) {
                // Nothing is known; the next tick tries again, until the right to act has run out.
                unanswered(outcome.failure());
                return;
            }
            Optional<Versioned> found = outcome.get();
            if (found.isEmpty()) {
                lost("the infrastructure's record was deleted by somebody else");
            } else if (accept(found.get()) && !current().holder().equals(holder)) {
                lost("the lease was taken over by " + current().holder());
            } else if (held) {
                next();
            }
        });
    }

    /** {@return whether the values are understood; if not, nothing is acted on any more} */
    private boolean accept(Versioned versioned) {
        if (CoordinationRecord.isNewer(versioned.values())) {
            refuse("the infrastructure's record was written by a newer release; this one does not act on it");
            return false;
        }
        try {
            take(versioned, CoordinationRecord.decode(versioned.values()));
            return true;
        } catch (RuntimeException e) {
            refuse("the infrastructure's record \"" + name + "\" is damaged (" + e.getMessage()
                    + "); delete it by hand if nothing of the infrastructure is left");
            return false;
        }
    }

    private void take(Versioned versioned, CoordinationRecord decoded) {
        record = decoded;
        seen = versioned;
        problem = "";
    }

    private void refuse(String why) {
        problem = why;
        lost(why);
    }

    /** After a write: whose lease it is now, and until when it may be acted on. */
    private void won(long startedAt) {
        if (closing) {
            held = current().holder().equals(holder);
            return;
        }
        actingUntil = startedAt + ACTING.toNanos();
        if (!held) {
            held = true;
            everTold = false;
            changed.accept(true, "this program (" + holder + ") holds the lease and acts");
        }
    }

    private void lost(String why) {
        actingUntil = time.nanoTime();
        watchedLease = "";
        if (held) {
            held = false;
            changed.accept(false, why);
        } else {
            tellOnce(why);
        }
        failWaiting(new MicadoException(ErrorKind.CONFLICT, why));
    }

    private void tellOnce(String why) {
        if (!everTold) {
            everTold = true;
            changed.accept(false, why);
        }
    }

    private void failWaiting(MicadoException why) {
        List<Write> failed = List.copyOf(waiting);
        waiting.clear();
        failed.forEach(write -> write.then().accept(Outcome.failed(why)));
    }

    private CoordinationRecord current() {
        CoordinationRecord known = record;
        if (known == null) {
            throw new IllegalStateException("nothing was read yet");
        }
        return known;
    }
}

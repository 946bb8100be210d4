package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.StateStore;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.call.Calls;
import io.micado.internal.memory.MemoryCodec;
import io.micado.internal.memory.MemoryCodec.Saved;
import io.micado.internal.plan.PlannerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what the last program remembered, and saves what this one does every 30 s if it has changed. Confined to the loop thread. */
final class MemoryKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryKeeper.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration UNCHANGED_INTERVAL = Duration.ofMinutes(10);

    private final String key;
    private final StateStore store;
    private final Calls calls;
    private final BoundedExecutor executor;
    private Instant dueAt = Instant.EPOCH;
    private Instant writtenAt = Instant.EPOCH;
    private @Nullable Saved written;
    private boolean saving;

    MemoryKeeper(String infrastructure, StateStore store, Calls calls, Timekeeper time) {
        key = "memory-" + infrastructure + ".json";
        this.store = store;
        this.calls = calls;
        executor = time.boundedExecutor("micado-state", 1);
    }

    /** Loads; the answer comes in any case, since memory may be lost. */
    void load(String identity, Consumer<Optional<Saved>> then) {
        calls.call(executor, DEADLINE, ErrorKind.TRANSIENT, "loading memory", () -> store.load(key), outcome -> {
            if (!outcome.succeeded()) {
                LOG.warn(
                        "what was remembered cannot be loaded: {}",
                        outcome.failure().getMessage());
            }
            then.accept(
                    outcome.succeeded()
                            ? outcome.get().flatMap(text -> MemoryCodec.decode(identity, text))
                            : Optional.empty());
        });
    }

    /** Saves, if it is time. What is saved already is written again only now and then, in case that the store has lost it. */
    void saveIfDue(Instant now, String identity, PlannerMemory memory, Map<TargetId, PolicyState> policies) {
        if (saving || now.isBefore(dueAt)) {
            return;
        }
        dueAt = now.plus(Defaults.SAVE_INTERVAL);
        boolean isNews = !new Saved(memory, policies).equals(written);
        if (isNews || !now.isBefore(writtenAt.plus(UNCHANGED_INTERVAL))) {
            writtenAt = now;
            save(identity, memory, policies, () -> {});
        }
    }

    /** Saves now. */
    void save(String identity, PlannerMemory memory, Map<TargetId, PolicyState> policies, Runnable then) {
        saving = true;
        Saved saved = new Saved(memory, policies);
        calls.call(
                executor,
                DEADLINE,
                ErrorKind.TRANSIENT,
                "saving memory",
                () -> {
                    store.save(key, MemoryCodec.encode(identity, saved));
                    return true;
                },
                outcome -> {
                    saving = false;
                    if (outcome.succeeded()) {
                        written = saved;
                    } else {
                        LOG.warn(
                                "what is remembered cannot be saved: {}",
                                outcome.failure().getMessage());
                    }
                    then.run();
                });
    }

    /** Forgets everything once the infrastructure is no more. */
    void delete() {
        calls.call(
                executor,
                DEADLINE,
                ErrorKind.TRANSIENT,
                "deleting memory",
                () -> {
                    store.delete(key);
                    return true;
                },
                outcome -> {});
    }

    void close() {
        executor.close();
    }
}

package io.micado.internal.loop;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Makes the changes of one service one after the other, in the order in which they were asked for, however long each takes:
 * otherwise a later one could be done first. Used by {@link Deployments}; thread-safe.
 */
final class TurnsByService {
    private final Map<String, CompletableFuture<?>> latest = new ConcurrentHashMap<>();

    /**
     * Begins a change when those before it have ended, at once where there is none.
     *
     * @param change begins it; its future ends with it, and does not end before
     * @return what becomes of it, for the host program, who may do with it what it likes
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what becomes of a change is told by its own future
    CompletableFuture<Void> add(String service, Supplier<CompletableFuture<Void>> change) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        CompletableFuture<Void> turn = new CompletableFuture<>();
        CompletableFuture<?> before = latest.put(service, turn);
        Runnable begin = () -> change.get().whenComplete((done, error) -> {
            latest.remove(service, turn);
            if (error == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(error);
            }
            turn.complete(null);
        });
        if (before == null) {
            begin.run();
        } else {
            before.thenRun(begin);
        }
        return result;
    }

    /** {@return whether no change is under way and none waits} */
    boolean isEmpty() {
        return latest.isEmpty();
    }
}

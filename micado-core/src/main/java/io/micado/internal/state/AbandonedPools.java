package io.micado.internal.state;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds workers of pools that are not configured any more, under this name at least, and makes pools of no workers of them, so that
 * they leave by the way on which workers of other pools leave. Called by the observer; confined to the loop thread.
 *
 * <p>A wrong name in a configuration must not cost a running application its workers at once: it is told as soon as it is seen, and
 * nothing is done about it for ten minutes. Only a worker that is on its way out
 * already, because somebody sent it away or the program before was about to, goes on leaving in that time.
 */
public final class AbandonedPools {
    /** How long the user has to mend the configuration. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Another one was not written by us. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}");

    private static final PolicySpec NOBODY =
            PolicySpec.of(in -> Recommendation.of(0, "the pool is not configured any more"));

    private final Set<String> configured;
    private final Consumer<MicadoEvent> events;
    private final Map<String, Seen> seen = new HashMap<>();

    /** An abandoned pool, and since when this program knows of it. */
    private record Seen(Instant since, WorkerPool pool) {}

    /**
     * Creates one.
     *
     * @param configured the names of the pools that are configured
     * @param events told once of each pool that is not
     */
    public AbandonedPools(Set<String> configured, Consumer<MicadoEvent> events) {
        this.configured = Set.copyOf(configured);
        this.events = events;
    }

    /**
     * {@return the pools whose workers are to leave now, by name}
     *
     * @param workers all workers
     */
    public Map<String, WorkerPool> find(Collection<Worker> workers, Instant now, Instant wallClock) {
        Map<String, List<Worker>> byPool = workers.stream()
                .filter(worker -> !configured.contains(worker.pool())
                        && NAME.matcher(worker.pool()).matches())
                .collect(Collectors.groupingBy(Worker::pool, TreeMap::new, Collectors.toList()));
        seen.keySet().retainAll(byPool.keySet());
        Map<String, WorkerPool> abandoned = new LinkedHashMap<>();
        byPool.forEach((name, ofPool) -> {
            // Without a machine there is nothing to give back: the configuration may have lost its cloud, too.
            ofPool.stream()
                    .flatMap(worker -> worker.machine().stream())
                    .findFirst()
                    .ifPresent(machine -> {
                        if (!seen.containsKey(name)) {
                            seen.put(name, new Seen(now, poolOfNobody(name, machine)));
                            tell(name, ofPool, wallClock);
                        }
                    });
            Seen pool = seen.get(name);
            if (pool == null) {
                return;
            }
            if (!now.isBefore(pool.since().plus(PATIENCE))) {
                abandoned.put(name, pool.pool());
            } else if (ofPool.stream().anyMatch(AbandonedPools::isLeaving)) {
                abandoned.put(name, ofThoseThatStay(pool.pool(), ofPool));
            }
        });
        return abandoned;
    }

    private static boolean isLeaving(Worker worker) {
        return switch (worker.state()) {
            case CORDONED, DRAINING -> worker.node().filter(Node::drainedByUs).isPresent();
            case LEAVING, TERMINATING -> true;
            default -> false;
        };
    }

    /** The pool of exactly the others, so that none of them goes and none comes. */
    private static WorkerPool ofThoseThatStay(WorkerPool pool, List<Worker> workers) {
        int staying = (int) workers.stream()
                .filter(worker -> worker.state().countsAsCapacity())
                .count();
        return WorkerPool.builder(pool.name())
                .between(staying, staying)
                .offering(pool.offerings().get(0))
                .policy(NOBODY)
                .build();
    }

    private static WorkerPool poolOfNobody(String name, Machine machine) {
        return WorkerPool.builder(name)
                .between(0, 0)
                .offering(Offering.builder(machine.id().cloud(), machine.instanceType())
                        .build())
                .policy(NOBODY)
                .build();
    }

    private void tell(String name, List<Worker> workers, Instant wallClock) {
        String which =
                workers.stream().map(worker -> worker.id().toString()).sorted().collect(Collectors.joining(", "));
        events.accept(new MicadoEvent.Warning(
                wallClock,
                "unknown-pool",
                "pool " + name + " is not configured, but has workers: " + which + ". From "
                        + wallClock.plus(PATIENCE)
                        + " on they are drained and terminated one after the other, as far as"
                        + " their tasks have a place elsewhere. To keep them, configure a pool of this name again"));
    }
}

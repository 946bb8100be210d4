package io.micado.examples.bench;

import io.micado.api.scaling.TargetId;
import io.micado.api.spi.Settings;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.PolicyTrial;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What all policies of the bench are tried in, alike for each. Immutable.
 *
 * @param workerLead how long a worker takes to arrive
 * @param replicaLead how long a replica takes to arrive
 * @param interval the time between two decisions, over which measurements are averages too
 * @param lag how old a measurement is when it is seen
 * @param capacity how many requests a second an instance serves; empty for a fiftieth of each trace's peak
 * @param targetPercent the utilisation that the product's own policies aim at
 */
record BenchWorld(
        Duration workerLead,
        Duration replicaLead,
        Duration interval,
        Duration lag,
        Optional<Double> capacity,
        double targetPercent) {

    private static final String WORKER_LEAD = "--lead-worker";
    private static final String REPLICA_LEAD = "--lead-replica";
    private static final String INTERVAL = "--interval";
    private static final String LAG = "--lag";
    private static final String CAPACITY = "--capacity";
    private static final String TARGET = "--target";

    /** The arguments that change it, each of which takes a value. */
    static final Set<String> OPTIONS = Set.of(WORKER_LEAD, REPLICA_LEAD, INTERVAL, LAG, CAPACITY, TARGET);

    /** Checks the numbers that no trial checks in the words of the arguments. */
    BenchWorld {
        capacity.filter(value -> !(value > 0)).ifPresent(value -> {
            throw new IllegalArgumentException(CAPACITY + " must be above 0 requests a second, got " + value);
        });
        if (!(targetPercent > 0 && targetPercent <= 100)) {
            throw new IllegalArgumentException(
                    TARGET + " must be above 0 and at most 100 percent, got " + targetPercent);
        }
    }

    /** {@return what the arguments say} */
    static BenchWorld of(Settings said) {
        return new BenchWorld(
                said.duration(WORKER_LEAD, Duration.ofSeconds(120)),
                said.duration(REPLICA_LEAD, Duration.ofSeconds(5)),
                said.duration(INTERVAL, Duration.ofSeconds(15)),
                said.duration(LAG, Duration.ZERO),
                said.number(CAPACITY),
                said.number(TARGET, 70));
    }

    /** {@return a trial, set up at a level} */
    PolicyTrial at(TargetId.Level level, PolicyTrial trial, LoadTrace trace) {
        boolean workers = level == TargetId.Level.POOL;
        return (workers ? trial.workers() : trial.replicas())
                .leadTime(workers ? workerLead : replicaLead)
                .trace(trace)
                .interval(interval)
                .window(interval)
                .sensingLag(lag)
                .capacity(capacity(trace));
    }

    /** {@return how many requests of a trace an instance serves in a second} */
    double capacity(LoadTrace trace) {
        return capacity.orElseGet(() -> PolicyTrial.usualCapacity(trace));
    }
}

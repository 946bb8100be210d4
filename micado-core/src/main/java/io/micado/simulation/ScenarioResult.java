package io.micado.simulation;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What has come of a {@link Scenario}. Immutable.
 *
 * @param seed the seed that makes the same run again
 * @param duration how much time has passed
 * @param services by service
 * @param bill what the machines have cost
 * @param launches machines that were launched
 * @param terminations machines that were terminated
 * @param counters what has become of tasks
 * @param timeline samples in their order
 * @param decisions every decision that changed something, in their order
 */
public record ScenarioResult(
        long seed,
        Duration duration,
        Map<String, ServiceResult> services,
        Bill bill,
        int launches,
        int terminations,
        ClusterCounters counters,
        List<Point> timeline,
        List<Decision> decisions) {

    /** Copies the collections. */
    public ScenarioResult {
        services = Map.copyOf(services);
        timeline = List.copyOf(timeline);
        decisions = List.copyOf(decisions);
    }

    /** {@return the result of one service} */
    public ServiceResult service(String name) {
        ServiceResult result = services.get(name);
        if (result == null) {
            throw new IllegalArgumentException("there is no service \"" + name + "\"; known: " + services.keySet());
        }
        return result;
    }

    /** {@return the hours of all machines together, from launch to termination} */
    public double workerHours() {
        return bill.machineHours();
    }

    /** {@return how many decisions changed something in a direction for a target; positive directions are out} */
    public long actions(TargetId target) {
        return decisions.stream()
                .filter(decision -> decision.target().equals(target))
                .count();
    }

    /** {@return decisions that changed something, per day, of all targets} */
    public double actionsPerDay() {
        return decisions.size() / (duration.toMillis() / 86_400_000.0);
    }

    /** {@return how often a decision for a target went the other way than the one before it} */
    public int reversals(TargetId target) {
        int reversals = 0;
        int before = 0;
        for (Decision decision : decisions) {
            if (decision.target().equals(target)) {
                int direction = Integer.signum(decision.to() - decision.from());
                if (before != 0 && direction != before) {
                    reversals++;
                }
                before = direction;
            }
        }
        return reversals;
    }

    /**
     * What has come of one service. Immutable.
     *
     * @param work what was asked for and served, in requests
     * @param replicaHours the hours of all running replicas together, by the samples
     * @param peakReplicas the most running replicas of any sample
     */
    public record ServiceResult(ServedWork work, double replicaHours, int peakReplicas) {

        /** {@return the share of requests that was not served, 0 to 1} */
        public double unservedShare() {
            return work.unservedShare();
        }
    }

    /**
     * One sample of the timeline. Immutable.
     *
     * @param at the time since the start
     * @param wallClock the virtual wall clock
     * @param services by service
     * @param readyWorkers workers whose node takes tasks
     * @param machines machines that exist and cost
     */
    public record Point(
            Duration at, Instant wallClock, Map<String, ServicePoint> services, int readyWorkers, int machines) {
        /** Copies the map. */
        public Point {
            services = Map.copyOf(services);
        }
    }

    /**
     * One sample of a service. Immutable.
     *
     * @param offeredPerSecond requests per second since the last sample, on average
     * @param servedPerSecond what of it was served
     * @param desired replicas asked for
     * @param running replicas running
     */
    public record ServicePoint(double offeredPerSecond, double servedPerSecond, int desired, int running) {}
}

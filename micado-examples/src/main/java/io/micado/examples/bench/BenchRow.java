package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.TrialResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One policy on one trace at one level. Immutable.
 *
 * @param trace the trace's name
 * @param load the trace
 * @param capacity how many requests a second an instance serves
 * @param policy the policy's name
 * @param level {@code worker} or {@code service}
 * @param result what came of it
 * @param oracle what came of the oracle
 * @param waiting waiting times of single requests; empty unless asked for
 * @param recovery how long after half of the instances failed everything was served again; empty unless asked for, or if never
 */
record BenchRow(
        String trace,
        LoadTrace load,
        double capacity,
        String policy,
        String level,
        TrialResult result,
        TrialResult oracle,
        Optional<RequestQueue.Waiting> waiting,
        Optional<Duration> recovery) {

    /** {@return the instance-hours over those of the oracle} */
    double hoursVsOracle() {
        return result.instanceHours() / oracle.instanceHours();
    }

    /** {@return the hours that were begun over those of the oracle} */
    double billedVsOracle() {
        return result.billedHours() / oracle.billedHours();
    }

    /** {@return the same scores without the course of each run, which takes most of the memory} */
    BenchRow scores() {
        return new BenchRow(trace, load, capacity, policy, level, scores(result), scores(oracle), waiting, recovery);
    }

    private static TrialResult scores(TrialResult result) {
        return new TrialResult(
                result.duration(),
                result.requests(),
                result.unservedShare(),
                result.underTimeShare(),
                result.overTimeShare(),
                result.underAccuracy(),
                result.overAccuracy(),
                result.instanceHours(),
                result.billedHours(),
                result.actions(),
                result.reversals(),
                result.moved(),
                result.peak(),
                result.recovery(),
                List.of(),
                List.of(),
                List.of());
    }

    /** {@return the trace and the level} */
    String group() {
        return trace + ", " + level;
    }
}

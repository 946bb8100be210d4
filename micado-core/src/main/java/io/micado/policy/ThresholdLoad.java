package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import io.micado.policy.Measurement.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The CPU load of a service or a pool, as {@link ThresholdScaler} compares it with its thresholds. Immutable.
 *
 * @param known of those that were measured, in percent
 * @param cautious the same with everyone that was not measured at 100 %
 * @param measured how many were measured
 * @param missing how many run and were not measured
 * @param basis what it is a share of, for people
 */
record ThresholdLoad(double known, double cautious, int measured, int missing, String basis) {

    /** {@return the load; empty when nobody was measured} */
    static Optional<ThresholdLoad> measure(ScalingContext in, ThresholdRule.LoadBasis basis) {
        Measurement measurement = in.target().level() == TargetId.Level.POOL
                ? PoolUse.of(in, Metric.CPU, Resources::cpuCores, "of what its workers have")
                : ServiceUse.of(in, Metric.CPU, of(basis, in), Duration.ZERO);
        List<Part> measured = measurement.measured();
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        List<Part> cautious = new ArrayList<>(measured);
        measurement.missing().forEach(part -> cautious.add(part.using(part.whole())));
        return Optional.of(new ThresholdLoad(
                100 * Measurement.share(measured),
                100 * Measurement.share(cautious),
                measured.size(),
                measurement.missing().size(),
                measurement.basis()));
    }

    /**
     * {@return whether some worker has more idle CPU than a replica may use, as MiCADO 0.3 compares it: percent of the whole
     * worker with percent of one core}
     */
    static boolean hasIdleWorker(ScalingContext in) {
        Possible possible = new Possible(in, new FreshMetrics(in), Metric.CPU);
        double limitPercent = 100
                * in.service().map(ServiceState::limit).map(Resources::cpuCores).orElse(0.0);
        return in.workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .anyMatch(worker -> idlePercent(worker, possible) > limitPercent);
    }

    /** What is not known is not idle. */
    private static double idlePercent(Worker worker, Possible possible) {
        double cores = worker.capacity().cpuCores();
        return cores > 0
                ? possible.of(worker)
                        .map(used -> 100 - 100 * used.value() / cores)
                        .orElse(0.0)
                : 0;
    }

    private static Basis of(ThresholdRule.LoadBasis basis, ScalingContext in) {
        return switch (basis) {
            case CORE -> new Basis.WorkerCores(in);
            case RESERVATION -> Basis.cpu(in);
        };
    }
}

package io.micado.policy;

import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.Resources;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import io.micado.policy.Measurement.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Measures the workers of a pool by a metric of their nodes. Called by the policies on their threads. Not instantiable.
 *
 * <p>Arriving workers wait; those on their way out are left out, because what runs there will run on the others.
 */
final class PoolUse {
    private PoolUse() {}

    /**
     * {@return the measurement}
     *
     * @param metric the metric that each node has
     * @param whole what it is a share of
     * @param basis the words for that
     */
    static Measurement of(ScalingContext in, String metric, ToDoubleFunction<Resources> whole, String basis) {
        Possible possible = new Possible(in, new FreshMetrics(in), metric);
        List<Part> measured = new ArrayList<>();
        List<Part> waiting = new ArrayList<>();
        List<Part> missing = new ArrayList<>();
        Observed observed = Observed.NEVER;
        for (Worker worker : in.workers()) {
            Part unknown = new Part(0, whole.applyAsDouble(worker.capacity()));
            if (worker.state().isArriving()) {
                waiting.add(unknown);
            } else if (worker.state() == WorkerState.READY) {
                Optional<Sample> sample = possible.of(worker);
                // Without a capacity there is nothing that the use could be a share of.
                if (sample.isPresent() && unknown.whole() > 0) {
                    measured.add(unknown.using(sample.get().value()));
                    observed = observed.and(sample.get());
                } else {
                    missing.add(unknown);
                }
            }
        }
        boolean saturated =
                !basis.isEmpty() && !measured.isEmpty() && Measurement.share(measured) >= Measurement.SATURATION;
        return new Measurement(
                measured, List.of(), waiting, missing, possible.impossible(), observed, basis, saturated);
    }
}

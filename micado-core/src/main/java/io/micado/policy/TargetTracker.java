package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Recommends as many as keep every metric at or below its target, called by the engine on its policy threads. Immutable. All
 * that it remembers is what may be noise ({@link Patience}) or cannot be right ({@link Beliefs}): windows and rates are the engine's.
 *
 * @param metrics the metrics with their targets, at least one
 */
record TargetTracker(List<TrackedMetric> metrics) implements Scaler {

    TargetTracker {
        metrics = List.copyOf(metrics);
    }

    @Override
    public Recommendation recommend(ScalingContext in) {
        TrackerMemory memory = TrackerMemory.of(in);
        List<Recommendation> all = new ArrayList<>(metrics.size());
        for (TrackedMetric metric : metrics) {
            all.add(metric.recommend(in, memory));
        }
        return Strongest.of(all, memory.state());
    }
}

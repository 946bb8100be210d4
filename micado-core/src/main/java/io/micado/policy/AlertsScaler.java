package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;

/**
 * Takes steps by the alerts of its target, called by the engine on its policy threads. Immutable.
 *
 * @param service the steps of services
 * @param pool the steps of pools
 */
record AlertsScaler(StepScaler service, StepScaler pool) implements Scaler {
    @Override
    public Recommendation recommend(ScalingContext in) {
        return (in.target().level() == TargetId.Level.SERVICE ? service : pool).recommend(in);
    }
}

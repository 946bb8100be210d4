package io.micado.policy;

import io.micado.api.metric.MetricHistory;
import io.micado.api.scaling.PastWanted;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Instant;
import java.util.Optional;

/**
 * Recommends what the load will need by the time capacity arrives, called by the engine on its policy threads. Immutable.
 * {@link Predictive} tells what it does.
 *
 * @param settings the settings
 */
record PredictiveScaler(PredictiveSettings settings) implements Scaler {

    @Override
    public Recommendation recommend(ScalingContext in) {
        PredictiveMemory memory = PredictiveMemory.of(in.state(), seconds(in.now()));
        Optional<Demand> demand = DemandReader.read(in, settings.perInstance(), settings.warmUp());
        return demand.isPresent()
                ? new PredictivePass(settings, in, memory, demand.get()).recommend()
                : blind(in, memory);
    }

    @Override
    public Optional<PastWanted> pastWanted(TargetId target) {
        return Optional.of(PredictivePast.wanted(target, settings));
    }

    @Override
    public PolicyState learn(ScalingContext in, MetricHistory past) {
        return PredictivePast.learn(settings, in, past);
    }

    /** Without any sample only what other days show is known, which may lead out but not in. */
    private Recommendation blind(ScalingContext in, PredictiveMemory memory) {
        String nothing =
                "no fresh sample of " + Words.count(in.desired(), in.target().unit());
        double then = seconds(in.now())
                + PredictivePass.lead(in, Integer.MAX_VALUE)
                + in.metricInterval().toSeconds();
        double usual = memory.forecaster.usual(then);
        if (Double.isNaN(usual) || settings.forecastOnly()) {
            return Recommendation.unknown(nothing).remembering(memory.state());
        }
        int count = (int) Math.ceil(usual * (1 + settings.floor()));
        String unit = in.target().unit();
        return Recommendation.of(
                        Math.max(count, in.desired()),
                        nothing + "; other days needed " + Words.count(count, unit) + " at this time")
                .asLowerBound()
                .withDeadBandApplied()
                .with("usual." + unit, usual)
                .remembering(memory.state());
    }

    /** {@return the wall clock's seconds with their fraction} */
    static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}

package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.worker.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Runs a threshold policy pass by pass over a load that is given in percent, and gives what it asks for. For tests; confined to
 * one thread. The memory goes through its encoding in every pass, as over a restart.
 */
final class ThresholdRun {
    private final Scaler scaler;
    private boolean pool;
    private int interval = 5;
    private int givingAfter;
    private int count = 1;
    private int second;
    private int askedSince = -1;
    private String lastReason = "";
    private PolicyState state = PolicyState.NONE;

    private ThresholdRun(Scaler scaler) {
        this.scaler = scaler;
    }

    static ThresholdRun of(PolicySpec policy) {
        return new ThresholdRun(Policies.scaler(policy));
    }

    ThresholdRun ofPool() {
        pool = true;
        return this;
    }

    /** Sets the seconds between two passes. */
    ThresholdRun every(int seconds) {
        interval = seconds;
        return this;
    }

    ThresholdRun startingWith(int value) {
        count = value;
        return this;
    }

    /** Gives what was asked for only after it was asked for so many seconds without a break. */
    ThresholdRun givingAfter(int seconds) {
        givingAfter = seconds;
        return this;
    }

    String lastReason() {
        return lastReason;
    }

    /**
     * {@return every change with its second, up to and including the last one}
     *
     * @param load percent by second; NaN is no measurement
     */
    List<String> until(int last, IntToDoubleFunction load) {
        List<String> actions = new ArrayList<>();
        for (; second <= last; second += interval) {
            Recommendation answer = pass(load.applyAsDouble(second) / 100);
            lastReason = answer.reason();
            state = new PolicyState.Encoded(
                    answer.state().version(), answer.state().encode());
            if (answer instanceof Recommendation.Capacity capacity && capacity.count() != count) {
                askedSince = askedSince < 0 ? second : askedSince;
                if (second - askedSince >= givingAfter) {
                    actions.add(second + ": " + count + " -> " + capacity.count());
                    count = capacity.count();
                    askedSince = -1;
                }
            } else {
                askedSince = -1;
            }
        }
        return actions;
    }

    private Recommendation pass(double share) {
        Instant now = PolicyContexts.NOW.plusSeconds(second);
        PolicyContexts context = (pool ? PolicyContexts.pool("workers") : PolicyContexts.service("web"))
                .at(now)
                .state(state);
        context.desired(count);
        if (!pool) {
            // One reserved core each, on workers of one core: the load is the same on either basis.
            context.reservation(1, 0).worker("w", 1, 0).on("w");
        }
        for (int i = 0; i < count; i++) {
            String name = "w" + i;
            if (pool) {
                context.worker(name, 1);
                if (!Double.isNaN(share)) {
                    context.sample(MetricKey.node(Metric.CPU, new NodeId(name)), share);
                }
            } else if (Double.isNaN(share)) {
                context.unmeasured(1);
            } else {
                context.replicas(share);
            }
        }
        return scaler.recommend(context.build());
    }
}

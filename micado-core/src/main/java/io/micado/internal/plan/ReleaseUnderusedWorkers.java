package io.micado.internal.plan;

import io.micado.api.scaling.Rule;

/**
 * Sends workers away whose tasks all fit elsewhere, when fewer are wanted: first those whose going disturbs least for what it saves. A
 * step of {@link FleetPlanner}.
 */
final class ReleaseUnderusedWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            if (pool.remembersRegret(pass.situation(), pass.now())) {
                pool.meet(new Note(
                        Rule.PLACEMENT,
                        "the last worker that was released had to be taken back, as tasks found no place"));
                continue;
            }
            new Releasing(pass, pool)
                    .releaseWhile(
                            candidate -> true,
                            candidate -> Math.round(100 * candidate.load()) + " % of it are in use; it "
                                    + candidate.disruption() + " to where they fit");
        }
    }
}

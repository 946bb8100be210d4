package io.micado.internal.plan;

import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.Host.Role;
import java.time.Duration;

/**
 * Starts the replicas of a service anew so that they spread over workers that joined lately: the orchestrator itself never moves
 * a running task. Only for services that are to be spread so, as the host program or their label says, one in a pass, and each not again for a while. A step of
 * {@link FleetPlanner}.
 */
final class RebalanceServices implements FleetStep {
    /** How long a service is left alone after it was rebalanced. */
    static final Duration PAUSE = Duration.ofMinutes(10);

    @Override
    public void take(FleetPass pass) {
        if (!pass.mayChangeCluster() || !pass.unplaced().isEmpty()) {
            return;
        }
        for (PlannedService planned : pass.services().values()) {
            if (planned.service().rebalance() && isSettled(pass, planned) && isCrowded(pass, planned)) {
                String name = planned.service().name();
                TargetId target = TargetId.service(name);
                if (pass.draft()
                        .act(new Action.Rebalance(name, "a worker runs several replicas and another one none"))) {
                    pass.draft()
                            .remember(target, pass.draft().remembered(target).withRebalancedAt(pass.now()));
                    return;
                }
            }
        }
    }

    private static boolean isSettled(FleetPass pass, PlannedService planned) {
        boolean changes = planned.change().isPresent()
                || planned.service().surge() != pass.surgeOf(planned.service().name())
                || planned.service().state().updating();
        boolean lately = pass.draft()
                .remembered(TargetId.service(planned.service().name()))
                .rebalancedAt()
                .filter(at -> at.plus(PAUSE).isAfter(pass.now()))
                .isPresent();
        return !changes
                && !lately
                && pass.index()
                        .service(planned.service().name())
                        .filter(service -> pass.index().counts().runningToStay(service) == planned.total())
                        .isPresent();
    }

    /** One host runs at least two replicas while another one that would take one runs none. */
    private static boolean isCrowded(FleetPass pass, PlannedService planned) {
        ServiceProfile service = pass.index().service(planned.service().name()).orElseThrow();
        int most = 0;
        boolean anyFree = false;
        for (Host host : pass.index().hosts()) {
            int[] there = new int[1];
            pass.index()
                    .forEachService(host, (other, tasks) -> there[0] += other.index() == service.index() ? tasks : 0);
            most = Math.max(most, there[0]);
            anyFree |= there[0] == 0
                    && host.role() == Role.TAKES_TASKS
                    && host.worker().isPresent()
                    && service.accepts(host.traits())
                    && service.reservation().fitsIn(pass.byUse().free(host));
        }
        return most > 1 && anyFree;
    }
}

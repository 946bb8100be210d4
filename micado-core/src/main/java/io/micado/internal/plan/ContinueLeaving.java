package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Leads workers that are on their way out one step further: cordoned → asked whether they may go → extra replicas run elsewhere →
 * drained → empty → gone. A step of {@link FleetPlanner}.
 */
final class ContinueLeaving implements FleetStep {
    /** After the guard has said no, it is asked again no sooner. */
    static final Duration GUARD_PAUSE = Duration.ofSeconds(60);

    @Override
    public void take(FleetPass pass) {
        if (!pass.mayChangeCluster()) {
            return;
        }
        for (PoolPlan pool : pass.pools()) {
            for (Worker worker : pool.roster().leaving()) {
                if (!pass.isTaken(worker) && pass.cloudIsKnown(worker)) {
                    lead(pass, pool, worker);
                }
                if (worker.state().isDrainingCancellable() && !pool.calledBack().contains(worker.id())) {
                    keepSurges(pass, worker);
                }
            }
        }
    }

    private static void lead(FleetPass pass, PoolPlan pool, Worker worker) {
        switch (worker.state()) {
            case CORDONED -> leadCordoned(pass, pool, worker);
            case DRAINING -> leadDraining(pass, pool, worker);
            case LEAVING -> pass.retire(worker, worker.reason());
            case TERMINATING -> {
                if (isStillToBeRemoved(worker)) {
                    pass.retire(worker, worker.reason());
                }
            }
            default -> {}
        }
    }

    private static void leadCordoned(FleetPass pass, PoolPlan pool, Worker worker) {
        Boolean mayGo = pass.state().guardAnswers().get(worker.id());
        if (mayGo == null) {
            return;
        }
        if (!mayGo) {
            pool.refuse(worker.id(), pass.now().plus(GUARD_PAUSE));
            pool.meet(new Note(Rule.GUARD, "the guard keeps " + worker.id()));
            pass.reclaim(pool, worker, "the guard said no");
            return;
        }
        List<String> toSurge = toSurge(pass, worker);
        List<String> waitedFor = toSurge.stream()
                .filter(service -> !runsElsewhere(pass, service))
                .toList();
        if (!waitedFor.isEmpty() && worker.inState().compareTo(pool.pool().drainDeadline()) >= 0) {
            String why = "no extra replica of " + waitedFor + " came to run elsewhere";
            pool.refuse(worker.id(), pass.now().plus(pool.pool().drainDeadline()));
            pool.meet(new Note(Rule.PLACEMENT, why));
            pass.reclaim(pool, worker, why);
            return;
        }
        toSurge.forEach(pass::surge);
        if (waitedFor.isEmpty()) {
            worker.node()
                    .ifPresent(node -> pass.draft().act(new Action.Drain(worker.id(), node.id(), worker.reason())));
        }
    }

    private static void leadDraining(FleetPass pass, PoolPlan pool, Worker worker) {
        int tasks = pass.index().host(worker).map(pass.index()::taskCount).orElse(0);
        if (tasks == 0) {
            pass.retire(worker, worker.reason());
            pool.releasedForGood();
        } else if (worker.inState().compareTo(pool.pool().drainDeadline()) >= 0) {
            pass.retire(worker, tasks + " tasks did not leave within the drain deadline");
        }
    }

    /** An extra replica stays until its service has left the worker. */
    private static void keepSurges(FleetPass pass, Worker worker) {
        pass.index()
                .host(worker)
                .ifPresent(host -> pass.index().forEachActiveService(host, (service, tasks) -> {
                    PlannedService planned = pass.services().get(service.name());
                    if (planned != null && planned.service().surge() > 0) {
                        pass.surge(service.name());
                    }
                }));
    }

    /** Services that get one more replica before the worker's own is stopped. */
    private static List<String> toSurge(FleetPass pass, Worker worker) {
        List<String> found = new ArrayList<>();
        pass.index()
                .host(worker)
                .ifPresent(host -> pass.index().forEachActiveService(host, (service, tasks) -> {
                    if (pass.needsSurge(service)) {
                        found.add(service.name());
                    }
                }));
        return found;
    }

    /** All but the replicas that are to leave run, the extra one included. */
    private static boolean runsElsewhere(FleetPass pass, String name) {
        PlannedService planned = pass.services().get(name);
        ServiceProfile service = pass.index().service(name).orElseThrow();
        ServiceCounts counts = pass.index().counts();
        int leaving = counts.active(service) - counts.placed(service);
        return planned != null
                && planned.service().surge() > 0
                && counts.runningToStay(service) >= Math.max(1, planned.total() - leaving);
    }

    /** A machine that its cloud is deleting already needs nothing more, unless its node is still there. */
    private static boolean isStillToBeRemoved(Worker worker) {
        boolean machineStays = worker.machine()
                .filter(machine -> machine.status().exists() && machine.status() != MachineStatus.TERMINATING)
                .isPresent();
        return machineStays || worker.node().map(Node::id).isPresent();
    }
}

package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Launches workers for tasks that fit on none that there is or will be: as many as they need, in one pass, each task for the
 * first pool that takes it. A step of {@link FleetPlanner}.
 */
final class ServePendingTasks implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        List<TaskGroup> waiting = new ArrayList<>();
        List<TaskGroup> left = new ArrayList<>();
        for (TaskGroup group : pass.unplaced()) {
            (isTakenByALaunch(pass, group) ? waiting : left).add(group);
        }
        for (PoolPlan pool : pass.pools()) {
            if (!left.isEmpty()) {
                left = serve(pool, left);
            }
        }
        waiting.addAll(left);
        pass.leaveUnplaced(waiting);
        waiting.forEach(group -> tellWhyItWaits(pass, group));
    }

    /** What the workers that are being launched may take must not be bought elsewhere, too. */
    private static boolean isTakenByALaunch(FleetPass pass, TaskGroup group) {
        return pass.pools().stream()
                .filter(PoolPlan::isLaunching)
                .flatMap(pool -> pool.allOffers().stream())
                .anyMatch(offer -> offer.isOpen() && offer.takes(group.service()));
    }

    private static List<TaskGroup> serve(PoolPlan pool, List<TaskGroup> groups) {
        // What is being launched for the minimum takes tasks, too.
        List<Offer> offers = pool.openOffers();
        int[] paid = offers.stream().mapToInt(pool::launchesOf).toArray();
        BinPacking packing = new BinPacking(groups, offers, paid, pool.room());
        int served = groups.stream().mapToInt(TaskGroup::tasks).sum();
        List<Purchase> purchases = packing.pack();
        List<TaskGroup> left = packing.unpacked();
        served -= left.stream().mapToInt(TaskGroup::tasks).sum();
        String why = served + (served == 1 ? " task waits" : " tasks wait") + " for a place";
        for (Purchase purchase : purchases) {
            pool.launch(purchase, why);
        }
        if (served > 0) {
            pool.raiseToWhatThereIs(Rule.PENDING_TASKS, why);
        }
        return left;
    }

    private static void tellWhyItWaits(FleetPass pass, TaskGroup group) {
        boolean possible = false;
        for (PoolPlan pool : pass.pools()) {
            List<Offer> fitting = pool.allOffers().stream()
                    .filter(offer -> offer.takes(group.service()))
                    .toList();
            if (!fitting.isEmpty()) {
                possible = true;
                Note why = pool.whyNotMore()
                        .or(() -> fitting.get(0).refusal())
                        .orElseGet(() -> new Note(
                                Rule.UNKNOWN,
                                "what a worker of " + fitting.get(0).offering().name()
                                        + " has shows when the first one has joined"));
                pool.tasksWait(new Note(why.rule(), group + " wait: " + why.text()));
            }
        }
        if (!possible) {
            tellThatItIsImpossible(pass, group);
        }
    }

    private static void tellThatItIsImpossible(FleetPass pass, TaskGroup group) {
        String name = group.service().name();
        new Outlook(pass.index(), Set.of())
                .whyImpossible(group.service())
                .ifPresent(why -> pass.draft()
                        .warn(
                                "impossible-task",
                                name,
                                "service " + name + ": " + group.tasks() + " replicas cannot run: " + why));
    }
}

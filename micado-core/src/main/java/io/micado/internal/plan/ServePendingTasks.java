package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.worker.Headroom;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Launches workers for tasks that fit on none that there is or will be: as many as they and the pool's headroom need, in one pass, each
 * task for the first pool that takes it. A step of {@link FleetPlanner}.
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
                left = serve(pass, pool, left);
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

    private static List<TaskGroup> serve(FleetPass pass, PoolPlan pool, List<TaskGroup> groups) {
        // What is being launched for the minimum takes tasks, too.
        List<Offer> offers = pool.openOffers();
        int[] paid = offers.stream().mapToInt(pool::launchesOf).toArray();
        Optional<TaskGroup> headroom = headroomThatLacks(pass, pool, offers, groups);
        List<TaskGroup> both = new ArrayList<>(groups);
        headroom.ifPresent(both::add);
        BinPacking packing = new BinPacking(both, offers, paid, pool.room());
        List<Purchase> purchases = packing.pack();
        boolean forBoth =
                headroom.isPresent() && packing.unpacked().stream().noneMatch(group -> isTaken(group, offers));
        if (headroom.isPresent() && !forBoth) {
            // Room is scarce: tasks come first, and what is left of it is for the headroom.
            packing = new BinPacking(groups, offers, paid, pool.room());
            purchases = packing.pack();
        }
        List<TaskGroup> left = packing.unpacked().stream()
                .filter(group -> !HeadroomDemand.is(group))
                .toList();
        int served = count(groups) - count(left);
        String why = served + (served == 1 ? " task waits" : " tasks wait") + " for a place";
        for (Purchase purchase : purchases) {
            pool.launch(purchase, forBoth ? why + ", and headroom is kept besides" : why);
        }
        if (served > 0) {
            pool.raiseToWhatThereIs(Rule.PENDING_TASKS, why);
        }
        return left;
    }

    /** One mix of workers serves the tasks and the headroom that is to be left when they run. */
    private static Optional<TaskGroup> headroomThatLacks(
            FleetPass pass, PoolPlan pool, List<Offer> offers, List<TaskGroup> groups) {
        List<TaskGroup> coming =
                groups.stream().filter(group -> isTaken(group, offers)).toList();
        Headroom headroom = pool.pool().headroom();
        if (headroom.equals(Headroom.NONE) || coming.isEmpty() || !pass.mayChangeCluster()) {
            return Optional.empty();
        }
        PoolUse use = PoolUse.ofWhatThereIs(pass, pool);
        return HeadroomDemand.of(use.lacking(headroom, PoolUse.useOf(coming)), offers);
    }

    private static boolean isTaken(TaskGroup group, List<Offer> offers) {
        return offers.stream().anyMatch(offer -> offer.takes(group.service()));
    }

    private static int count(List<TaskGroup> groups) {
        return groups.stream().mapToInt(TaskGroup::tasks).sum();
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

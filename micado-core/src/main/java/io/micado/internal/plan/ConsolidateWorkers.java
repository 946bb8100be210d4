package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Rule;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.BinPacking.Purchase;
import io.micado.internal.plan.CheaperWorkers.Swap;
import io.micado.internal.plan.ConsolidationMemory.Chance;
import io.micado.internal.plan.ConsolidationMemory.Replacement;
import io.micado.internal.plan.Releasing.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Replaces a worker of a quiet pool by cheaper ones that take what runs there, where the pool asks for it: they are launched first, and
 * it goes when they are ready. One at a time, as tasks may move to any pool. A step of {@link FleetPlanner}.
 *
 * <p>That a worker could be replaced must last without a break, as long as the pool's window of scaling in and until what was lost
 * by not doing it exceeds what it costs; so nothing is moved because of a lull, and a small saving waits longer than a large one. As the
 * count that policies ask for says nothing of sizes, the pool keeps at least the count that it is asked for. What had to be broken off,
 * or made a pool grow again within an hour, is not tried again for a while, nor before anything has changed.
 */
final class ConsolidateWorkers implements FleetStep {
    /** How long the old worker may be kept from going once the new ones are ready. */
    static final Duration PATIENCE = Duration.ofMinutes(10);
    /** A pool that grows again so soon was made too small. */
    static final Duration TRIAL = Duration.ofHours(1);
    /** What has not to do with what was asked for may be tried again when nothing of that has changed. */
    private static final long ANY_SITUATION = 0;

    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            if (!pool.pool().consolidation().enabled() || !pool.mayDisturb()) {
                pool.remember(ConsolidationMemory.EMPTY);
            } else if (pass.mayChangeCluster()) {
                consolidate(pass, pool);
            } else {
                pool.remember(pool.consolidation().withChance(Optional.empty()));
            }
        }
    }

    private static void consolidate(FleetPass pass, PoolPlan pool) {
        Optional<Replacement> underWay = pool.consolidation().underWay();
        if (underWay.isPresent() && underWay.get().leaving()) {
            seeItGone(pass, pool, underWay.get());
        } else if (underWay.isPresent()) {
            letItGo(pass, pool, underWay.get());
        } else {
            judgeTheLast(pass, pool);
            lookForTheNext(pass, pool);
        }
    }

    // ---- the replacement that is under way ----

    private static void seeItGone(FleetPass pass, PoolPlan pool, Replacement replacement) {
        if (isAmong(pool.roster().counting(), replacement.worker())) {
            breakOff(pass, pool, replacement, "it was taken back");
        } else if (anyGrows(pass)) {
            breakOff(pass, pool, replacement, "now other workers are needed");
        } else if (!isAmong(pool.roster().leaving(), replacement.worker())) {
            pool.remember(pool.consolidation().carriedThrough(pass.now()));
        }
    }

    /** The tasks that moved may have gone to any pool. */
    private static boolean anyGrows(FleetPass pass) {
        return pass.pools().stream().anyMatch(PoolPlan::grows);
    }

    private static boolean isAmong(List<Worker> workers, WorkerId id) {
        return workers.stream().anyMatch(worker -> worker.id().equals(id));
    }

    private static void letItGo(FleetPass pass, PoolPlan pool, Replacement replacement) {
        Optional<Worker> leaver = pool.roster().counting().stream()
                .filter(worker -> worker.id().equals(replacement.worker()))
                .findFirst();
        if (leaver.isEmpty()) {
            pool.remember(pool.consolidation().carriedThrough(pass.now()));
        } else if (!pass.unplaced().isEmpty()) {
            breakOff(pass, pool, replacement, "tasks wait for a place");
        } else if (arrives(pool) || pass.isTaken(leaver.get()) || anyLeaves(pass)) {
            pool.trail().remark(Rule.COST, replacement.why());
        } else if (!pool.canSpareOne()) {
            breakOff(pass, pool, replacement, ANY_SITUATION, "the cheaper ones did not come, or are needed besides");
        } else {
            sendAway(pass, pool, replacement, leaver.get());
        }
    }

    private static boolean arrives(PoolPlan pool) {
        return pool.isLaunching()
                || pool.roster().counting().stream()
                        .anyMatch(worker -> worker.state().isArriving());
    }

    private static boolean anyLeaves(FleetPass pass) {
        return pass.pools().stream().anyMatch(pool -> !pool.roster().leaving().isEmpty());
    }

    private static void sendAway(FleetPass pass, PoolPlan pool, Replacement replacement, Worker leaver) {
        Releasing releasing = new Releasing(pass, pool);
        Optional<Candidate> candidate = releasing.candidate(leaver);
        if (candidate.isPresent() && releasing.sendAway(candidate.get(), replacement::why)) {
            pool.replace(leaver.id(), replacement.why());
            pool.remember(pool.consolidation().leaving());
        } else if (replacement.since().plus(PATIENCE).isBefore(pass.now())) {
            breakOff(pass, pool, replacement, "it could not be sent away for long");
        } else {
            pool.trail().remark(Rule.COST, replacement.why());
        }
    }

    private static void breakOff(FleetPass pass, PoolPlan pool, Replacement replacement, String why) {
        breakOff(pass, pool, replacement, replacement.situation(), why);
    }

    private static void breakOff(FleetPass pass, PoolPlan pool, Replacement replacement, long situation, String why) {
        pool.remember(pool.consolidation().regretted(situation, pass.now()));
        pool.trail().remark(Rule.COST, "replacing " + replacement.worker() + " is broken off: " + why);
    }

    // ---- the last one and the next one ----

    private static void judgeTheLast(FleetPass pass, PoolPlan pool) {
        ConsolidationMemory memory = pool.consolidation();
        if (memory.done().isEmpty()) {
            return;
        }
        if (anyGrows(pass)) {
            pool.remember(memory.regretted(memory.done().get().situation(), pass.now()));
        } else if (!memory.done().get().at().plus(TRIAL).isAfter(pass.now())) {
            pool.remember(memory.proven());
        }
    }

    private static void lookForTheNext(FleetPass pass, PoolPlan pool) {
        Optional<Chance> seen = pool.consolidation().chance();
        Optional<Swap> swap = pool.isQuiet() && pass.nothingWaits() && !remembersRegret(pass, pool)
                ? find(pass, pool, seen)
                : Optional.empty();
        if (swap.isEmpty()) {
            pool.remember(pool.consolidation().withChance(Optional.empty()));
            return;
        }
        Chance chance = seen.filter(it -> it.worker().equals(swap.get().worker()))
                .map(it -> new Chance(
                        it.worker(),
                        it.since(),
                        Math.min(it.saving(), swap.get().saving())))
                .orElseGet(() ->
                        new Chance(swap.get().worker(), pass.now(), swap.get().saving()));
        Duration lasted = Duration.between(chance.since(), pass.now());
        Behavior behavior = pool.pool().behavior().orElse(Behavior.WORKERS);
        boolean isDue = lost(chance, lasted) > swap.get().cost()
                && lasted.compareTo(behavior.in().stabilization()) >= 0;
        if (isDue && pass.pools().stream().allMatch(ConsolidateWorkers::isSettled)) {
            begin(pass, pool, swap.get(), chance, lasted);
        } else {
            pool.remember(pool.consolidation().withChance(Optional.of(chance)));
            pool.trail()
                    .remark(
                            Rule.COST,
                            swap.get() + " would save " + Money.text(swap.get().saving()) + " an hour; watched since "
                                    + chance.since());
        }
    }

    /** Two workers that drain at once may take each other's room. */
    private static boolean isSettled(PoolPlan pool) {
        return pool.consolidation().underWay().isEmpty()
                && pool.roster().leaving().isEmpty()
                && pool.done() >= pool.roster().counting().size();
    }

    private static boolean remembersRegret(FleetPass pass, PoolPlan pool) {
        return pool.consolidation()
                .regret()
                .filter(it -> pass.now().isBefore(it.until()) || it.situation() == pass.situation())
                .isPresent();
    }

    private static Optional<Swap> find(FleetPass pass, PoolPlan pool, Optional<Chance> seen) {
        Releasing releasing = new Releasing(pass, pool);
        List<Candidate> candidates = pool.roster().counting().stream()
                .map(releasing::candidate)
                .flatMap(Optional::stream)
                .toList();
        return new CheaperWorkers(pass, pool)
                .find(
                        candidates,
                        worker -> seen.filter(chance -> chance.worker().equals(worker))
                                .isPresent());
    }

    private static void begin(FleetPass pass, PoolPlan pool, Swap swap, Chance chance, Duration lasted) {
        String why = swap + " saves " + Money.text(swap.saving()) + " an hour and "
                + swap.candidate().disruption() + "; not doing it has cost " + Money.text(lost(chance, lasted)) + " in "
                + lasted.toSeconds() + " s, the change costs " + Money.text(swap.cost());
        long situation = pass.situation();
        for (Purchase purchase : swap.purchases()) {
            pool.launchInstead(purchase, why);
        }
        Replacement replacement = new Replacement(swap.worker(), pass.now(), false, situation, why);
        pool.remember(pool.consolidation().withChance(Optional.of(chance)).begun(replacement));
    }

    private static double lost(Chance chance, Duration lasted) {
        return chance.saving() * lasted.toMillis() / 3.6e6;
    }
}

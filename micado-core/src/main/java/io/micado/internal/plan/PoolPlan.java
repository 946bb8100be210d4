package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.internal.plan.BinPacking.Purchase;
import io.micado.internal.plan.PoolMemory.Regret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one pool while it is being made: what there is, what is wanted, and what the steps have done about it so far.
 * Made by {@link FleetPlanner}, changed by the {@link FleetStep}s. Confined to one call of the planner.
 */
final class PoolPlan {
    private final PoolRoster roster;
    private final Trail trail;
    private final int wantedAtFirst;
    private final int ceiling;
    private final Optional<Note> closed;
    private final boolean isLaunching;
    private final List<Offer> offers;
    private final Map<Offer, Integer> launches = new LinkedHashMap<>();
    private final Map<Offer, Purchase> forTasks = new HashMap<>();
    private final TreeSet<WorkerId> sentAway;
    private final TreeSet<WorkerId> calledBack;
    private final TreeMap<WorkerId, Instant> refusedUntil;
    private final Optional<Regret> regret;
    private final boolean loadIsKnown;
    private final List<String> launchReasons = new ArrayList<>();
    private @Nullable Note hurdle;
    private ConsolidationMemory consolidation;
    private int reclaimed;
    private int instead;
    private int replaced;
    private int launched;
    private int released;
    private Disruption disruption = Disruption.NONE;
    private double saving;
    private boolean pricesKnown = true;
    private boolean tasksWait;
    private boolean regrets;
    private boolean releasedForGood;

    /**
     * Starts the plan of a pool.
     *
     * @param trail the way of its count so far, which stands at what is wanted, lost workers that may come back included
     * @param ceiling the most workers that it may have
     * @param closed why nothing is launched; empty when launches are possible
     * @param isLaunching whether a launch is on its way whose workers are not seen yet
     * @param offers what can be bought, the preferred first, closed ones included
     * @param memory what is remembered of the pool, without what is over
     * @param loadIsKnown whether its policy knows how much all of its workers are used
     */
    PoolPlan(
            PoolRoster roster,
            Trail trail,
            int ceiling,
            Optional<Note> closed,
            boolean isLaunching,
            List<Offer> offers,
            PoolMemory memory,
            boolean loadIsKnown) {
        regret = memory.regret();
        consolidation = memory.consolidation();
        this.loadIsKnown = loadIsKnown;
        this.roster = roster;
        this.trail = trail;
        this.ceiling = ceiling;
        wantedAtFirst = trail.value();
        if (waitsForReplacements()) {
            trail.step(
                    Rule.COST,
                    Math.max(wantedAtFirst, roster.counting().size()),
                    "a worker stays until those that replace it are ready");
        }
        this.closed = closed;
        this.isLaunching = isLaunching;
        this.offers = offers;
        refusedUntil = new TreeMap<>(memory.refusedUntil());
        sentAway = new TreeSet<>(roster.sentAway());
        calledBack = new TreeSet<>(roster.calledBack());
    }

    WorkerPool pool() {
        return roster.pool();
    }

    PoolRoster roster() {
        return roster;
    }

    Trail trail() {
        return trail;
    }

    /** {@return the most workers that it may have} */
    int ceiling() {
        return ceiling;
    }

    // ---- what there is and what is wanted ----

    /** {@return how many workers are capacity, now or soon, after what was planned so far; releases not taken away} */
    int have() {
        return roster.counting().size() + reclaimed + launched;
    }

    /** {@return how many workers fail what is wanted} Lost ones that may come back do not fail. */
    int shortage() {
        return Math.max(0, trail.value() - roster.expectedBack().size() - have());
    }

    /** {@return how many workers fail the least that the pool may have} */
    int shortageOfMinimum() {
        int least = Math.min(pool().bounds().min(), ceiling);
        return Math.max(0, least - roster.expectedBack().size() - have());
    }

    /** Raises what is wanted to what there is now, because of this rule. */
    void raiseToWhatThereIs(Rule rule, String why) {
        int now = have() + roster.expectedBack().size();
        if (now > trail.value()) {
            trail.step(rule, now, why);
        }
    }

    /** {@return how many workers have a cordon that is only just on its way} */
    int beingCordoned() {
        int cordoned = 0;
        for (Worker worker : roster.leaving()) {
            cordoned += worker.state() == WorkerState.READY ? 1 : 0;
        }
        return cordoned;
    }

    // ---- more workers ----

    /** {@return how many workers may be launched, as far as the pool's maximum goes} */
    int room() {
        return Math.max(0, ceiling - roster.existing() - launched);
    }

    /** {@return what can be bought now, the preferred first; nothing when launches are closed} */
    List<Offer> openOffers() {
        return closed.isPresent()
                ? List.of()
                : offers.stream().filter(Offer::isOpen).toList();
    }

    /** {@return everything that the pool offers, whether it can be bought now or not} */
    List<Offer> allOffers() {
        return offers;
    }

    /** {@return whether a launch is on its way whose workers are not seen yet: what they could take waits for them} */
    boolean isLaunching() {
        return isLaunching;
    }

    /** {@return how many workers of an offering are to be launched so far} */
    int launchesOf(Offer offer) {
        return launches.getOrDefault(offer, 0);
    }

    /** {@return what is to be launched} */
    Map<Offer, Integer> launches() {
        return launches;
    }

    /** Launches workers of an offering, no more than there is room for. */
    void launch(Offer offer, int workers, String why) {
        int count = Math.min(workers, room());
        if (count > 0) {
            launches.merge(offer, count, Integer::sum);
            launched += count;
            if (!launchReasons.contains(why)) {
                launchReasons.add(why);
            }
        }
    }

    /** Launches what tasks need; workers of its offering that are launched already are among it. */
    void launch(Purchase purchase, String why) {
        forTasks.put(purchase.offer(), purchase);
        launch(purchase.offer(), purchase.workers() - launchesOf(purchase.offer()), why);
    }

    /** Launches workers besides those of their offering that are launched already. */
    void launchMore(Purchase purchase, String why) {
        if (launchesOf(purchase.offer()) == 0) {
            launch(purchase, why);
        } else {
            launch(purchase.offer(), purchase.workers(), why);
        }
    }

    /** {@return what is launched of an offering because tasks need it; empty when none do} */
    Optional<Purchase> forTasks(Offer offer) {
        return Optional.ofNullable(forTasks.get(offer));
    }

    /** Launches workers of the preferred offering that can be bought, or notes why none can. */
    void launchPreferred(int workers, String why) {
        List<Offer> open = openOffers();
        if (open.isEmpty() || room() == 0) {
            whyNotMore().ifPresent(this::meet);
        } else {
            launch(open.get(0), workers, why);
        }
    }

    /** {@return why workers are launched, for people} */
    String whyLaunched() {
        return String.join("; ", launchReasons);
    }

    /** {@return why no (more) workers can be launched; empty when they can} */
    Optional<Note> whyNotMore() {
        if (closed.isPresent()) {
            return closed;
        }
        if (room() == 0) {
            return Optional.of(new Note(Rule.BOUNDS, "the pool may have no more than " + ceiling + " workers"));
        }
        return openOffers().isEmpty() ? offers.get(0).refusal() : Optional.empty();
    }

    /** Notes that tasks wait for workers that cannot be launched now. */
    void tasksWait(Note why) {
        tasksWait = true;
        meet(why);
    }

    /** Takes a worker back that was on its way out. */
    void reclaim(WorkerId worker) {
        reclaimed++;
        sentAway.remove(worker);
        calledBack.add(worker);
    }

    /** Remembers that a release had to be taken back because tasks found no place without the worker. */
    void regret() {
        regrets = true;
    }

    /** {@return whether a release had to be taken back in this pass} */
    boolean regrets() {
        return regrets;
    }

    /** Keeps a worker from being released until then. */
    void refuse(WorkerId worker, Instant until) {
        refusedUntil.put(worker, until);
    }

    // ---- fewer workers ----

    /** {@return how many workers may be released now} */
    int mayRelease() {
        int excess = roster.counting().size() - released - replaced - trail.value();
        boolean grows = launched > 0 || isLaunching || !calledBack.isEmpty() || tasksWait;
        return grows ? 0 : Math.max(0, Math.min(excess, budgetLeft()));
    }

    /** {@return whether a worker must not be released now} */
    boolean isRefused(Worker worker) {
        return refusedUntil.containsKey(worker.id());
    }

    /** Notes that a worker has gone without its tasks lacking a place. */
    void releasedForGood() {
        releasedForGood = true;
    }

    /** {@return whether a worker has gone in this pass without its tasks lacking a place} */
    boolean hasReleasedForGood() {
        return releasedForGood;
    }

    /** {@return whether nothing but empty workers may be released, because the last time was regretted and nothing has changed since} */
    boolean remembersRegret(long situation, Instant now) {
        return regret.filter(it -> now.isBefore(it.until()) || it.situation() == situation)
                .isPresent();
    }

    /**
     * Counts a worker as released.
     *
     * @param moved what moves when it goes
     * @param price what it costs an hour; empty when that is unknown
     */
    void release(WorkerId worker, Disruption moved, OptionalDouble price) {
        released++;
        sentAway.add(worker);
        disruption = disruption.plus(moved);
        pricesKnown &= price.isPresent();
        saving += price.orElse(0);
    }

    private int budgetLeft() {
        return disruptionBudget() - disrupted() - released - replaced;
    }

    private int disruptionBudget() {
        return pool().disruptionBudget()
                .orElseGet(() -> Math.max(1, (roster.counting().size() + disrupted()) / 10));
    }

    /** {@return whether any worker may ever be sent away} */
    boolean mayDisturb() {
        return disruptionBudget() > 0;
    }

    private int disrupted() {
        int disrupted = 0;
        for (Worker worker : roster.leaving()) {
            disrupted += worker.state() == WorkerState.TERMINATING ? 0 : 1;
        }
        return disrupted;
    }

    // ---- cheaper workers ----

    /** {@return what is remembered of replacing workers by cheaper ones, after what was planned so far} */
    ConsolidationMemory consolidation() {
        return consolidation;
    }

    /** Remembers this of replacing workers by cheaper ones. */
    void remember(ConsolidationMemory memory) {
        consolidation = memory;
    }

    /** {@return whether a worker is being replaced by cheaper ones} */
    boolean isReplacing() {
        return pool().consolidation().enabled() && consolidation.underWay().isPresent();
    }

    private boolean waitsForReplacements() {
        return isReplacing()
                && consolidation
                        .underWay()
                        .filter(it -> !it.leaving())
                        .filter(it -> roster.counting().stream()
                                .anyMatch(worker -> worker.id().equals(it.worker())))
                        .isPresent();
    }

    /** {@return whether all is ready and known, and nothing is on its way or missing} */
    boolean isQuiet() {
        boolean acts = launched + released + reclaimed > 0 || isLaunching || tasksWait || !calledBack.isEmpty();
        boolean isSound = roster.leaving().isEmpty()
                && roster.givenUp().isEmpty()
                && roster.expectedBack().isEmpty()
                && roster.drainedByOthers().isEmpty()
                && roster.counting().stream().noneMatch(worker -> worker.state().isArriving());
        return loadIsKnown && !acts && isSound && shortage() == 0;
    }

    /** {@return whether one worker fewer would still be as many as are wanted} */
    boolean canSpareOne() {
        return wantedAtFirst < roster.counting().size();
    }

    /** Launches workers that are to take the place of another one. */
    void launchInstead(Purchase purchase, String why) {
        int before = launched;
        launch(purchase.offer(), purchase.workers(), why);
        instead += launched - before;
        raiseToWhatThereIs(Rule.COST, why);
    }

    /** Counts a worker as released because others have taken its place. */
    void replace(WorkerId worker, String why) {
        replaced++;
        sentAway.add(worker);
        trail.bind(Rule.COST, done(), why);
    }

    /** {@return whether workers are launched for any other reason than to take another one's place} */
    boolean grows() {
        return launched > instead;
    }

    /** {@return how many workers there are more for a while only, because they are to take another one's place} */
    int doubled() {
        return instead - replaced;
    }

    // ---- the end ----

    /** Notes something that stands in the way; the first one counts. */
    void meet(Note note) {
        hurdle = hurdle == null ? note : hurdle;
    }

    /** Brings the trail from what is wanted to what is done. */
    void settle() {
        int done = done();
        int back = roster.expectedBack().size();
        if (trail.value() > done && back > 0) {
            String why = roster.repairSuspended()
                    .map(it -> "; nothing is repaired: " + it)
                    .orElse("");
            trail.step(Rule.REPAIR, Math.max(done, trail.value() - back), back + " lost may come back" + why);
        }
        if (trail.value() != done || tasksWait) {
            Note why = whyNotWhatIsWanted(done);
            trail.bind(why.rule(), done, why.text());
        }
        if (released > 0) {
            String saves = pricesKnown ? " saves " + Money.text(saving) + " an hour and " : " ";
            trail.remark(Rule.COST, "releasing " + released + saves + disruption);
        }
    }

    private Note whyNotWhatIsWanted(int done) {
        if (done > trail.value() && budgetLeft() <= 0) {
            return new Note(
                    Rule.DISRUPTION_BUDGET,
                    "no more than " + disruptionBudget() + " workers may be on their way out at once");
        }
        return hurdle == null ? new Note(Rule.NOT_ACTING, "earlier changes are on their way") : hurdle;
    }

    /** {@return how many workers there will be more of, releases not taken away} */
    int gained() {
        return reclaimed + launched;
    }

    /** {@return how many of so many lost workers are still to be replaced, as nothing but a launch does it} */
    int stillMissing(int missing) {
        int unmet =
                wantedAtFirst - roster.expectedBack().size() - roster.counting().size() - reclaimed;
        return Math.max(0, Math.min(missing, unmet));
    }

    /** {@return how many workers are capacity, now or soon, after everything that is planned} */
    int done() {
        return have() - released - replaced;
    }

    SortedSet<WorkerId> sentAway() {
        return sentAway;
    }

    SortedSet<WorkerId> calledBack() {
        return calledBack;
    }

    SortedMap<WorkerId, Instant> refusedUntil() {
        return refusedUntil;
    }
}

package io.micado.internal.plan;

import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.PoolMemory.Regret;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of replacing the workers of one pool by cheaper ones. Kept by {@link ConsolidateWorkers} in {@link
 * PoolMemory}. Immutable.
 *
 * @param chance what could be replaced, without a break since then; empty when nothing could, or the pool is not quiet
 * @param underWay the replacement that has begun and is not over
 * @param done the last one that was carried through, for as long as it may still be regretted
 * @param regret the last one that had to be broken off or proved too tight
 */
public record ConsolidationMemory(
        Optional<Chance> chance, Optional<Replacement> underWay, Optional<Done> done, Optional<Regret> regret) {
    /** Nothing remembered. */
    public static final ConsolidationMemory EMPTY =
            new ConsolidationMemory(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A worker that could be replaced.
     *
     * @param worker the worker
     * @param since since when, without a break
     * @param saving what that would have saved an hour all the time, at the least
     */
    public record Chance(WorkerId worker, Instant since, double saving) {}

    /**
     * A replacement that has begun.
     *
     * @param worker the worker that is to go
     * @param since when the cheaper ones were launched
     * @param leaving whether it has been told to go
     * @param situation a fingerprint of what the services asked for and the pools had before
     * @param why what is gained by it, for people
     */
    public record Replacement(WorkerId worker, Instant since, boolean leaving, long situation, String why) {}

    /**
     * A replacement that was carried through.
     *
     * @param at when
     * @param situation a fingerprint of what the services asked for and the pools had before it
     */
    public record Done(Instant at, long situation) {}

    ConsolidationMemory withChance(Optional<Chance> value) {
        return new ConsolidationMemory(value, underWay, done, regret);
    }

    ConsolidationMemory begun(Replacement replacement) {
        return new ConsolidationMemory(chance, Optional.of(replacement), Optional.empty(), regret);
    }

    ConsolidationMemory leaving() {
        Optional<Replacement> led =
                underWay.map(it -> new Replacement(it.worker(), it.since(), true, it.situation(), it.why()));
        return new ConsolidationMemory(chance, led, done, regret);
    }

    ConsolidationMemory carriedThrough(Instant now) {
        Optional<Done> last = underWay.map(it -> new Done(now, it.situation()));
        return new ConsolidationMemory(Optional.empty(), Optional.empty(), last, regret);
    }

    ConsolidationMemory regretted(long situation, Instant now) {
        return new ConsolidationMemory(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(BackOff.afterRegret(regret, situation, now)));
    }

    /** {@return this memory once the last replacement has proved itself} */
    ConsolidationMemory proven() {
        return new ConsolidationMemory(chance, underWay, Optional.empty(), Optional.empty());
    }

    /** {@return what was seen of this one, and what was done of the other} */
    ConsolidationMemory withDeedsOf(ConsolidationMemory other) {
        return new ConsolidationMemory(chance, other.underWay, other.done, other.regret);
    }
}

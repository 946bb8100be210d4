package io.micado.internal.plan;

import io.micado.internal.plan.Action.Alternative;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tells what a pool buys instead when a cloud has not got what is launched. Used by {@link FleetPlanner}. Confined to one call of the
 * planner.
 *
 * <p>Workers that are launched for their number alone are replaced one by one. What is launched for tasks is packed anew, since another
 * offering may take more or fewer of them. All launches together never lead beyond the pool's maximum.
 */
final class Alternatives {
    private final PoolPlan pool;
    private final List<Offer> open;
    private final boolean allPriced;
    private int spare;

    Alternatives(PoolPlan pool) {
        this.pool = pool;
        open = pool.openOffers();
        allPriced =
                open.stream().allMatch(offer -> offer.offering().pricePerHour().isPresent());
        spare = pool.room();
    }

    /** {@return what serves instead of so many workers of an offering, the cheapest first where all prices are known, else in the pool's order} */
    List<Alternative> to(Offer launched, int count) {
        List<Alternative> found = new ArrayList<>();
        for (Offer offer : open) {
            int needed = offer.equals(launched) ? 0 : needed(offer, launched, count);
            if (needed > 0) {
                found.add(new Alternative(offer.offering(), needed));
            }
        }
        if (allPriced) {
            found.sort(Comparator.comparingDouble(Alternatives::price));
        }
        int most = found.stream().mapToInt(Alternative::count).max().orElse(count);
        spare -= Math.max(0, most - count);
        return found;
    }

    private int needed(Offer offer, Offer launched, int count) {
        Optional<Purchase> tasks = pool.forTasks(launched);
        if (tasks.isEmpty()) {
            return count;
        }
        int forTheirNumber = count - tasks.get().workers();
        int room = tasks.get().workers() + spare;
        return forTheirNumber
                + new BinPacking(tasks.get().load(), List.of(offer), new int[1], room)
                        .pack().stream().mapToInt(Purchase::workers).sum();
    }

    private static double price(Alternative alternative) {
        return alternative.count() * alternative.offering().pricePerHour().orElseThrow();
    }
}

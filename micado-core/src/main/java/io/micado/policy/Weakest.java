package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes one recommendation of several: the least of them, and unknown while one of them is. Called by {@link Policies} on the
 * policies' threads. Not instantiable.
 */
final class Weakest {
    private Weakest() {}

    /** {@return the least of one or more, with a memory for all} */
    static Recommendation of(List<Recommendation> all, PolicyState memory) {
        List<Recommendation.Capacity> known = new ArrayList<>();
        for (Recommendation one : all) {
            if (one instanceof Recommendation.Capacity capacity) {
                known.add(capacity);
            }
        }
        if (known.size() < all.size()) {
            return new Recommendation.Unknown(Strongest.reason(all, Optional.empty()), Strongest.inputs(all), memory);
        }
        Recommendation.Capacity least = known.stream()
                .min(Comparator.comparingInt(Recommendation.Capacity::count))
                .orElseThrow();
        return new Recommendation.Capacity(
                least.count(),
                known.stream().anyMatch(Recommendation.Capacity::lowerBound),
                least.deadBandApplied(),
                Strongest.reason(all, Optional.of(least)),
                Strongest.inputs(all),
                memory);
    }
}

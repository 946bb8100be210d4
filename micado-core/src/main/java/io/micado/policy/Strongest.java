package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one recommendation of several: the most of them. While one of them is unknown the result may lead out, but not in.
 * Called by {@link TargetTracker} and {@link Policies} on the policies' threads. Not instantiable.
 */
final class Strongest {
    private Strongest() {}

    /**
     * {@return the most of one or more}
     *
     * @param memory what to remember in place of their own memories
     */
    static Recommendation of(List<Recommendation> all, PolicyState memory) {
        if (all.size() == 1) {
            return remembering(all.get(0), memory);
        }
        Optional<Recommendation.Capacity> most = Optional.empty();
        boolean incomplete = false;
        for (Recommendation one : all) {
            if (one instanceof Recommendation.Capacity capacity) {
                incomplete |= capacity.lowerBound();
                if (most.isEmpty() || capacity.count() > most.get().count()) {
                    most = Optional.of(capacity);
                }
            } else {
                incomplete = true;
            }
        }
        Map<String, Double> inputs = inputs(all);
        String reason = reason(all, most);
        return most.isEmpty()
                ? new Recommendation.Unknown(reason, inputs, memory)
                : new Recommendation.Capacity(
                        most.get().count(), incomplete, most.get().deadBandApplied(), reason, inputs, memory);
    }

    private static Recommendation remembering(Recommendation one, PolicyState memory) {
        return one instanceof Recommendation.Capacity capacity
                ? capacity.remembering(memory)
                : ((Recommendation.Unknown) one).remembering(memory);
    }

    static String reason(List<Recommendation> all, Optional<Recommendation.Capacity> most) {
        StringBuilder reason =
                new StringBuilder(most.map(Recommendation::reason).orElse(""));
        for (Recommendation one : all) {
            boolean told = most.isPresent() && most.get() == one;
            if (!told) {
                reason.append(reason.isEmpty() ? "" : "; ").append(one.reason());
            }
        }
        return reason.toString();
    }

    static Map<String, Double> inputs(List<Recommendation> all) {
        Map<String, Double> inputs = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            for (Map.Entry<String, Double> input : all.get(i).inputs().entrySet()) {
                // Two that use the same name are told apart by their place.
                String name = inputs.containsKey(input.getKey()) ? input.getKey() + "#" + (i + 1) : input.getKey();
                inputs.put(name, input.getValue());
            }
        }
        return inputs;
    }
}

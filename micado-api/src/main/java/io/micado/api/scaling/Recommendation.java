package io.micado.api.scaling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a policy says of one target. Immutable. Start with {@link #of} or {@link #unknown}. */
public sealed interface Recommendation permits Recommendation.Capacity, Recommendation.Unknown {

    /** {@return why, for people} */
    String reason();

    /** {@return the numbers that led to it, in the order to show them; keys carry their unit} */
    Map<String, Double> inputs();

    /** {@return what the policy wants to remember} */
    PolicyState state();

    /** {@return a recommendation of so many replicas or workers} */
    static Capacity of(int count, String reason) {
        return new Capacity(count, false, false, reason, Map.of(), PolicyState.NONE);
    }

    /** {@return the recommendation to leave the target as it is, because nothing can be known} */
    static Unknown unknown(String reason) {
        return new Unknown(reason, Map.of(), PolicyState.NONE);
    }

    /**
     * So many replicas or workers.
     *
     * @param count how many, 0 or more
     * @param lowerBound whether the metrics behind it are incomplete, so that it may lead out but not in
     * @param deadBandApplied whether the policy has applied the dead band to its own measure, so that it is not applied to the
     *     count once more
     * @param reason why, for people
     * @param inputs the numbers that led to it
     * @param state what the policy wants to remember
     */
    record Capacity(
            int count,
            boolean lowerBound,
            boolean deadBandApplied,
            String reason,
            Map<String, Double> inputs,
            PolicyState state)
            implements Recommendation {
        /** Checks the range and copies the inputs. */
        public Capacity {
            if (count < 0) {
                throw new IllegalArgumentException("count must be 0 or more, got " + count);
            }
            Objects.requireNonNull(reason, "reason");
            inputs = ordered(inputs);
            Objects.requireNonNull(state, "state");
        }

        /** {@return a copy with one more input} */
        public Capacity with(String input, double value) {
            return with(Map.of(input, value));
        }

        /** {@return a copy with more inputs, in this order} */
        public Capacity with(Map<String, Double> more) {
            return new Capacity(count, lowerBound, deadBandApplied, reason, both(inputs, more), state);
        }

        /** {@return a copy that remembers this} */
        public Capacity remembering(PolicyState next) {
            return new Capacity(count, lowerBound, deadBandApplied, reason, inputs, next);
        }

        /** {@return a copy that may lead out but not in} */
        public Capacity asLowerBound() {
            return new Capacity(count, true, deadBandApplied, reason, inputs, state);
        }

        /** {@return a copy whose difference from the current count is meant, however small} */
        public Capacity withDeadBandApplied() {
            return new Capacity(count, lowerBound, true, reason, inputs, state);
        }
    }

    /**
     * Nothing can be said; the target stays as it is.
     *
     * @param reason why, for people
     * @param inputs what is known all the same
     * @param state what the policy wants to remember
     */
    record Unknown(String reason, Map<String, Double> inputs, PolicyState state) implements Recommendation {
        /** Checks that nothing is null. */
        public Unknown {
            Objects.requireNonNull(reason, "reason");
            inputs = ordered(inputs);
            Objects.requireNonNull(state, "state");
        }

        /** {@return a copy with one more input} */
        public Unknown with(String input, double value) {
            return with(Map.of(input, value));
        }

        /** {@return a copy with more inputs, in this order} */
        public Unknown with(Map<String, Double> more) {
            return new Unknown(reason, both(inputs, more), state);
        }

        /** {@return a copy that remembers this} */
        public Unknown remembering(PolicyState next) {
            return new Unknown(reason, inputs, next);
        }
    }

    private static Map<String, Double> ordered(Map<String, Double> inputs) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    private static Map<String, Double> both(Map<String, Double> inputs, Map<String, Double> more) {
        Map<String, Double> both = new LinkedHashMap<>(inputs);
        both.putAll(more);
        return both;
    }
}

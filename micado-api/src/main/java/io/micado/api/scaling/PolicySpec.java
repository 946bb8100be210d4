package io.micado.api.scaling;

import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which policy scales a target. Immutable. */
public sealed interface PolicySpec permits PolicySpec.OfType, PolicySpec.OfScaler, PolicySpec.Combined {

    /** {@return the type's name; {@code custom} for a scaler of the host program's own; of several their names, combined} */
    String type();

    /** {@return the policy of this type, with its default settings} */
    static PolicySpec of(String type) {
        return new OfType(type, Settings.EMPTY);
    }

    /** {@return the policy of this type, with these settings} */
    static PolicySpec of(String type, Settings settings) {
        return new OfType(type, settings);
    }

    /** {@return a scaler of the host program's own; it must be thread-safe and is called off the loop thread} */
    static PolicySpec of(Scaler scaler) {
        return new OfScaler(scaler);
    }

    /** {@return the policy that takes the most of what these recommend; while one is unknown, the others may lead out but not in} */
    static PolicySpec max(PolicySpec first, PolicySpec... others) {
        return combined(Combined.Rule.MAX, first, others);
    }

    /** {@return the policy that takes the least of what these recommend; while one is unknown, the result is} */
    static PolicySpec min(PolicySpec first, PolicySpec... others) {
        return combined(Combined.Rule.MIN, first, others);
    }

    /** {@return the policy that takes the first of these that is not unknown, for a fallback on an outage of metrics} */
    static PolicySpec firstKnown(PolicySpec first, PolicySpec... others) {
        return combined(Combined.Rule.FIRST_KNOWN, first, others);
    }

    private static PolicySpec combined(Combined.Rule rule, PolicySpec first, PolicySpec... others) {
        List<PolicySpec> parts = new ArrayList<>(List.of(others));
        parts.add(0, Objects.requireNonNull(first, "first"));
        return new Combined(rule, parts);
    }

    /**
     * A policy that is found by its type.
     *
     * @param type the type's name
     * @param settings its settings
     */
    record OfType(String type, Settings settings) implements PolicySpec {
        /** Checks that nothing is null or blank. */
        public OfType {
            Objects.requireNonNull(settings, "settings");
            if (type.isBlank()) {
                throw new IllegalArgumentException("type must not be blank");
            }
        }
    }

    /**
     * A scaler of the host program's own.
     *
     * @param scaler the scaler
     */
    record OfScaler(Scaler scaler) implements PolicySpec {
        /** Checks that nothing is null. */
        public OfScaler {
            Objects.requireNonNull(scaler, "scaler");
        }

        @Override
        public String type() {
            return "custom";
        }
    }

    /**
     * One policy made of several.
     *
     * @param rule how they are combined
     * @param parts the policies, one or more, in the order in which the rule looks at them
     */
    record Combined(Rule rule, List<PolicySpec> parts) implements PolicySpec {

        /** How recommendations are combined. */
        public enum Rule {
            /** The most. */
            MAX,
            /** The least. */
            MIN,
            /** The first that is known. */
            FIRST_KNOWN
        }

        /** Copies the parts and checks that there is one. */
        public Combined {
            Objects.requireNonNull(rule, "rule");
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("parts must not be empty");
            }
        }

        @Override
        public String type() {
            return rule.name().toLowerCase(Locale.ROOT).replace('_', '-') + " of "
                    + parts.stream().map(PolicySpec::type).collect(Collectors.joining(", "));
        }
    }
}

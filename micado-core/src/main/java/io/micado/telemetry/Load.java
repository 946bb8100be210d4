package io.micado.telemetry;

import io.micado.api.scaling.Decision;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The number that a decision turned on, told from the decision's inputs by their names: a value and where it is to stay. Immutable.
 *
 * @param name what was measured
 * @param value the value
 * @param target where it is to stay; empty when the inputs do not tell
 * @param unit {@code %}, or empty
 */
public record Load(String name, double value, OptionalDouble target, String unit) {

    /** {@return the load behind a decision; of several the one that is highest above its target} */
    public static Optional<Load> of(Decision decision) {
        Optional<Load> highest = Optional.empty();
        for (Map.Entry<String, Double> input : decision.inputs().entrySet()) {
            Optional<Load> load = of(input.getKey(), input.getValue(), decision.inputs());
            if (load.isPresent()
                    && (highest.isEmpty() || load.get().ratio() > highest.get().ratio())) {
                highest = load;
            }
        }
        return highest.or(() -> decision.inputs().entrySet().stream()
                .findFirst()
                .map(first -> new Load(first.getKey(), first.getValue(), OptionalDouble.empty(), "")));
    }

    private static Optional<Load> of(String input, double value, Map<String, Double> inputs) {
        if (input.endsWith(".utilisation.percent")) {
            String name = input.substring(0, input.length() - ".utilisation.percent".length());
            return Optional.of(new Load(name, value, at(inputs, name + ".target.percent"), "%"));
        }
        if (input.endsWith(".average.percent") && !input.contains(".cautious.")) {
            String name = input.substring(0, input.length() - ".average.percent".length());
            return Optional.of(new Load(name, value, at(inputs, "scaleOut.percent"), "%"));
        }
        if (input.endsWith(".value")) {
            String name = input.substring(0, input.length() - ".value".length());
            return Optional.of(new Load(name, value, at(inputs, name + ".target"), ""));
        }
        return Optional.empty();
    }

    private static OptionalDouble at(Map<String, Double> inputs, String name) {
        Double value = inputs.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private double ratio() {
        return target.isPresent() && target.getAsDouble() > 0 ? value / target.getAsDouble() : 0;
    }
}

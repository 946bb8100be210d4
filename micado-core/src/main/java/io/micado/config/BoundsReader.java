package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.scaling.Bounds;

/** Reads {@code min} and {@code max}. Not instantiable. */
final class BoundsReader {
    private BoundsReader() {}

    /** {@return the bounds; the default where they are absent or wrong} */
    static Bounds read(MapReader reader, Bounds defaults, Problems problems) {
        ConfigNode node = reader.node();
        int min = reader.integer("min").orElse(defaults.min());
        int max = reader.integer("max").orElse(defaults.max());
        if (min < 0) {
            problems.add(node.get("min").orElse(node), "must be 0 or more, got " + min);
        } else if (max < min) {
            problems.add(
                    node.get("max").or(() -> node.get("min")).orElse(node),
                    "max must not be less than min, got min " + min + " and max " + max
                            + (node.get("max").isEmpty() ? " (the default)" : ""));
        } else {
            return Bounds.of(min, max);
        }
        return defaults;
    }
}

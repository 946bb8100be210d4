package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.scaling.Bounds;
import java.util.Optional;

/** Reads {@code scaling} with {@code min} and {@code max}. Not instantiable. */
final class ScalingReader {
    private ScalingReader() {}

    /** {@return the bounds of a node} Without {@code max} it is the default's, or min if that is more. */
    static Bounds read(MapReader node, Bounds defaults, Problems problems) {
        Optional<MapReader> scaling = node.map("scaling");
        if (scaling.isEmpty()) {
            return defaults;
        }
        MapReader reader = scaling.get();
        ConfigNode map = reader.node();
        int min = reader.integer("min").orElse(defaults.min());
        int max = reader.integer("max").orElse(Math.max(min, defaults.max()));
        reader.end();
        if (min < 0) {
            problems.add(map.get("min").orElse(map), "must be 0 or more, got " + min);
        } else if (max < min) {
            problems.add(map.get("max").orElse(map), "must not be less than min, which is " + min + ", got " + max);
        } else {
            return Bounds.of(min, max);
        }
        return defaults;
    }
}

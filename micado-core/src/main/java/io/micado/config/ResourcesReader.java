package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.service.Resources;
import java.util.Optional;

/** Reads {@code cpu} (cores) and {@code memory} (bytes). Not instantiable. */
final class ResourcesReader {
    private ResourcesReader() {}

    /** {@return the amount; empty when neither key is there, or one is wrong} */
    static Optional<Resources> read(MapReader reader, Problems problems) {
        ConfigNode node = reader.node();
        Optional<Double> cpu = reader.number("cpu");
        Optional<Long> memory = reader.bytes("memory");
        if (cpu.isEmpty() && memory.isEmpty()) {
            return Optional.empty();
        }
        return problems.attempt(node.get("cpu").orElse(node), () -> Resources.of(cpu.orElse(0.0), memory.orElse(0L)));
    }
}

package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import java.util.Optional;

/** Names the size of a machine on CloudSigma, which has no instance types. Not instantiable. */
final class CloudSigmaSize {
    private CloudSigmaSize() {}

    /** {@return the size, such as {@code 2000MHz-1024MiB}; {@code custom} when the resource does not tell} */
    static String of(ConfigNode resource) {
        ConfigNode description = resource.get("description").orElse(resource);
        Optional<Long> megahertz = number(description, "cpu");
        Optional<Long> bytes = number(description, "mem");
        return megahertz.isPresent() && bytes.isPresent()
                ? megahertz.get() + "MHz-" + (bytes.get() >> 20) + "MiB"
                : "custom";
    }

    private static Optional<Long> number(ConfigNode map, String key) {
        return map.get(key)
                .map(ConfigNode::text)
                .map(String::trim)
                .filter(text -> text.matches("\\d{1,15}"))
                .map(Long::valueOf);
    }
}

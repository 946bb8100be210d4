package io.micado.examples;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A rack without hosts: it only remembers which ones would be on, and forgets that with the program. A stand-in for the real one in
 * {@link BareMetalCloudProvider}; confined to whoever made it.
 */
final class InMemoryRack implements Rack {
    private final Map<String, Map<String, String>> on = new LinkedHashMap<>();

    @Override
    public Map<String, Map<String, String>> switchedOn() {
        return Map.copyOf(on);
    }

    @Override
    public void switchOn(String host, Map<String, String> tags, JoinInfo join, Optional<Secret> userData) {
        on.put(host, Map.copyOf(tags));
    }

    @Override
    public void switchOff(String host) {
        on.remove(host);
    }
}

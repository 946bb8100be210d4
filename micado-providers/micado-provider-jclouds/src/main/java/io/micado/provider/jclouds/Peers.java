package io.micado.provider.jclouds;

import io.micado.api.worker.PortRule;
import java.util.LinkedHashSet;
import java.util.Set;

/** Says who the source of a port rule is, in the words of a cloud's firewall. Stateless. */
final class Peers {
    private static final Set<String> WORLD = Set.of("0.0.0.0/0", "::/0");

    private Peers() {}

    /**
     * {@return the id of a group, or ranges of addresses}
     *
     * @param group the id of the workers' group
     * @param managers the addresses of the managers
     */
    static Set<String> of(PortRule.Source source, String group, Set<String> managers) {
        Set<String> peers = new LinkedHashSet<>();
        switch (source) {
            case WORLD -> peers.addAll(WORLD);
            case MANAGER -> managers.forEach(manager -> peers.add(alone(manager)));
            case GROUP -> {
                peers.add(group);
                managers.forEach(manager -> peers.add(alone(manager)));
            }
        }
        return peers;
    }

    private static String alone(String address) {
        return address + (address.contains(":") ? "/128" : "/32");
    }
}

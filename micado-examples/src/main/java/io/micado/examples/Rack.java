package io.micado.examples;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * The hosts of a rack and their power switches: the part of {@link BareMetalCloudProvider} to replace by Redfish, IPMI, Wake-on-LAN or
 * whatever yours have. Called by {@link BareMetalCloud}, by one thread at a time.
 */
interface Rack {

    /** {@return the tags of each host that is switched on for somebody, by the host's address} */
    Map<String, Map<String, String>> switchedOn();

    /**
     * Switches a host on for somebody. The tags have to be written before or together with that, to where they outlive this program:
     * the asset tag of the host's controller, a file on its disk, a table. From them alone the host is known again after a crash.
     *
     * @param join how its engine joins the Swarm: {@code docker swarm join --token TOKEN MANAGER}
     * @param userData what it is to do at its first boot; empty for none
     */
    void switchOn(String host, Map<String, String> tags, JoinInfo join, Optional<Secret> userData);

    /** Wipes a host, switches it off and forgets its tags; does nothing to one that is off. */
    void switchOff(String host);
}

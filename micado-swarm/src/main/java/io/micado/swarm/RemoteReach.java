package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether the machines of a cloud can reach the Swarm at all, for {@link SwarmOrchestrator} before there is a network and for
 * {@link SwarmSetup} before the first machine is paid for. Stateless.
 *
 * <p>Refused is what surely cannot be: an address that means a different machine on each machine, and Docker's bridge unless the user
 * names it. A private address may be one that the cloud shares.
 */
final class RemoteReach {
    private static final String REMEDY = "set \"" + SwarmSettings.ADVERTISE
            + "\" to the IP address of this host that they reach, or name in \"" + SwarmSettings.HOSTS
            + "\" a manager that they reach, such as a generated master's";

    private RemoteReach() {}

    /** Checks what the user set. */
    static void check(Settings given, SwarmSettings settings) {
        if (settings.advertise().filter(ManagerAddress::isOfEachMachine).isPresent()) {
            throw given.problem(
                    SwarmSettings.ADVERTISE,
                    settings.advertise().get().host()
                            + " is an address of this host alone, at which the machines of a cloud"
                            + " cannot join; set it to the IP address of this host that they reach");
        }
    }

    /** {@return that a Swarm is not made where nobody else would find it} */
    static ConfigurationException onTheBridge(String address) {
        return new ConfigurationException(List.of(Problem.of(
                SwarmSettings.ADVERTISE,
                "is not set, and at " + address + ", Docker's bridge, the machines of a cloud cannot join; "
                        + REMEDY)));
    }

    /** Checks the addresses at which the managers of a Swarm that exists know each other: whoever joins is sent there. */
    static void check(
            DockerEngine engine, JsonNode swarm, Optional<String> bridgeAddress, Optional<ManagerAddress> advertised) {
        List<ManagerAddress> managers = new ArrayList<>();
        swarm.path("RemoteManagers")
                .forEach(remote ->
                        ManagerAddress.parse(remote.path("Addr").asText()).ifPresent(managers::add));
        if (managers.isEmpty()) {
            return;
        }
        Optional<ManagerAddress> bridge = bridgeAddress.flatMap(ManagerAddress::parse);
        boolean reached = managers.stream().anyMatch(manager -> isReached(manager, bridge, advertised));
        if (!reached) {
            throw new ConfigurationException(List.of(Problem.of(
                    SwarmSettings.ADVERTISE,
                    "the Swarm of " + engine + " is at " + managers.get(0).host()
                            + ", at which the machines of a cloud cannot join; run \"docker swarm leave --force\" there and "
                            + REMEDY)));
        }
    }

    private static boolean isReached(
            ManagerAddress manager, Optional<ManagerAddress> bridge, Optional<ManagerAddress> advertised) {
        if (advertised.filter(manager::isHostOf).isPresent()) {
            return true;
        }
        boolean onTheBridge = bridge.filter(manager::isHostOf).isPresent();
        return !onTheBridge && !manager.isOfEachMachine();
    }
}

package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the host's address in one of its networks for {@link DockerEngine}. Stateless. */
final class NetworkGateway {
    private static final Pattern SUBNET = Pattern.compile("(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.(\\d{1,3})/\\d{1,2}");

    private NetworkGateway() {}

    /** {@return the gateway, or the first address of the subnet, which an engine takes when none was asked for} */
    static Optional<String> of(JsonNode network) {
        for (JsonNode pool : network.path("IPAM").path("Config")) {
            String gateway = pool.path("Gateway").asText("");
            if (gateway.contains(".")) {
                return Optional.of(gateway);
            }
            Matcher subnet = SUBNET.matcher(pool.path("Subnet").asText(""));
            if (subnet.matches()) {
                return Optional.of(subnet.group(1) + "." + (Integer.parseInt(subnet.group(2)) + 1));
            }
        }
        return Optional.empty();
    }
}

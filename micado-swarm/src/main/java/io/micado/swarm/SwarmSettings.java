package io.micado.swarm;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the user set for the orchestrator {@code swarm}, checked; read by {@link SwarmOrchestrator}. Immutable.
 *
 * @param managers how to connect to each manager, in the order of preference; empty when Consul tells where they are
 * @param consul who tells where the managers are
 * @param connection how to connect to an address that Consul tells
 * @param advertise the address, with port, at which machines join; empty for the Swarm's own managers' addresses
 * @param initialise whether to make a Swarm when the engine is in none
 * @param managerRunsTasks whether the manager of a Swarm that we made takes tasks of services
 * @param deadline in how long an ordinary call has to be answered
 */
record SwarmSettings(
        List<DockerConnection> managers,
        Optional<ConsulManagers> consul,
        Function<URI, DockerConnection> connection,
        Optional<ManagerAddress> advertise,
        boolean initialise,
        boolean managerRunsTasks,
        Duration deadline) {
    static final String HOSTS = "hosts";
    static final String ADVERTISE = "advertise";
    static final String INITIALISE = "initialise";
    static final String MANAGER_RUNS_TASKS = "managerRunsTasks";

    SwarmSettings {
        managers = List.copyOf(managers);
    }

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(SettingKey.optional(
                HOSTS,
                SettingKey.Type.LIST,
                null,
                "The engines of the Swarm's managers, unix:///PATH or tcp://HOST:PORT, the preferred one first, or"
                        + " consul:SERVICE for the healthy instances of a service that Consul knows; default"
                        + " $DOCKER_HOST, else " + DockerConnection.LOCAL + "."));
        keys.add(SettingKey.optional(
                ADVERTISE,
                SettingKey.Type.STRING,
                null,
                "The manager's IP address, with or without a port, at which machines join; default the one that the"
                        + " Swarm knows, or for a new one the address of this host on Docker's bridge, which a cloud's"
                        + " machines do not reach."));
        keys.add(SettingKey.optional(
                INITIALISE,
                SettingKey.Type.BOOLEAN,
                "true",
                "Whether to make a Swarm of the engine when it is in none."));
        keys.add(SettingKey.optional(
                MANAGER_RUNS_TASKS,
                SettingKey.Type.BOOLEAN,
                "false",
                "Whether services may run on the manager of a Swarm that MiCADO made."));
        keys.addAll(ConsulManagers.KEYS);
        keys.addAll(DockerSettings.connectionKeys());
        return List.copyOf(keys);
    }

    static SwarmSettings of(Settings settings) {
        List<String> texts = settings.list(HOSTS);
        Optional<ConsulManagers> consul = ConsulManagers.of(settings, texts);
        LinkedHashSet<URI> hosts = new LinkedHashSet<>();
        if (consul.isEmpty()) {
            texts.forEach(text -> hosts.add(DockerSettings.parseHost(settings, HOSTS, text)));
        }
        if (hosts.isEmpty() && consul.isEmpty()) {
            hosts.add(DockerSettings.defaultHost());
        }
        return new SwarmSettings(
                hosts.stream()
                        .map(host -> DockerSettings.connectionTo(host, settings))
                        .toList(),
                consul,
                host -> DockerSettings.connectionTo(host, settings),
                advertise(settings),
                settings.bool(INITIALISE, true),
                settings.bool(MANAGER_RUNS_TASKS, false),
                settings.duration(DockerSettings.DEADLINE, DockerConnection.DEFAULT_DEADLINE));
    }

    private static Optional<ManagerAddress> advertise(Settings settings) {
        Optional<String> text = settings.string(ADVERTISE).map(String::trim).filter(given -> !given.isEmpty());
        Optional<ManagerAddress> address = text.flatMap(ManagerAddress::parse);
        if (text.isPresent() && address.isEmpty()) {
            throw settings.problem(
                    ADVERTISE,
                    "must be an IP address, with or without a port, got \"" + text.get()
                            + "\"; a name will not do, since firewalls know addresses only");
        }
        return address;
    }
}

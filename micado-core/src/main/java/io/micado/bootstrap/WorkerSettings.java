package io.micado.bootstrap;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a {@link WorkerCloudInit} from settings. Stateless. */
final class WorkerSettings {
    private static final String PACKAGES = "packages";
    private static final String FILES = "files";
    private static final String COMMANDS = "commands";
    private static final String COMMANDS_AFTER_JOIN = "commandsAfterJoin";
    private static final String NODE_EXPORTER = "nodeExporter";
    private static final String CADVISOR = "cAdvisor";
    private static final String CONSUL = "consul";
    private static final String CONSUL_SERVERS = "consulServers";
    private static final String CONSUL_DATACENTER = "consulDatacenter";
    private static final String CONSUL_KEY = "consulKey";
    private static final String MONITORING_FROM = "monitoringFrom";
    private static final String BLOCK_METADATA = "blockMetadata";
    private static final String JOIN_FOR = "joinFor";
    private static final String ADVERTISE = "advertise";
    private static final String NONE = "none";
    private static final String HOW = ": none, package, image:NAME, or package,image:NAME for the one or the other.";

    static final List<SettingKey> KEYS = List.of(
            SettingKey.optional(PACKAGES, SettingKey.Type.LIST, null, "Packages to install before the machine joins."),
            SettingKey.optional(FILES, SettingKey.Type.MAP, null, "Files to write first: absolute path and content."),
            SettingKey.optional(
                    COMMANDS, SettingKey.Type.LIST, null, "Lines for /bin/sh to run before the machine joins."),
            SettingKey.optional(
                    COMMANDS_AFTER_JOIN, SettingKey.Type.LIST, null, "Lines for /bin/sh to run after that."),
            SettingKey.optional(NODE_EXPORTER, SettingKey.Type.STRING, NONE, "How node exporter is installed" + HOW),
            SettingKey.optional(CADVISOR, SettingKey.Type.STRING, NONE, "How cAdvisor is installed" + HOW),
            SettingKey.optional(CONSUL, SettingKey.Type.STRING, NONE, "How a Consul agent is installed" + HOW),
            SettingKey.optional(
                    CONSUL_SERVERS, SettingKey.Type.LIST, null, "The Consul servers; default the Swarm's managers."),
            SettingKey.optional(
                    CONSUL_DATACENTER, SettingKey.Type.STRING, ConsulAgent.DATACENTER, "Consul's data centre."),
            SettingKey.optional(CONSUL_KEY, SettingKey.Type.SECRET, null, "The key that encrypts Consul's gossip."),
            SettingKey.optional(
                    MONITORING_FROM,
                    SettingKey.Type.LIST,
                    null,
                    "Hosts and networks that may read the exporters, besides the managers."),
            SettingKey.optional(
                    BLOCK_METADATA,
                    SettingKey.Type.BOOLEAN,
                    "true",
                    "Whether containers are kept from the metadata service."),
            SettingKey.optional(JOIN_FOR, SettingKey.Type.DURATION, "10m", "How long a machine tries to join."),
            SettingKey.optional(
                    ADVERTISE,
                    SettingKey.Type.STRING,
                    null,
                    "The address or interface by which other nodes reach a worker."));

    private WorkerSettings() {}

    static WorkerCloudInit read(Settings settings) {
        WorkerCloudInit.Builder builder = WorkerCloudInit.builder();
        take(settings, PACKAGES, text -> builder.packages(text));
        settings.map(FILES)
                .forEach((path, content) ->
                        checked(settings, FILES, () -> builder.file(CloudConfigFile.of(path, content))));
        take(settings, COMMANDS, line -> builder.command("/bin/sh", "-c", line));
        take(settings, COMMANDS_AFTER_JOIN, line -> builder.commandAfterJoin("/bin/sh", "-c", line));
        installation(settings, NODE_EXPORTER, WorkerCloudInit.Builder.NODE_EXPORTER_PACKAGE, builder::nodeExporter);
        installation(settings, CADVISOR, WorkerCloudInit.Builder.CADVISOR_PACKAGE, builder::cAdvisor);
        installation(
                settings,
                CONSUL,
                "consul",
                how -> builder.consul(new ConsulAgent(
                        how,
                        settings.string(CONSUL_DATACENTER, ConsulAgent.DATACENTER),
                        settings.list(CONSUL_SERVERS),
                        settings.secret(CONSUL_KEY))));
        take(settings, MONITORING_FROM, builder::monitoringFrom);
        builder.blockMetadata(settings.bool(BLOCK_METADATA, true));
        settings.duration(JOIN_FOR).ifPresent(time -> checked(settings, JOIN_FOR, () -> builder.joinFor(time)));
        settings.string(ADVERTISE).ifPresent(text -> checked(settings, ADVERTISE, () -> builder.advertise(text)));
        return builder.build();
    }

    private static void take(Settings settings, String key, Consumer<String> taker) {
        settings.list(key).forEach(text -> checked(settings, key, () -> taker.accept(text)));
    }

    private static void installation(Settings settings, String key, String usualPackage, Consumer<Installation> taker) {
        Optional<String> text = settings.string(key).filter(value -> !value.equals(NONE));
        text.ifPresent(value -> checked(settings, key, () -> taker.accept(Installation.parse(value, usualPackage))));
    }

    private static void checked(Settings settings, String key, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            throw settings.problem(key, String.valueOf(e.getMessage()));
        }
    }
}

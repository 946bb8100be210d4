package io.micado.provider.docker;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user set for the cloud, checked; made by {@link LocalProvider} when it is opened. Immutable.
 *
 * @param connection the engine that runs the worker containers
 * @param image the image of the workers; empty takes the official one of the engine's version
 * @param rights the rights of the worker containers
 * @param network the network that they are attached to
 * @param stateDirectory where the sockets of their engines are
 * @param ownStateDirectory whether that directory is ours alone, so that it is removed when it is empty
 * @param engineArguments further arguments of their engines
 */
record LocalSettings(
        DockerConnection connection,
        Optional<String> image,
        Rights.Mode rights,
        String network,
        Path stateDirectory,
        boolean ownStateDirectory,
        List<String> engineArguments) {

    static final String IMAGE = "image";
    static final String PRIVILEGED = "privileged";
    static final String NETWORK = "network";
    static final String STATE_DIRECTORY = "stateDirectory";
    private static final String ENGINE_ARGUMENTS = "engineArguments";
    private static final String REGISTRY_MIRRORS = "registryMirrors";
    private static final String INSECURE_REGISTRIES = "insecureRegistries";

    /** Networks in which workers have no address of their own. */
    private static final Set<String> UNFIT_NETWORKS = Set.of("host", "none");

    LocalSettings {
        engineArguments = List.copyOf(engineArguments);
    }

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(DockerSettings.hostKey());
        keys.addAll(DockerSettings.connectionKeys());
        keys.add(SettingKey.optional(
                IMAGE,
                SettingKey.Type.STRING,
                null,
                "The image of the workers; default docker:MAJOR.MINOR-dind of the host engine's version, else "
                        + WorkerImages.LOCAL_IMAGE + " where it cannot be pulled."));
        keys.add(
                SettingKey.optional(
                        PRIVILEGED,
                        SettingKey.Type.STRING,
                        "auto",
                        "Whether workers are privileged containers: true, false for a short list of capabilities, or auto to try."));
        keys.add(SettingKey.optional(
                NETWORK,
                SettingKey.Type.STRING,
                "bridge",
                "The host engine's network that the workers are attached to."));
        keys.add(SettingKey.optional(
                STATE_DIRECTORY,
                SettingKey.Type.STRING,
                null,
                "Private directory for the sockets of the workers' engines; default micado-USER in the directory for "
                        + "temporary files."));
        keys.add(SettingKey.optional(
                ENGINE_ARGUMENTS, SettingKey.Type.LIST, null, "Further arguments of the workers' dockerd."));
        keys.add(SettingKey.optional(
                REGISTRY_MIRRORS, SettingKey.Type.LIST, null, "Registry mirrors that the workers' engines pull from."));
        keys.add(SettingKey.optional(
                INSECURE_REGISTRIES,
                SettingKey.Type.LIST,
                null,
                "Registries without TLS that the workers' engines accept."));
        return List.copyOf(keys);
    }

    static LocalSettings from(Settings settings) {
        DockerConnection connection = DockerSettings.connection(settings);
        checkLocal(connection.host(), settings);
        Optional<Path> directory = settings.path(STATE_DIRECTORY).map(Path::toAbsolutePath);
        return new LocalSettings(
                connection,
                settings.string(IMAGE).filter(image -> !image.isBlank()),
                rights(settings),
                network(settings),
                checkedDirectory(directory.orElseGet(LocalSettings::defaultDirectory), settings),
                directory.isEmpty(),
                engineArguments(settings));
    }

    private static void checkLocal(URI host, Settings settings) {
        if (!"unix".equals(host.getScheme())) {
            throw settings.problem(
                    DockerSettings.HOST,
                    "\"" + host + "\" is an engine on another machine, but the engines of local workers are reached "
                            + "through sockets in a directory that they share with this program; run the program on that "
                            + "machine and name its engine as unix:///PATH, or take a cloud of another type");
        }
    }

    private static Rights.Mode rights(Settings settings) {
        String text = settings.string(PRIVILEGED, "auto");
        return switch (text) {
            case "auto" -> Rights.Mode.AUTO;
            case "true" -> Rights.Mode.PRIVILEGED;
            case "false" -> Rights.Mode.CAPABILITIES;
            default -> throw settings.problem(PRIVILEGED, "must be auto, true or false, got \"" + text + "\"");
        };
    }

    private static String network(Settings settings) {
        String network = settings.string(NETWORK, "bridge");
        if (network.isBlank() || UNFIT_NETWORKS.contains(network) || network.startsWith("container:")) {
            throw settings.problem(
                    NETWORK,
                    "must be a network in which each worker has an address of its own, such as bridge, got \"" + network
                            + "\"");
        }
        return network;
    }

    private static Path checkedDirectory(Path directory, Settings settings) {
        if (!directory.toString().matches("[A-Za-z0-9/._~+@=,-]+")) {
            throw settings.problem(
                    STATE_DIRECTORY,
                    "must consist of letters, digits, dots and dashes, since it becomes part of an address, got \""
                            + directory + "\"");
        }
        return directory.normalize();
    }

    private static Path defaultDirectory() {
        String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return Path.of(System.getProperty("java.io.tmpdir"))
                .toAbsolutePath()
                .resolve("micado-" + (user.isBlank() ? "user" : user));
    }

    private static List<String> engineArguments(Settings settings) {
        List<String> arguments = new ArrayList<>();
        settings.list(REGISTRY_MIRRORS).forEach(mirror -> arguments.add("--registry-mirror=" + mirror));
        settings.list(INSECURE_REGISTRIES).forEach(registry -> arguments.add("--insecure-registry=" + registry));
        arguments.addAll(settings.list(ENGINE_ARGUMENTS));
        return arguments;
    }
}

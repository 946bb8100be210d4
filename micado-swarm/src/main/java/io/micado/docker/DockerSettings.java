package io.micado.docker;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which every plug-in of ours is told where a Docker Engine is; they follow the environment variables
 * of the {@code docker} command where nothing is given. Called by the plug-ins when they are opened. Not instantiable.
 */
public final class DockerSettings {
    /** The engine's address. */
    public static final String HOST = "host";
    /** The directory of the certificates. */
    public static final String TLS_CERT_PATH = "tls.certPath";
    /** Whether TLS is to be used at all. */
    public static final String TLS_VERIFY = "tls.verify";
    /** Whether TCP without TLS is acceptable. */
    public static final String ALLOW_PLAIN_TCP = "allowPlainTcp";
    /** In how long an ordinary call has to be answered. */
    public static final String DEADLINE = "deadline";

    private DockerSettings() {}

    /** {@return the key of one engine's address, for plug-ins that talk to one} */
    public static SettingKey hostKey() {
        return SettingKey.optional(
                HOST,
                SettingKey.Type.STRING,
                null,
                "The Docker Engine's address, unix:///PATH or tcp://HOST:PORT; default $DOCKER_HOST, else "
                        + DockerConnection.LOCAL + ".");
    }

    /** {@return the keys that say how to connect, whatever the address} */
    public static List<SettingKey> connectionKeys() {
        return List.of(
                SettingKey.optional(
                        TLS_CERT_PATH,
                        SettingKey.Type.STRING,
                        null,
                        "Directory with ca.pem, cert.pem and key.pem for tcp addresses; default $DOCKER_CERT_PATH."),
                SettingKey.optional(
                        TLS_VERIFY,
                        SettingKey.Type.BOOLEAN,
                        "true",
                        "Whether tcp addresses are reached by TLS, checked in both directions; false needs allowPlainTcp."),
                SettingKey.optional(
                        ALLOW_PLAIN_TCP,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether a tcp address without TLS is acceptable; whoever reaches such a port owns the machine."),
                SettingKey.optional(
                        DEADLINE,
                        SettingKey.Type.DURATION,
                        "10s",
                        "In how long the engine has to answer an ordinary call."));
    }

    /** {@return the engine that the settings name, else the one of the environment, else the local one} */
    public static DockerConnection connection(Settings settings) {
        return connection(settings, System::getenv);
    }

    /** {@return how the settings say to connect to the engine at this address} */
    public static DockerConnection connectionTo(URI host, Settings settings) {
        return connectionTo(host, settings, System::getenv);
    }

    /** {@return the address that the environment names, else the local one} */
    public static URI defaultHost() {
        return defaultHost(System::getenv);
    }

    /** {@return the text as an address} */
    public static URI parseHost(Settings settings, String key, String text) {
        try {
            return URI.create(text.trim());
        } catch (IllegalArgumentException e) {
            throw settings.problem(key, "\"" + text + "\" is no address; allowed are unix:///PATH and tcp://HOST:PORT");
        }
    }

    static DockerConnection connection(Settings settings, UnaryOperator<@Nullable String> environment) {
        URI host = settings.string(HOST)
                .map(text -> parseHost(settings, HOST, text))
                .orElseGet(() -> defaultHost(environment));
        return connectionTo(host, settings, environment);
    }

    private static DockerConnection connectionTo(
            URI host, Settings settings, UnaryOperator<@Nullable String> environment) {
        boolean verify = settings.bool(TLS_VERIFY, true);
        Optional<DockerTls> tls = settings.path(TLS_CERT_PATH)
                .or(() -> Optional.ofNullable(environment.apply("DOCKER_CERT_PATH"))
                        .filter(path -> !path.isBlank())
                        .map(Path::of))
                .filter(path -> verify && "tcp".equals(lowerCase(host.getScheme())))
                .map(DockerTls::new);
        return new DockerConnection(
                host,
                tls,
                settings.bool(ALLOW_PLAIN_TCP, false),
                settings.duration(DEADLINE, DockerConnection.DEFAULT_DEADLINE));
    }

    private static URI defaultHost(UnaryOperator<@Nullable String> environment) {
        String host = environment.apply("DOCKER_HOST");
        return host == null || host.isBlank() ? DockerConnection.LOCAL : parseHost(Settings.EMPTY, "DOCKER_HOST", host);
    }

    private static @Nullable String lowerCase(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }
}

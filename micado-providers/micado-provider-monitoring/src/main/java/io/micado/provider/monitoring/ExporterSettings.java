package io.micado.provider.monitoring;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the user set for the source, checked; made by {@link ExportersMetricSource} when it is opened. Immutable; shows no secret.
 *
 * @param interval how often workers are read
 * @param threads how many pages are read at a time
 * @param nodeExporterPort where node exporter listens; 0 to leave it out
 * @param cAdvisorPort where cAdvisor listens; 0 to leave it out
 * @param address which address of a worker is read
 * @param allNodes whether nodes that no pool owns are read too
 * @param mountPoint the file system whose use is a node's disk use
 * @param tls whether the exporters are read by HTTPS
 * @param user the user name for Basic authentication; empty for none
 * @param secret its password, or a bearer token without a user name; empty for none
 * @param maxPageBytes the longest page, unpacked
 */
record ExporterSettings(
        Duration interval,
        int threads,
        int nodeExporterPort,
        int cAdvisorPort,
        AddressChoice address,
        boolean allNodes,
        String mountPoint,
        boolean tls,
        Optional<String> user,
        Optional<Secret> secret,
        Optional<Secret> trust,
        long maxPageBytes) {

    private static final String INTERVAL = "interval";
    private static final String THREADS = "threads";
    private static final String NODE_EXPORTER_PORT = "nodeExporterPort";
    private static final String CADVISOR_PORT = "cAdvisorPort";
    private static final String ADDRESS = "address";
    private static final String NODES = "nodes";
    private static final String MOUNT_POINT = "mountPoint";
    private static final String TLS = "tls";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String TOKEN = "token";
    private static final String MAX_PAGE = "maxPage";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    static final List<SettingKey> KEYS = List.of(
            SettingKey.optional(INTERVAL, SettingKey.Type.DURATION, "10s", "How often workers are read."),
            SettingKey.optional(THREADS, SettingKey.Type.INTEGER, "16", "How many pages are read at a time."),
            SettingKey.optional(
                    NODE_EXPORTER_PORT,
                    SettingKey.Type.INTEGER,
                    "9100",
                    "Where node exporter listens; 0 leaves it out."),
            SettingKey.optional(
                    CADVISOR_PORT, SettingKey.Type.INTEGER, "9200", "Where cAdvisor listens; 0 leaves it out."),
            SettingKey.optional(
                    ADDRESS,
                    SettingKey.Type.STRING,
                    "auto",
                    "Which address of a worker is read: node (the one that the Swarm knows), private or public (of the "
                            + "cloud's), or auto, which tries them in this order."),
            SettingKey.optional(
                    NODES, SettingKey.Type.STRING, "workers", "Which nodes are read: workers, or all of the Swarm."),
            SettingKey.optional(
                    MOUNT_POINT, SettingKey.Type.STRING, "/", "The file system whose use is a worker's disk use."),
            SettingKey.optional(TLS, SettingKey.Type.BOOLEAN, "false", "Whether the exporters are read by HTTPS."),
            SettingKey.optional(
                    HttpSettings.CA_FILE,
                    SettingKey.Type.STRING,
                    null,
                    "File with the certificates (PEM) of the authorities to trust; default the system's."),
            SettingKey.optional(USER, SettingKey.Type.STRING, null, "User name, where the exporters ask for one."),
            SettingKey.optional(PASSWORD, SettingKey.Type.SECRET, null, "Password of that user."),
            SettingKey.optional(TOKEN, SettingKey.Type.SECRET, null, "Bearer token, where the exporters ask for one."),
            SettingKey.optional(
                    HttpSettings.ALLOW_PLAIN_HTTP,
                    SettingKey.Type.BOOLEAN,
                    "false",
                    "Whether password or token may go over http; everybody on the way reads them."),
            SettingKey.optional(MAX_PAGE, SettingKey.Type.BYTES, "64MiB", "The longest page that is read to its end."));

    static ExporterSettings from(Settings settings) {
        Duration interval = settings.duration(INTERVAL, Duration.ofSeconds(10));
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw settings.problem(INTERVAL, "must be 1s or more, got " + interval);
        }
        int threads = settings.integer(THREADS, 16);
        if (threads < 1) {
            throw settings.problem(THREADS, "must be 1 or more, got " + threads);
        }
        int nodeExporter = port(settings, NODE_EXPORTER_PORT, 9100);
        int cAdvisor = port(settings, CADVISOR_PORT, 9200);
        if (nodeExporter == 0 && cAdvisor == 0) {
            throw settings.problem(CADVISOR_PORT, "is 0, as is " + NODE_EXPORTER_PORT + ": there is nothing to read");
        }
        long maxPage = settings.bytes(MAX_PAGE).orElse(64L << 20);
        if (maxPage < 1) {
            throw settings.problem(MAX_PAGE, "must be more than 0, got " + maxPage);
        }
        return new ExporterSettings(
                interval,
                threads,
                nodeExporter,
                cAdvisor,
                address(settings),
                allNodes(settings),
                settings.string(MOUNT_POINT, "/"),
                settings.bool(TLS, false),
                settings.string(USER),
                credentials(settings),
                settings.path(HttpSettings.CA_FILE).map(Secret::file),
                maxPage);
    }

    private static int port(Settings settings, String key, int usual) {
        int port = settings.integer(key, usual);
        if (port < 0 || port > 65_535) {
            throw settings.problem(key, "must be 0 to 65535, got " + port);
        }
        return port;
    }

    private static AddressChoice address(Settings settings) {
        String text = settings.string(ADDRESS, "auto");
        return switch (text) {
            case "auto" -> AddressChoice.AUTO;
            case "node" -> AddressChoice.NODE;
            case "private" -> AddressChoice.PRIVATE;
            case "public" -> AddressChoice.PUBLIC;
            default -> throw settings.problem(ADDRESS, "must be auto, node, private or public, got \"" + text + "\"");
        };
    }

    private static boolean allNodes(Settings settings) {
        String text = settings.string(NODES, "workers");
        return switch (text) {
            case "workers" -> false;
            case "all" -> true;
            default -> throw settings.problem(NODES, "must be workers or all, got \"" + text + "\"");
        };
    }

    private static Optional<Secret> credentials(Settings settings) {
        Optional<Secret> password = settings.secret(PASSWORD);
        Optional<Secret> token = settings.secret(TOKEN);
        if (settings.string(USER).isPresent() != password.isPresent()) {
            throw settings.problem(PASSWORD, "and " + USER + " are needed together");
        }
        if (password.isPresent() && token.isPresent()) {
            throw settings.problem(TOKEN, "and " + PASSWORD + " exclude each other");
        }
        Optional<Secret> proof = password.or(() -> token);
        boolean readable = !settings.bool(TLS, false) && !settings.bool(HttpSettings.ALLOW_PLAIN_HTTP, false);
        if (proof.isPresent() && readable) {
            throw settings.problem(
                    TLS,
                    "is false, so everybody on the way would read the password or token; set it to true, or \""
                            + HttpSettings.ALLOW_PLAIN_HTTP + "\" where the network is safe");
        }
        return proof;
    }

    /** {@return how the exporters are called} */
    HttpOptions http(String loggerName) {
        HttpOptions.Builder options = HttpOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .maxConcurrentCalls(threads)
                .loggerName(loggerName);
        trust.ifPresent(options::trust);
        return options.build();
    }
}

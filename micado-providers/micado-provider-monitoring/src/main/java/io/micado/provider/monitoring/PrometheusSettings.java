package io.micado.provider.monitoring;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the user set for the source, checked; made by {@link PrometheusMetricSource} when it is opened. Immutable; shows no secret.
 *
 * @param places where the servers are
 * @param interval how often it is asked
 * @param window the span of the rates of CPU counters
 * @param tasks whether tasks are measured
 * @param nodes whether nodes are measured
 * @param ready the queries for those
 * @param queries the user's own ones
 * @param acceptPartial whether an aggregate of which the server warns is used all the same
 */
record PrometheusSettings(
        PrometheusPlaces places,
        Duration interval,
        Duration window,
        boolean tasks,
        boolean nodes,
        ReadyQueries ready,
        List<CustomQuery> queries,
        boolean acceptPartial) {

    private static final String INTERVAL = "interval";
    private static final String WINDOW = "window";
    private static final String TASKS = "tasks";
    private static final String NODES = "nodes";
    private static final String SELECTOR = "selector";
    private static final String MOUNT_POINT = "mountPoint";
    private static final String SERVICE_QUERIES = "serviceQueries";
    private static final String POOL_QUERIES = "poolQueries";
    private static final String HOST_QUERIES = "hostQueries";
    private static final String ACCEPT_PARTIAL = "acceptPartial";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String TOKEN = "token";
    private static final String IDENTITY = "tls.identityFile";

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>(List.of(
                SettingKey.required(
                        HttpSettings.ENDPOINT,
                        SettingKey.Type.LIST,
                        "http://127.0.0.1:9090",
                        "The server, or several that know the same: the next one is asked when one does not answer; or"
                                + " consul:SERVICE (consul+https:SERVICE) for the healthy instances that Consul knows."),
                SettingKey.optional(INTERVAL, SettingKey.Type.DURATION, "10s", "How often it is asked."),
                SettingKey.optional(
                        WINDOW,
                        SettingKey.Type.DURATION,
                        "60s",
                        "The span of CPU rates; at least two scrapes have to fit in."),
                SettingKey.optional(
                        TASKS, SettingKey.Type.BOOLEAN, "true", "Whether cAdvisor's metrics of tasks are asked for."),
                SettingKey.optional(
                        NODES, SettingKey.Type.BOOLEAN, "true", "Whether node exporter's metrics are asked for."),
                SettingKey.optional(
                        SELECTOR,
                        SettingKey.Type.STRING,
                        null,
                        "More matchers for both, such as micado_infrastructure=\"{{infrastructure}}\"."),
                SettingKey.optional(
                        MOUNT_POINT, SettingKey.Type.STRING, "/", "The file system whose use is a node's disk use."),
                SettingKey.optional(
                        SERVICE_QUERIES,
                        SettingKey.Type.MAP,
                        null,
                        "Metric names with queries, for each service, or as SERVICE/METRIC for one; {{service}} in them"
                                + " is its name."),
                SettingKey.optional(
                        POOL_QUERIES,
                        SettingKey.Type.MAP,
                        null,
                        "The same for pools: METRIC or POOL/METRIC, and {{pool}} in the query."),
                SettingKey.optional(
                        HOST_QUERIES,
                        SettingKey.Type.MAP,
                        null,
                        "Metric names with queries of one number for all targets."),
                SettingKey.optional(
                        ACCEPT_PARTIAL,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether a service's, pool's or host's number is used although the server warns that it may"
                                + " be incomplete."),
                SettingKey.optional(USER, SettingKey.Type.STRING, null, "User name for Basic authentication."),
                SettingKey.optional(PASSWORD, SettingKey.Type.SECRET, null, "Password of that user."),
                SettingKey.optional(TOKEN, SettingKey.Type.SECRET, null, "Bearer token."),
                SettingKey.optional(
                        IDENTITY,
                        SettingKey.Type.STRING,
                        null,
                        "File with this client's certificate chain and key (PEM).")));
        keys.addAll(PrometheusPlaces.KEYS);
        keys.addAll(HttpSettings.connectionKeys());
        return List.copyOf(keys);
    }

    static PrometheusSettings from(Settings settings, String infrastructure) {
        Duration interval = atLeastASecond(settings, INTERVAL, 10);
        Duration window = atLeastASecond(settings, WINDOW, 60);
        String selector = CustomQuery.infrastructure(settings.string(SELECTOR, ""), infrastructure);
        List<CustomQuery> queries = new ArrayList<>();
        for (CustomQuery.Scope scope : CustomQuery.Scope.values()) {
            queries.addAll(CustomQuery.read(settings, key(scope), scope, infrastructure));
        }
        return new PrometheusSettings(
                PrometheusPlaces.from(
                        settings, credentials(settings), settings.path(IDENTITY).map(Secret::file)),
                interval,
                window,
                settings.bool(TASKS, true),
                settings.bool(NODES, true),
                new ReadyQueries(window, selector, settings.string(MOUNT_POINT, "/")),
                List.copyOf(queries),
                settings.bool(ACCEPT_PARTIAL, false));
    }

    private static String key(CustomQuery.Scope scope) {
        return switch (scope) {
            case SERVICE -> SERVICE_QUERIES;
            case POOL -> POOL_QUERIES;
            case HOST -> HOST_QUERIES;
        };
    }

    private static Duration atLeastASecond(Settings settings, String key, int usualSeconds) {
        Duration span = settings.duration(key, Duration.ofSeconds(usualSeconds));
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            throw settings.problem(key, "must be 1s or more, got " + span);
        }
        return span;
    }

    private static HttpCredentials credentials(Settings settings) {
        Optional<String> user = settings.string(USER);
        Optional<Secret> password = settings.secret(PASSWORD);
        Optional<Secret> token = settings.secret(TOKEN);
        if (user.isPresent() != password.isPresent()) {
            throw settings.problem(PASSWORD, "and " + USER + " are needed together");
        }
        if (password.isPresent() && token.isPresent()) {
            throw settings.problem(TOKEN, "and " + PASSWORD + " exclude each other");
        }
        if (user.isPresent() && password.isPresent()) {
            return HttpCredentials.basic(user.get(), password.get());
        }
        return token.map(HttpCredentials::bearer).orElse(HttpCredentials.NONE);
    }
}

package io.micado.provider.monitoring;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the user set for the source, checked; made by {@link ConsulMetricSource} when it is opened. Immutable; shows no secret.
 *
 * @param agent how the agent is called
 * @param interval how often workers are compared with what is registered
 * @param nodeExporterPort where node exporter listens; 0 leaves it out
 * @param cAdvisorPort where cAdvisor listens; 0 leaves it out
 * @param services whether published ports of services are registered too
 * @param address which address of a worker is registered
 * @param forget after what time Consul takes away by itself what is not healthy
 */
record ConsulSettings(
        HttpOptions.Builder agent,
        Duration interval,
        int nodeExporterPort,
        int cAdvisorPort,
        boolean services,
        AddressChoice address,
        Duration forget) {

    private static final String INTERVAL = "interval";
    private static final String NODE_EXPORTER_PORT = "nodeExporterPort";
    private static final String CADVISOR_PORT = "cAdvisorPort";
    private static final String SERVICES = "services";
    private static final String ADDRESS = "address";
    private static final String FORGET = "deregisterAfter";
    private static final String TOKEN = "token";
    private static final Duration SHORTEST_FORGET = Duration.ofMinutes(1);

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>(List.of(
                SettingKey.required(
                        HttpSettings.ENDPOINT,
                        SettingKey.Type.STRING,
                        "http://127.0.0.1:8500",
                        "The HTTP interface of an agent."),
                SettingKey.optional(TOKEN, SettingKey.Type.SECRET, null, "ACL token that may write the services."),
                SettingKey.optional(
                        INTERVAL,
                        SettingKey.Type.DURATION,
                        "10s",
                        "How often workers are compared with what is registered."),
                SettingKey.optional(
                        NODE_EXPORTER_PORT,
                        SettingKey.Type.INTEGER,
                        "9100",
                        "Where node exporter listens; 0 leaves it out."),
                SettingKey.optional(
                        CADVISOR_PORT, SettingKey.Type.INTEGER, "9200", "Where cAdvisor listens; 0 leaves it out."),
                SettingKey.optional(
                        SERVICES,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether published ports of services are registered too."),
                SettingKey.optional(
                        ADDRESS,
                        SettingKey.Type.STRING,
                        "auto",
                        "Which address is registered: auto, node, private or public."),
                SettingKey.optional(
                        FORGET,
                        SettingKey.Type.DURATION,
                        "30m",
                        "After what time Consul takes away by itself what is not healthy, should this program not do it;"
                                + " 1m or more.")));
        keys.addAll(HttpSettings.connectionKeys());
        return List.copyOf(keys);
    }

    static ConsulSettings from(Settings settings) {
        Duration interval = settings.duration(INTERVAL, Duration.ofSeconds(10));
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw settings.problem(INTERVAL, "must be 1s or more, got " + interval);
        }
        Duration forget = settings.duration(FORGET, Duration.ofMinutes(30));
        if (forget.compareTo(SHORTEST_FORGET) < 0) {
            throw settings.problem(FORGET, "must be 1m or more, got " + forget);
        }
        Optional<Secret> token = settings.secret(TOKEN);
        HttpCredentials credentials = token.map(secret -> HttpCredentials.header("X-Consul-Token", secret))
                .orElse(HttpCredentials.NONE);
        return new ConsulSettings(
                HttpSettings.options(settings, credentials, Optional.empty()),
                interval,
                ExporterSettings.port(settings, NODE_EXPORTER_PORT, 9100),
                ExporterSettings.port(settings, CADVISOR_PORT, 9200),
                settings.bool(SERVICES, false),
                ExporterSettings.address(settings),
                forget);
    }
}

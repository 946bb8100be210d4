package io.micado.bootstrap;

import io.micado.api.spi.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configurations of Prometheus and Alertmanager on a master, at the original's timings: what to scrape the program tells, and
 * alerts go back to it. Immutable.
 *
 * @param program where the program's HTTP interface is
 * @param infrastructure the name of the infrastructure that it runs
 */
record MonitoringConfiguration(URI program, String infrastructure) {
    /** Where the program puts rules. */
    private static final String DIRECTORY = "/etc/prometheus/micado/";
    /** The token of the program's HTTP interface, made on the machine. */
    static final String TOKEN_FILE = "/etc/micado/secrets/http-token";

    String prometheus() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("global", map("scrape_interval", "10s", "evaluation_interval", "10s"));
        document.put("rule_files", List.of(DIRECTORY + "*.rules.yml"));
        document.put(
                "alerting",
                map(
                        "alertmanagers",
                        List.of(map("static_configs", List.of(map("targets", List.of("127.0.0.1:9093")))))));
        document.put("scrape_configs", List.of(scrape("worker_cluster"), scrape("app_docker_cluster")));
        return YamlText.of(document);
    }

    private Map<String, Object> scrape(String job) {
        Map<String, Object> discovery = map("url", route("targets?job=" + job), "refresh_interval", "10s");
        discovery.put("authorization", authorization());
        return map("job_name", job, "http_sd_configs", List.of(discovery));
    }

    /** {@return the configuration of Alertmanager} A webhook that is not the program's own gets no token. */
    String alertmanager(Optional<Secret> otherWebhook) {
        Map<String, Object> containers = map("matchers", List.of("type=\"docker\""), "receiver", "micado");
        containers.put("repeat_interval", "1m");
        Map<String, Object> route =
                map("receiver", "micado", "group_by", List.of("alertname", "application", "node", "infra_id"));
        route.put("group_wait", "10s");
        route.put("group_interval", "20s");
        route.put("repeat_interval", "5m");
        route.put("routes", List.of(containers));
        Map<String, Object> webhook =
                map("url", otherWebhook.map(Secret::reveal).orElseGet(() -> route("alerts")));
        if (otherWebhook.isEmpty()) {
            webhook.put("http_config", map("authorization", authorization()));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("route", route);
        document.put("receivers", List.of(map("name", "micado", "webhook_configs", List.of(webhook))));
        return YamlText.of(document);
    }

    private String route(String what) {
        return program + "/monitoring/" + infrastructure + "/" + what;
    }

    private static Map<String, Object> authorization() {
        // The type is written out: Prometheus 2.42 does not take its own default for discovery.
        return map("type", "Bearer", "credentials_file", TOKEN_FILE);
    }

    private static Map<String, Object> map(String key, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return map;
    }

    private static Map<String, Object> map(String key, Object value, String second, Object of) {
        Map<String, Object> map = map(key, value);
        map.put(second, of);
        return map;
    }
}

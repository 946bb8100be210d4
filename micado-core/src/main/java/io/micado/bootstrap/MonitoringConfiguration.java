package io.micado.bootstrap;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configurations of Prometheus and Alertmanager on a master, at the original's timings. Stateless. */
final class MonitoringConfiguration {
    /** Where the program puts rules and targets. */
    private static final String DIRECTORY = "/etc/prometheus/micado/";

    private MonitoringConfiguration() {}

    static String prometheus() {
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

    private static Map<String, Object> scrape(String job) {
        return map("job_name", job, "file_sd_configs", List.of(map("files", List.of(DIRECTORY + job + "*.json"))));
    }

    static String alertmanager(URI webhook) {
        Map<String, Object> containers = map("match", map("type", "docker"), "receiver", "micado");
        containers.put("repeat_interval", "1m");
        Map<String, Object> route = map("receiver", "micado", "group_by", List.of("alertname", "application"));
        route.put("group_wait", "10s");
        route.put("group_interval", "20s");
        route.put("repeat_interval", "5m");
        route.put("routes", List.of(containers));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("route", route);
        document.put(
                "receivers",
                List.of(map("name", "micado", "webhook_configs", List.of(map("url", webhook.toString())))));
        return YamlText.of(document);
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

package io.micado.http;

import java.net.URI;
import java.util.Optional;

/**
 * Writes configurations of Prometheus and an Alertmanager that work with one infrastructure. Immutable.
 *
 * @param server the address of our server, without a slash at its end
 * @param root the path of the infrastructure's routes
 * @param timing how fast they are
 * @param rules the directory with rules
 * @param tokenFile the file with our server's token; empty for none
 */
record ScrapeConfiguration(
        String server, String root, MonitoringTiming timing, String rules, Optional<String> tokenFile) {

    String prometheus(String alertmanager) {
        return """
                global:
                  scrape_interval: %s
                  evaluation_interval: %s
                rule_files:
                - %s
                alerting:
                  alertmanagers:
                  - static_configs:
                    - targets: [%s]
                scrape_configs:
                """.formatted(timing.scrape, timing.evaluation, quoted(rules + "/*.rules.yml"), quoted(alertmanager))
                + scrape(Discovery.WORKERS, timing.exporters)
                + scrape(Discovery.CONTAINERS, timing.exporters)
                + scrape(Discovery.SERVICES, timing.scrape)
                + ourselves();
    }

    private String ourselves() {
        URI uri = URI.create(server);
        return """
                - job_name: micado
                  scheme: %s
                  metrics_path: %s
                  static_configs:
                  - targets: [%s]
                %s""".formatted(
                uri.getScheme(), quoted(uri.getPath() + "/metrics"), quoted(uri.getAuthority()), authorization("  "));
    }

    private String scrape(String job, String interval) {
        return """
                - job_name: %s
                  scrape_interval: %s
                  http_sd_configs:
                  - url: %s
                    refresh_interval: 10s
                %s""".formatted(job, interval, quoted(server + root + "/targets?job=" + job), authorization("    "));
    }

    String alertmanager() {
        return """
                route:
                  receiver: micado
                  group_by: [alertname, application, node, infra_id]
                  group_wait: %s
                  group_interval: %s
                  repeat_interval: %s
                  routes:
                  - receiver: micado
                    matchers: ['type="docker"']
                    repeat_interval: %s
                receivers:
                - name: micado
                  webhook_configs:
                  - url: %s
                    send_resolved: true
                    max_alerts: 1000
                """.formatted(
                                timing.groupWait,
                                timing.groupInterval,
                                timing.poolRepeat,
                                timing.serviceRepeat,
                                quoted(server + root + "/alerts"))
                + (tokenFile.isEmpty() ? "" : "    http_config:\n" + authorization("      "));
    }

    /** The type is written out: Prometheus 2.42 does not take its own default for discovery. */
    private String authorization(String indent) {
        return tokenFile
                .map(file -> indent + "authorization:\n" + indent + "  type: Bearer\n" + indent + "  credentials_file: "
                        + quoted(file) + "\n")
                .orElse("");
    }

    private static String quoted(String text) {
        return Json.text(text);
    }
}

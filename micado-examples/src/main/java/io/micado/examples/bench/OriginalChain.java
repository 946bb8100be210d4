package io.micado.examples.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The chain by which MiCADO 0.3 scales one service: a real Prometheus and a real Alertmanager, configured and timed as the original's,
 * and its alert executor, which adds or takes one replica for each notification. Used by {@link MonitoringLatencyBench}.
 * Thread-safe once it was made.
 *
 * <p>Scraped every 10 s; load is the rate of the last 30 s, averaged over tasks and cores; evaluated once a minute, Prometheus' default;
 * an alert fires when it is true for 30 s; the Alertmanager waits for 10 s, looks every 20 s and repeats after 1 min. Left out is the executor's
 * look for a worker with enough idle CPU, which could only make it slower.
 */
final class OriginalChain implements AutoCloseable {
    private static final String PROMETHEUS = """
            global:
              scrape_interval: 10s
            rule_files: [%s]
            alerting:
              alertmanagers:
              - static_configs:
                - targets: [127.0.0.1:%d]
            scrape_configs:
            - job_name: app_docker_cluster
              static_configs:
              - targets: ["%s"]
            """;
    private static final String ALERTMANAGER = """
            route:
              receiver: executor
              group_by: [alertname]
              group_wait: 10s
              group_interval: 20s
              repeat_interval: 1m
            receivers:
            - name: executor
              webhook_configs:
              - url: http://127.0.0.1:%d/
                send_resolved: false
            """;

    private final String service;
    private final HttpServer executor;
    private final AtomicInteger decisions = new AtomicInteger();
    private final AtomicInteger replicas = new AtomicInteger(1);

    private OriginalChain(String service, HttpServer executor) {
        this.service = service;
        this.executor = executor;
    }

    /**
     * {@return the chain, started, of a service with one replica}
     *
     * @param scaleUp the load above which one replica is added, in percent of each of the worker's cores
     * @param scaleDown the load below which one is taken, likewise
     * @param cAdvisor host and port of the worker's cAdvisor
     */
    static OriginalChain start(
            MonitoringPrograms programs,
            Path directory,
            String service,
            double scaleUp,
            double scaleDown,
            String cAdvisor)
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        OriginalChain chain = new OriginalChain(service, HttpServer.create(any, 0));
        chain.executor.createContext("/", chain::execute);
        chain.executor.start();
        int alertmanager = MonitoringPrograms.freePort();
        Path rules = Files.writeString(
                directory.resolve("original.rules"),
                "groups:\n- name: " + service + "\n  rules:\n"
                        + alert(service, "overloaded", "> " + scaleUp)
                        + alert(service, "underloaded", "< " + scaleDown));
        programs.startAlertmanager(
                "original-alertmanager",
                alertmanager,
                Files.writeString(
                        directory.resolve("original-alertmanager.yml"),
                        ALERTMANAGER.formatted(chain.executor.getAddress().getPort())));
        programs.startPrometheus(
                "original-prometheus",
                MonitoringPrograms.freePort(),
                Files.writeString(
                        directory.resolve("original-prometheus.yml"),
                        PROMETHEUS.formatted(rules, alertmanager, cAdvisor)));
        return chain;
    }

    private static String alert(String service, String name, String condition) {
        return """
              - alert: %1$s_%2$s
                expr: 100 * avg(rate(container_cpu_usage_seconds_total{container_label_com_docker_swarm_service_name="%1$s"}[30s])) %3$s
                for: 30s
                labels: {alert: %2$s, type: docker, application: %1$s}
            """.formatted(service, name, condition);
    }

    private void execute(HttpExchange exchange) throws IOException {
        try (exchange) {
            // All alerts of one notification have one name, so its text tells what they are.
            String told = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean more = told.contains("\"alert\":\"overloaded\"");
            int before = replicas.getAndUpdate(count -> more ? count + 1 : Math.max(1, count - 1));
            if (replicas.get() != before) {
                decisions.incrementAndGet();
                DockerSwarm.scale(service, replicas.get());
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** {@return how often it has changed the number of replicas} */
    int decisions() {
        return decisions.get();
    }

    @Override
    public void close() {
        executor.stop(0);
    }
}

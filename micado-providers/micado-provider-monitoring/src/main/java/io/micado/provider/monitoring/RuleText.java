package io.micado.provider.monitoring;

import io.micado.api.service.ServiceState;
import java.time.Duration;

/**
 * Writes the rule file of one service or pool: its utilisation as a recording rule, and the alerts of MiCADO 0.3 with its labels.
 * Immutable.
 *
 * @param infrastructure the infrastructure's name
 * @param timing how fast the rules are
 */
record RuleText(String infrastructure, RuleTiming timing) {
    static final String SUFFIX = ".rules.yml";
    private static final int FORMAT = 1;
    private static final String SERVICE_NAME = "container_label_com_docker_swarm_service_name";

    /** {@return the first line of each of our files up to the number of its format} */
    String marker() {
        return "# Written by MiCADO for infrastructure " + PromQl.quoted(infrastructure) + ", format ";
    }

    /** {@return whether a file that begins with this line is ours, and not one of a later release} */
    boolean isOurs(String firstLine) {
        return firstLine.startsWith(marker() + FORMAT + ":");
    }

    /** {@return what the names of all files of the infrastructure begin with} */
    String prefix() {
        return "micado-" + fileName(infrastructure) + "-";
    }

    String fileOfService(String service) {
        return prefix() + "service-" + fileName(service) + SUFFIX;
    }

    String fileOfPool(String pool) {
        return prefix() + "pool-" + fileName(pool) + SUFFIX;
    }

    /** A name never leads out of the directory, and two names never to one file. */
    private static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        name.codePoints().forEach(c -> {
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (plain || c == '-' || c == '.') {
                safe.appendCodePoint(c);
            } else {
                safe.append('%').append(Integer.toHexString(c)).append('%');
            }
        });
        return safe.toString();
    }

    String ofService(ServiceState service, Thresholds thresholds) {
        String name = PromQl.quoted(service.name());
        String record = "micado:service_cpu:percent";
        String labels = "{service: " + name + ", infra_id: " + PromQl.quoted(infrastructure) + "}";
        String value = record + "{service=" + name + ",infra_id=" + PromQl.quoted(infrastructure) + "}";
        String alertLabels = "type: docker, cluster: app_docker_cluster, node: \"\", infra_id: "
                + PromQl.quoted(infrastructure) + ", application: " + name;
        return head("service/" + service.name())
                + recording(record, serviceLoad(service), labels)
                + alert(
                        service.name() + "_overloaded",
                        value + " > " + Thresholds.number(thresholds.out()),
                        timing.serviceForOut(),
                        "overloaded",
                        alertLabels)
                + alert(
                        service.name() + "_underloaded",
                        value + " < " + Thresholds.number(thresholds.in()),
                        timing.serviceForIn(),
                        "underloaded",
                        alertLabels);
    }

    private String serviceLoad(ServiceState service) {
        String rate = "rate(container_cpu_usage_seconds_total{" + SERVICE_NAME + "=" + PromQl.quoted(service.name())
                + "}[" + PromQl.span(timing.serviceWindow()) + "])";
        if (timing == RuleTiming.MICADO_03) {
            return "100 * avg(" + rate + ")";
        }
        double whole = service.reservation().cpuCores() > 0
                ? service.reservation().cpuCores()
                : service.limit().cpuCores() > 0 ? service.limit().cpuCores() : 1;
        // The counter comes once for each core: summed first, so that the mean is that of the tasks.
        return "100 * avg(sum by (" + ReadyQueries.TASK + ") (" + rate + "))"
                + (whole == 1 ? "" : " / " + Thresholds.number(whole));
    }

    String ofPool(String pool, Thresholds thresholds) {
        String infra = PromQl.quoted(infrastructure);
        String name = PromQl.quoted(pool);
        String record = "micado:pool_cpu:percent";
        String value = record + "{pool=" + name + ",infra_id=" + infra + "}";
        String load = "100 - 100 * avg(rate(node_cpu_seconds_total{mode=\"idle\",micado_infrastructure=" + infra
                + ",micado_pool=" + name + "}[" + PromQl.span(timing.poolWindow()) + "]))";
        String alertLabels = "type: VM, cluster: worker_cluster, node: " + name + ", infra_id: " + infra;
        return head("pool/" + pool)
                + recording(record, load, "{pool: " + name + ", infra_id: " + infra + "}")
                + alert(
                        "worker_overloaded",
                        value + " > " + Thresholds.number(thresholds.out()),
                        timing.poolForOut(),
                        "overloaded",
                        alertLabels)
                + alert(
                        "worker_underloaded",
                        value + " < " + Thresholds.number(thresholds.in()),
                        timing.poolForIn(),
                        "underloaded",
                        alertLabels);
    }

    private String head(String target) {
        return marker() + FORMAT + ": changes are overwritten.\n"
                + "groups:\n"
                + "- name: " + PromQl.quoted("micado/" + infrastructure + "/" + target) + "\n"
                + "  interval: " + PromQl.span(timing.evaluation()) + "\n"
                + "  rules:\n";
    }

    private static String recording(String record, String query, String labels) {
        return "  - record: " + record + "\n    expr: " + PromQl.quoted(query) + "\n    labels: " + labels + "\n";
    }

    private static String alert(String name, String query, Duration patience, String alert, String labels) {
        return "  - alert: " + PromQl.quoted(name) + "\n    expr: " + PromQl.quoted(query) + "\n    for: "
                + PromQl.span(patience) + "\n    labels: {alert: " + alert + ", " + labels + "}\n"
                + "    annotations: {value: \"{{ $value }}\"}\n";
    }
}

package io.micado.provider.monitoring;

import io.micado.api.metric.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries for what node exporter and cAdvisor measure: one for all tasks and one for all nodes, whatever their number. Immutable.
 *
 * <p>Each series carries the label {@value #WHAT} that says what it is: a metric, or when the exporter was last heard. A rate still has a
 * value some time after the last scrape, and its own time is always now; so the age of all numbers of one task or node is that of its
 * memory's.
 *
 * <p>cAdvisor counts CPU once for each core, or once for all of them with {@code cpu="total"}: the cores are summed, and where there is a
 * total it alone counts.
 *
 * @param window the span of rates
 * @param selector further matchers; may be empty
 * @param mountPoint the file system that is a node's disk
 */
record ReadyQueries(Duration window, String selector, String mountPoint) {
    /** The label that says what a series is. */
    static final String WHAT = "micado_what";
    /** The value of {@link #WHAT} for the time at which the exporter was last heard. */
    static final String SEEN = "seen";

    static final String TASK = "container_label_com_docker_swarm_task_id";
    static final String INSTANCE = "instance";
    /** A node's id, where discovery wrote it on its targets. */
    static final String NODE = "micado_node";

    static final String SERVICE = "container_label_com_docker_swarm_service_name";
    static final String POOL = "micado_pool";

    private static final String BUSY = "mode!~\"idle|iowait|guest|guest_nice\"";
    private static final String BY_NODE = " by (" + INSTANCE + ", " + NODE + ") ";
    private static final String BY_TASK = " by (" + TASK + ") ";
    /** Two jobs may scrape the same exporter: then it counts once. */
    private static final String EACH_NODE = " by (" + INSTANCE + ", " + NODE + ", job) ";

    private static final String EACH_POOL_NODE = " by (" + INSTANCE + ", " + NODE + ", " + POOL + ", job) ";

    private static final String EACH_TASK = " by (" + TASK + ", " + INSTANCE + ", job) ";

    /** {@return the query for CPU and memory of tasks} */
    String tasks() {
        String task = TASK + "!=\"\"";
        String cpu = "container_cpu_usage_seconds_total";
        String memory = series("container_memory_working_set_bytes", task);
        String total = "max" + BY_TASK + "(rate(" + series(cpu, task, "cpu=\"total\"") + range() + "))";
        String cores =
                "max" + BY_TASK + "(sum" + EACH_TASK + "(rate(" + series(cpu, task, "cpu!=\"total\"") + range() + ")))";
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(Metric.CPU, total + " or " + cores);
        parts.put(Metric.MEMORY, "max" + BY_TASK + "(" + memory + ")");
        parts.put(SEEN, "max" + BY_TASK + "(timestamp(" + memory + "))");
        return union(parts);
    }

    /** {@return the query for CPU, memory and disk of nodes} */
    String nodes() {
        String place = "mountpoint=" + PromQl.quoted(mountPoint);
        String memory = series("node_memory_MemTotal_bytes");
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                Metric.CPU,
                "max" + BY_NODE + "(sum" + EACH_NODE + "(rate(" + series("node_cpu_seconds_total", BUSY) + range()
                        + ")))");
        parts.put(
                Metric.MEMORY, "max" + BY_NODE + "(" + memory + " - " + series("node_memory_MemAvailable_bytes") + ")");
        parts.put(
                Metric.DISK,
                "max" + BY_NODE + "(1 - " + series("node_filesystem_avail_bytes", place) + " / "
                        + series("node_filesystem_size_bytes", place) + ")");
        parts.put(SEEN, "max" + BY_NODE + "(timestamp(" + memory + "))");
        return union(parts);
    }

    /** {@return the query for the CPU, in cores, of all tasks of each of these services together} */
    String cpuOfServices(List<String> services) {
        String by = " by (" + TASK + ", " + SERVICE + ") ";
        String each = " by (" + TASK + ", " + SERVICE + ", " + INSTANCE + ", job) ";
        String of = PromQl.oneOf(SERVICE, services);
        String cpu = "container_cpu_usage_seconds_total";
        return "sum by (" + SERVICE + ") (max" + by + "(rate(" + series(cpu, of, "cpu=\"total\"") + range()
                + ")) or max" + by + "(sum" + each + "(rate(" + series(cpu, of, "cpu!=\"total\"") + range() + "))))";
    }

    /** {@return the query for the memory, in bytes, of all tasks of each of these services together} */
    String memoryOfServices(List<String> services) {
        return "sum by (" + SERVICE + ") (max by (" + TASK + ", " + SERVICE + ") ("
                + series("container_memory_working_set_bytes", PromQl.oneOf(SERVICE, services)) + "))";
    }

    /** {@return the query for the CPU, in cores, of all nodes of each of these pools together} */
    String cpuOfPools(String infrastructure, List<String> pools) {
        return ofPools("sum" + EACH_POOL_NODE + "(rate("
                + series("node_cpu_seconds_total", BUSY, ours(infrastructure), PromQl.oneOf(POOL, pools)) + range()
                + "))");
    }

    /** {@return the query for the memory, in bytes, of all nodes of each of these pools together} */
    String memoryOfPools(String infrastructure, List<String> pools) {
        String of = PromQl.oneOf(POOL, pools);
        return ofPools(series("node_memory_MemTotal_bytes", ours(infrastructure), of) + " - "
                + series("node_memory_MemAvailable_bytes", ours(infrastructure), of));
    }

    private static String ours(String infrastructure) {
        return "micado_infrastructure=" + PromQl.quoted(infrastructure);
    }

    private static String ofPools(String each) {
        return "sum by (" + POOL + ") (max by (" + INSTANCE + ", " + NODE + ", " + POOL + ") (" + each + "))";
    }

    private String range() {
        return "[" + PromQl.span(window) + "]";
    }

    private String series(String name, String... matchers) {
        List<String> all = new ArrayList<>(List.of(matchers));
        if (!selector.isBlank()) {
            all.add(selector.strip());
        }
        return name + "{" + String.join(",", all) + "}";
    }

    private static String union(Map<String, String> parts) {
        List<String> labelled = new ArrayList<>();
        parts.forEach((what, query) -> labelled.add(PromQl.labelled(query, WHAT, what)));
        return String.join("\nor ", labelled);
    }
}

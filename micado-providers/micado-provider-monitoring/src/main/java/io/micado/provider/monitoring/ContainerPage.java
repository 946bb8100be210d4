package io.micado.provider.monitoring;

import io.micado.provider.http.BodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a cAdvisor's page tells of the Swarm's tasks on its node. Filled by one thread, then read by another that has waited for
 * it.
 *
 * <p>CPU comes as one counter for each core, or as one for all of them that is called {@code total}; where there is that one, it alone
 * counts.
 */
final class ContainerPage implements BodyReader {
    private static final String CPU = "container_cpu_usage_seconds_total";
    private static final String MEMORY = "container_memory_working_set_bytes";
    private static final String TASK = "container_label_com_docker_swarm_task_id";
    private static final String NODE = "container_label_com_docker_swarm_node_id";
    private static final String TOTAL = "total";

    private final ExpositionReader reader;
    private final Set<String> tasks;
    private final Map<String, Usage> usage = new HashMap<>();
    private final Set<String> nodes = new java.util.TreeSet<>();

    /** What one task has used. */
    static final class Usage {
        private final Map<String, Double> cpuOfCore = new HashMap<>();
        private double memory;
        private boolean memoryKnown;
        private OptionalLong timestamp = OptionalLong.empty();

        /** {@return the seconds of CPU since the container's start, of each core} */
        Map<String, Double> cpuOfCore() {
            Double total = cpuOfCore.get(TOTAL);
            return total == null ? cpuOfCore : Map.of(TOTAL, total);
        }

        /** {@return the bytes of memory that cannot be reclaimed} */
        OptionalDouble memory() {
            return memoryKnown ? OptionalDouble.of(memory) : OptionalDouble.empty();
        }

        /** {@return when it was measured, in milliseconds on the exporter's clock, where the page tells it} */
        OptionalLong timestamp() {
            return timestamp;
        }
    }

    /**
     * Takes an empty page.
     *
     * @param tasks the tasks to look for: those of others, and containers of no task, are left out
     */
    ContainerPage(Set<String> tasks, long maxBytes) {
        this.tasks = tasks;
        reader = new ExpositionReader(Set.of(CPU, MEMORY), maxBytes);
    }

    @Override
    public void read(InputStream body) throws IOException {
        reader.read(body, (family, labels, value, timestamp) -> {
            String node = labels.get(NODE);
            if (node != null && !node.isEmpty()) {
                nodes.add(node);
            }
            String task = labels.get(TASK);
            if (task == null || !tasks.contains(task)) {
                return;
            }
            Usage of = usage.computeIfAbsent(task, unused -> new Usage());
            if (family.equals(CPU)) {
                of.cpuOfCore.merge(labels.getOrDefault("cpu", TOTAL), value, Double::sum);
            } else {
                of.memory += value;
                of.memoryKnown = true;
            }
            if (timestamp.isPresent()) {
                of.timestamp = timestamp;
            }
        });
    }

    /** {@return what the tasks that were found have used, by task id} */
    Map<String, Usage> usage() {
        return usage;
    }

    /** {@return the ids of the nodes whose tasks the page tells of: another one than asked means a wrong address} */
    Set<String> nodes() {
        return nodes;
    }
}

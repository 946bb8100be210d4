package io.micado.provider.monitoring;

import io.micado.provider.http.BodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a node exporter's page tells of a node. Filled by one thread, then read by another that has waited for it.
 */
final class NodePage implements BodyReader {
    private static final String CPU = "node_cpu_seconds_total";
    private static final String MEMORY_TOTAL = "node_memory_MemTotal_bytes";
    private static final String MEMORY_AVAILABLE = "node_memory_MemAvailable_bytes";
    private static final String DISK_SIZE = "node_filesystem_size_bytes";
    private static final String DISK_AVAILABLE = "node_filesystem_avail_bytes";
    private static final Set<String> FAMILIES = Set.of(CPU, MEMORY_TOTAL, MEMORY_AVAILABLE, DISK_SIZE, DISK_AVAILABLE);

    /** Time of guests is also in that of users; a core that waits for a disk could do something else. */
    private static final Set<String> NOT_BUSY = Set.of("idle", "iowait", "guest", "guest_nice");

    private final String mountPoint;
    private final ExpositionReader reader;
    private final Map<String, Double> busyOfCore = new HashMap<>();
    private final Map<String, Double> amounts = new HashMap<>();

    NodePage(String mountPoint, long maxBytes) {
        this.mountPoint = mountPoint;
        reader = new ExpositionReader(FAMILIES, maxBytes);
    }

    @Override
    public void read(InputStream body) throws IOException {
        reader.read(body, (family, labels, value, timestamp) -> {
            if (family.equals(CPU)) {
                if (!NOT_BUSY.contains(labels.getOrDefault("mode", "idle"))) {
                    busyOfCore.merge(labels.getOrDefault("cpu", ""), value, Double::sum);
                }
            } else if (!labels.containsKey("mountpoint") || mountPoint.equals(labels.get("mountpoint"))) {
                amounts.put(family, value);
            }
        });
    }

    /** {@return the seconds that each core was busy since its start} */
    Map<String, Double> busyOfCore() {
        return busyOfCore;
    }

    /** {@return the bytes of memory that are in use and cannot be reclaimed} */
    OptionalDouble memory() {
        return difference(MEMORY_TOTAL, MEMORY_AVAILABLE);
    }

    /** {@return the share of the disk that is in use, of 0 to 1} */
    OptionalDouble disk() {
        Double size = amounts.get(DISK_SIZE);
        OptionalDouble used = difference(DISK_SIZE, DISK_AVAILABLE);
        return size == null || size <= 0 || used.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(used.getAsDouble() / size);
    }

    private OptionalDouble difference(String of, String less) {
        Double all = amounts.get(of);
        Double part = amounts.get(less);
        return all == null || part == null ? OptionalDouble.empty() : OptionalDouble.of(Math.max(0, all - part));
    }
}

package io.micado.api.metric;

import io.micado.api.worker.NodeId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sample is of: a metric's name and its subject. Immutable.
 *
 * @param metric the metric's name, one of {@link Metric} or the user's own
 * @param subject what kind of thing was measured
 * @param id which one; empty for {@link Subject#HOST}
 */
public record MetricKey(String metric, Subject subject, String id) {

    /** What kind of thing was measured. */
    public enum Subject {
        /** One task, by its id. */
        TASK,
        /** A service as a whole, by its name. */
        SERVICE,
        /** A node as a whole, by its id. */
        NODE,
        /** A pool as a whole, by its name. */
        POOL,
        /** The host program's own number, of no particular thing. */
        HOST
    }

    /** Checks that nothing is null. */
    public MetricKey {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(id, "id");
    }

    /** {@return the key of a task's metric} */
    public static MetricKey task(String metric, String taskId) {
        return new MetricKey(metric, Subject.TASK, taskId);
    }

    /** {@return the key of a service's metric} */
    public static MetricKey service(String metric, String service) {
        return new MetricKey(metric, Subject.SERVICE, service);
    }

    /** {@return the key of a node's metric} */
    public static MetricKey node(String metric, NodeId node) {
        return new MetricKey(metric, Subject.NODE, node.value());
    }

    /** {@return the key of a pool's metric} */
    public static MetricKey pool(String metric, String pool) {
        return new MetricKey(metric, Subject.POOL, pool);
    }

    /** {@return the key of a number of the host program's own} */
    public static MetricKey host(String metric) {
        return new MetricKey(metric, Subject.HOST, "");
    }

    // Written out, as is hashCode: these are keys of large maps, and what a record brings is many times slower until it
    // is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof MetricKey key
                        && subject == key.subject
                        && id.equals(key.id)
                        && metric.equals(key.metric));
    }

    @Override
    public int hashCode() {
        int hash = 31 * (31 * metric.hashCode() + subject.name().hashCode()) + id.hashCode();
        // Ids are often numbered, and immutable maps probe neighbour by neighbour: so they are spread.
        return hash * 0x9E3779B1;
    }
}

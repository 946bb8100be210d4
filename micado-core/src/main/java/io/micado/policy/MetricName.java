package io.micado.policy;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.TargetId;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a metric and where it is measured, as a user writes it: {@code orders.waiting}, or with one of the prefixes
 * {@code service:}, {@code pool:}, {@code host:}, {@code task:} and {@code node:}. Immutable.
 *
 * @param name the metric's name
 * @param scope where it is measured
 */
record MetricName(String name, Scope scope) {

    /** Where a metric is measured. */
    enum Scope {
        /** Wherever it is found: of the target, else of the host program, else of each task or node. */
        ANYWHERE,
        /** The service or the pool as a whole. */
        TARGET,
        /** The host program. */
        HOST,
        /** Each task of the service, or each node of the pool. */
        EACH;

        boolean includes(Scope other) {
            return this == ANYWHERE || this == other;
        }
    }

    static MetricName parse(String text) {
        int colon = text.indexOf(':');
        String prefix = colon < 0 ? "" : text.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        Scope scope = switch (prefix) {
            case "service", "pool" -> Scope.TARGET;
            case "host" -> Scope.HOST;
            case "task", "node" -> Scope.EACH;
            // Other colons belong to the name: Prometheus' recording rules have them.
            default -> Scope.ANYWHERE;
        };
        String name = scope == Scope.ANYWHERE
                ? text.trim()
                : text.substring(colon + 1).trim();
        return new MetricName(name, scope);
    }

    /** {@return its sample for a target as a whole, else the host program's; empty when neither was measured or both are stale} */
    Optional<Sample> whole(TargetId target, FreshMetrics metrics) {
        Optional<Sample> sample =
                scope.includes(Scope.TARGET) ? metrics.sample(ofTarget(target, name)) : Optional.empty();
        return sample.isEmpty() && scope.includes(Scope.HOST) ? metrics.sample(MetricKey.host(name)) : sample;
    }

    /** {@return where a metric of a target as a whole is found} */
    static MetricKey ofTarget(TargetId target, String metric) {
        return target.level() == TargetId.Level.SERVICE
                ? MetricKey.service(metric, target.name())
                : MetricKey.pool(metric, target.name());
    }
}

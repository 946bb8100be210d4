package io.micado.provider.monitoring;

import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * The metric source type {@code prometheus}: CPU and memory of the Swarm's tasks, CPU, memory and disk of workers, and any query of the
 * user's own, from one Prometheus server or from several of which one answers; on request it also keeps that server's rules for
 * alerts. Found and opened by the engine's plug-in registry. Stateless.
 */
public final class PrometheusMetricSource implements MetricSource {

    /** Does nothing; for {@link java.util.ServiceLoader}. */
    public PrometheusMetricSource() {}

    @Override
    public String type() {
        return "prometheus";
    }

    @Override
    public List<SettingKey> settings() {
        List<SettingKey> keys = new ArrayList<>(PrometheusSettings.keys());
        keys.addAll(RuleSettings.KEYS);
        return List.copyOf(keys);
    }

    @Override
    public Metrics open(Settings settings, PluginContext context) {
        PrometheusSettings own = PrometheusSettings.from(settings, context.infrastructure());
        return new PrometheusMetrics(own, RuleSettings.from(settings), context);
    }
}

package io.micado.provider.monitoring;

import io.micado.api.metric.MetricRequest;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * The metric source type {@code exporters}: CPU, memory and disk of workers from the node exporter on each, and CPU and memory
 * of the Swarm's tasks from the cAdvisor on each, without a Prometheus server between. Found and opened by the engine's plug-in
 * registry. Stateless.
 *
 * @see MetricRequest
 */
public final class ExportersMetricSource implements MetricSource {

    /** Does nothing; for {@link java.util.ServiceLoader}. */
    public ExportersMetricSource() {}

    @Override
    public String type() {
        return "exporters";
    }

    @Override
    public List<SettingKey> settings() {
        return ExporterSettings.KEYS;
    }

    @Override
    public Metrics open(Settings settings, PluginContext context) {
        return new ExporterMetrics(ExporterSettings.from(settings), context);
    }
}

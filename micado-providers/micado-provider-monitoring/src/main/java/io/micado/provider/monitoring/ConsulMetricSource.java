package io.micado.provider.monitoring;

import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * The metric source type {@code consul}: registers workers with a Consul agent under the names of MiCADO 0.3, takes those away that have
 * left, and tells which of them Consul finds healthy. Found and opened by the engine's plug-in registry. Stateless.
 */
public final class ConsulMetricSource implements MetricSource {

    /** Does nothing; for {@link java.util.ServiceLoader}. */
    public ConsulMetricSource() {}

    @Override
    public String type() {
        return "consul";
    }

    @Override
    public List<SettingKey> settings() {
        return ConsulSettings.keys();
    }

    @Override
    public Metrics open(Settings settings, PluginContext context) {
        return new ConsulRegistry(ConsulSettings.from(settings), context);
    }
}

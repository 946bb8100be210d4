package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metric source {@code simulated}: {@link SimulatedMetrics} of the orchestrator {@code simulated} of the same
 * infrastructure, under steady loads or waves. Found through {@link java.util.ServiceLoader}; immutable.
 */
public final class SimulatedMetricSource implements MetricSource {

    /** A mean, how far it goes to either side, and how long a wave is. */
    private static final Pattern WAVE = Pattern.compile("(\\S+)\\s*\\+-\\s*(\\S+)\\s+every\\s+(\\S+)");

    /** Does nothing. */
    public SimulatedMetricSource() {}

    @Override
    public String type() {
        return "simulated";
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(SettingKey.optional(
                "load",
                SettingKey.Type.MAP,
                null,
                "For each service how many cores of work are asked of it: all the time, such as 2, or in waves, such as"
                        + " \"2 +- 1.5 every 10m\"."));
    }

    @Override
    public Metrics open(Settings settings, PluginContext context) {
        Map<String, Workload> loads = new LinkedHashMap<>();
        settings.map("load").forEach((service, cores) -> loads.put(service, workload(settings, service, cores)));
        return new Opened(SharedWorld.of(context), loads);
    }

    private static Workload workload(Settings settings, String service, String cores) {
        Matcher wave = WAVE.matcher(cores.trim());
        try {
            return wave.matches()
                    ? Workload.sine(
                            Double.parseDouble(wave.group(1)),
                            Double.parseDouble(wave.group(2)),
                            Settings.of("every", wave.group(3)).duration("every", Duration.ZERO))
                    : Workload.constant(Double.parseDouble(cores.trim()));
        } catch (IllegalArgumentException | MicadoException e) {
            throw settings.problem(
                    "load." + service,
                    "must be a number of cores, 0 or more, or a wave such as \"2 +- 1.5 every 10m\", got \"" + cores
                            + "\"");
        }
    }

    /** Finds the cluster when it is first read, as that may be opened later. Read by one thread at a time. */
    private static final class Opened implements Metrics {
        private final SharedWorld world;
        private final Map<String, Workload> loads;
        private @Nullable SimulatedMetrics metrics;

        private Opened(SharedWorld world, Map<String, Workload> loads) {
            this.world = world;
            this.loads = loads;
        }

        @Override
        public synchronized MetricReadings read(MetricRequest request) {
            if (metrics == null) {
                SimulatedMetrics opened = SimulatedMetrics.of(world.cluster()
                        .orElseThrow(() -> new MicadoException(
                                ErrorKind.CONFIGURATION,
                                "the metric source \"simulated\" needs the orchestrator \"simulated\"")));
                loads.forEach(opened::load);
                metrics = opened;
            }
            return metrics.read(request);
        }

        @Override
        public void close() {}
    }
}

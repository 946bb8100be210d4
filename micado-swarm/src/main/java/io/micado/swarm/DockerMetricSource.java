package io.micado.swarm;

import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The metric source type {@code docker}: CPU and memory of the Swarm's tasks, asked from the engines that run them.
 * Found and opened by the engine's plug-in registry. Stateless.
 */
public final class DockerMetricSource implements MetricSource {
    static final String INTERVAL = "interval";
    static final String THREADS = "threads";
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
    /**
     * Engine 20.10 takes up to a second for each answer, all containers at the same tick, so few threads would measure
     * few.
     */
    private static final int DEFAULT_THREADS = 32;

    /** Does nothing; for {@link java.util.ServiceLoader}. */
    public DockerMetricSource() {}

    @Override
    public String type() {
        return "docker";
    }

    @Override
    public List<SettingKey> settings() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(SettingKey.optional(
                SwarmSettings.HOSTS,
                SettingKey.Type.LIST,
                null,
                "Engines of nodes that no cloud of ours launched, such as the managers; default $DOCKER_HOST, else "
                        + DockerConnection.LOCAL + "."));
        keys.add(SettingKey.optional(INTERVAL, SettingKey.Type.DURATION, "5s", "How often the engines are asked."));
        keys.add(SettingKey.optional(
                THREADS,
                SettingKey.Type.INTEGER,
                String.valueOf(DEFAULT_THREADS),
                "How many containers are asked about at a time, over all engines."));
        keys.addAll(DockerSettings.connectionKeys());
        return List.copyOf(keys);
    }

    @Override
    public Metrics open(Settings settings, PluginContext context) {
        Duration interval = settings.duration(INTERVAL, DEFAULT_INTERVAL);
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw settings.problem(INTERVAL, "must be 1s or more, got " + interval);
        }
        int threads = settings.integer(THREADS, DEFAULT_THREADS);
        if (threads < 1) {
            throw settings.problem(THREADS, "must be 1 or more, got " + threads);
        }
        Set<URI> hosts = new LinkedHashSet<>();
        settings.list(SwarmSettings.HOSTS)
                .forEach(text -> hosts.add(DockerSettings.parseHost(settings, SwarmSettings.HOSTS, text)));
        if (hosts.isEmpty()) {
            hosts.add(DockerSettings.defaultHost());
        }
        hosts.forEach(host -> DockerSettings.connectionTo(host, settings)); // tells now what is wrong with an address
        return new DockerMetrics(
                hosts,
                host -> DockerSettings.connectionTo(host, settings),
                interval,
                context.timekeeper(),
                context.timekeeper().boundedExecutor("docker metrics", threads));
    }
}

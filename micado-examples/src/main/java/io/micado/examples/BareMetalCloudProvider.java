package io.micado.examples;

import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.HashSet;
import java.util.List;

/**
 * A template for a cloud of one's own, {@code bare-metal}: a rack of given hosts that are switched on when workers are needed and off
 * when they are not. Found through {@link java.util.ServiceLoader} by the line in
 * {@code META-INF/services/io.micado.api.spi.CloudProvider}. Immutable.
 *
 * <p>What to change is {@link Rack}: the one here is in memory and switches nothing. Everything else is as it has to be, which
 * {@code CloudContract} verifies in {@code BareMetalCloudContractTest}; copy that test too.
 *
 * <pre>{@code
 * Micado.builder()
 *         .cloud("rack", "bare-metal", Settings.of("hosts", List.of("10.0.0.11", "10.0.0.12")).with("cores", 16).with("memory", "64GiB"))
 *         .pool("workers", pool -> pool.between(1, 2).offering("rack", "host", Settings.EMPTY))
 * }</pre>
 */
public final class BareMetalCloudProvider implements CloudProvider {
    /** The type of the cloud. */
    public static final String TYPE = "bare-metal";

    private static final String HOSTS = "hosts";
    private static final String CORES = "cores";
    private static final String MEMORY = "memory";

    /** Does nothing; called by the {@link java.util.ServiceLoader}. */
    public BareMetalCloudProvider() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.required(
                        HOSTS,
                        SettingKey.Type.LIST,
                        "10.0.0.11, 10.0.0.12",
                        "the addresses of the hosts, in the order of use"),
                SettingKey.required(CORES, SettingKey.Type.NUMBER, "16", "how many cores each host has"),
                SettingKey.required(MEMORY, SettingKey.Type.BYTES, "64GiB", "how much memory each host has"));
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        List<String> hosts = settings.list(HOSTS);
        if (hosts.isEmpty() || new HashSet<>(hosts).size() != hosts.size()) {
            throw settings.problem(HOSTS, "must name at least one host, and none twice, got " + hosts);
        }
        double cores = settings.number(CORES, 0);
        if (!(cores > 0)) {
            throw settings.problem(CORES, "must be above 0, got " + cores);
        }
        Resources capacity = Resources.of(cores, settings.bytes(MEMORY).orElse(0L));
        return new BareMetalCloud(context.instanceName(), hosts, capacity, new InMemoryRack());
    }
}

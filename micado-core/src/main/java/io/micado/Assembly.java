package io.micado;

import io.micado.MicadoBuilder.Part;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.MicadoException;
import io.micado.api.error.Problem;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.spi.SharedParts;
import io.micado.api.spi.StateStore;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.loop.Engine;
import io.micado.internal.loop.EngineConfiguration;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.internal.memory.FileStateStore;
import io.micado.internal.plan.TwoLevelPlanner;
import io.micado.internal.plugin.PluginRegistry;
import io.micado.internal.plugin.SettingsCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Checks what a builder has collected, opens the plug-ins and makes the engine. Used once, by one thread. */
final class Assembly {
    private static final int NAME_LENGTH = 40;

    private final MicadoBuilder builder;
    private final List<Problem> problems;
    private final Timekeeper time;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final SharedParts shared = new SharedParts();

    Assembly(MicadoBuilder builder) {
        this.builder = builder;
        problems = new ArrayList<>(builder.problems);
        time = builder.timekeeper == null ? new SystemTimekeeper() : builder.timekeeper;
    }

    Micado assemble() {
        PluginRegistry registry = new PluginRegistry(builder.classLoader);
        checkNames();
        checkServices(registry);
        checkPools(registry);
        Map<String, Supplier<Cloud>> clouds = clouds(registry);
        Optional<Supplier<Cluster>> cluster = cluster(registry);
        Map<String, Supplier<Metrics>> metrics = metrics(registry);
        throwProblems();

        Map<String, Cloud> openClouds = open("cloud", clouds);
        Cluster openCluster = open("orchestrator", cluster.orElseThrow());
        Map<String, Metrics> openMetrics = open("metric source", metrics);
        if (!problems.isEmpty()) {
            closeOpened();
            throwProblems();
        }
        Map<String, WorkerPool> pools = new LinkedHashMap<>();
        builder.pools.forEach(pool -> pools.put(pool.name(), withBootstrap(pool)));
        String holder = builder.programId == null ? UUID.randomUUID().toString() : builder.programId;
        EngineConfiguration configuration = new EngineConfiguration(
                builder.name,
                holder,
                new InfrastructureId(builder.name + "-" + identityFrom(holder)),
                time,
                openCluster,
                openClouds,
                openMetrics,
                pools,
                List.copyOf(builder.services),
                builder.defaultPolicy,
                Optional.ofNullable(builder.adoptedPolicy),
                builder.adoptedBounds,
                Map.copyOf(builder.policies),
                (target, spec) -> scaler(registry, target, spec),
                builder.guard,
                stateStore(),
                builder.passInterval,
                builder.rebalance,
                builder.openSsh,
                builder.dryRun,
                this::closeOpened);
        return new Micado(builder.name, new Engine(configuration, new TwoLevelPlanner()));
    }

    /** The constant of the API stands for what only the engine can make. */
    private static WorkerPool withBootstrap(WorkerPool pool) {
        return pool.bootstrap() == Bootstrap.DEFAULT ? pool.withBootstrap(WorkerCloudInit.standard()) : pool;
    }

    private void checkNames() {
        if (!builder.name.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0," + (NAME_LENGTH - 1) + "}")) {
            problems.add(Problem.of(
                    "name",
                    "is required: 1 to " + NAME_LENGTH
                            + " letters, digits, '-' and '_', beginning with a letter or digit; got \"" + builder.name
                            + "\""));
        }
        if (builder.passInterval.isZero() || builder.passInterval.isNegative()) {
            problems.add(Problem.of("passInterval", "must be positive, got " + builder.passInterval));
        }
    }

    private void checkServices(PluginRegistry registry) {
        Set<String> names = new HashSet<>();
        for (ServiceSpec service : builder.services) {
            String where = "service \"" + service.name() + "\"";
            if (!names.add(service.name())) {
                problems.add(Problem.of(where, "there are two of this name"));
            }
            if (service.policy().isPresent() && builder.policies.containsKey(service.name())) {
                problems.add(Problem.of(where + ".policy", "two policies were given for one target"));
            }
            service.policy().ifPresent(policy -> checkPolicy(registry, where + ".policy", policy));
        }
        builder.policies.forEach((name, policy) -> checkPolicy(registry, "policy of service \"" + name + "\"", policy));
        checkPolicy(registry, "defaultPolicy", builder.defaultPolicy);
        if (builder.adoptedPolicy != null) {
            checkPolicy(registry, "adoptServices.policy", builder.adoptedPolicy);
        }
    }

    private void checkPools(PluginRegistry registry) {
        Set<String> names = new HashSet<>();
        for (WorkerPool pool : builder.pools) {
            String where = "pool \"" + pool.name() + "\"";
            if (!names.add(pool.name())) {
                problems.add(Problem.of(where, "there are two of this name"));
            }
            pool.policy().ifPresent(policy -> checkPolicy(registry, where + ".policy", policy));
            for (Offering offering : pool.offerings()) {
                checkOffering(registry, where + ".offering \"" + offering.name() + "\"", offering);
            }
        }
    }

    private void checkOffering(PluginRegistry registry, String where, Offering offering) {
        Part<Cloud> cloud = builder.clouds.get(offering.cloud());
        if (cloud == null) {
            problems.add(Problem.of(
                    where, "refers to the cloud \"" + offering.cloud() + "\"; known: " + builder.clouds.keySet()));
        } else if (cloud.type() != null) {
            registry.clouds()
                    .find(cloud.type())
                    .ifPresent(provider -> problems.addAll(
                            SettingsCheck.check(where, provider.machineSettings(), offering.settings())));
        }
    }

    private void checkPolicy(PluginRegistry registry, String where, PolicySpec policy) {
        if (!(policy instanceof PolicySpec.OfType ofType)) {
            return;
        }
        Optional<ScalingPolicy> plugin = registry.policies().find(ofType.type());
        if (plugin.isEmpty()) {
            problems.add(registry.policies().missing(where, ofType.type()));
            return;
        }
        List<Problem> ofSettings = SettingsCheck.check(where, plugin.get().settings(), ofType.settings());
        problems.addAll(ofSettings);
        if (ofSettings.isEmpty()) {
            collect(where, () -> plugin.get().create(ofType.settings(), context(where)));
        }
    }

    private Scaler scaler(PluginRegistry registry, String target, PolicySpec spec) {
        if (spec instanceof PolicySpec.OfScaler given) {
            return given.scaler();
        }
        PolicySpec.OfType ofType = (PolicySpec.OfType) spec;
        ScalingPolicy plugin = registry.policies()
                .find(ofType.type())
                .orElseThrow(() -> new ConfigurationException(
                        List.of(registry.policies().missing("policy of " + target, ofType.type()))));
        List<Problem> ofSettings = SettingsCheck.check("policy of " + target, plugin.settings(), ofType.settings());
        if (!ofSettings.isEmpty()) {
            throw new ConfigurationException(ofSettings);
        }
        return plugin.create(ofType.settings(), context(target));
    }

    private Map<String, Supplier<Cloud>> clouds(PluginRegistry registry) {
        Map<String, Supplier<Cloud>> clouds = new LinkedHashMap<>();
        builder.clouds.forEach((name, part) -> opener(
                        "cloud \"" + name + "\"",
                        name,
                        part,
                        registry.clouds(),
                        CloudProvider::settings,
                        (CloudProvider plugin, PluginContext context) -> plugin.open(part.settings(), context))
                .ifPresent(opener -> clouds.put(name, opener)));
        return clouds;
    }

    private Optional<Supplier<Cluster>> cluster(PluginRegistry registry) {
        Part<Cluster> part = builder.cluster;
        if (part == null) {
            problems.add(Problem.of("orchestrator", "is required, such as orchestrator(\"swarm\")"));
            return Optional.empty();
        }
        return opener(
                "orchestrator",
                "orchestrator",
                part,
                registry.orchestrators(),
                ContainerOrchestrator::settings,
                (ContainerOrchestrator plugin, PluginContext context) -> plugin.open(part.settings(), context));
    }

    private Map<String, Supplier<Metrics>> metrics(PluginRegistry registry) {
        Map<String, Part<Metrics>> parts = new LinkedHashMap<>(builder.metrics);
        ownMetrics(registry).ifPresent(own -> {
            if (parts.isEmpty()) {
                parts.put(String.valueOf(own.type()), own);
            }
            // Named beside another source, it still need not be told again what the orchestrator was told.
            parts.replaceAll((name, part) -> String.valueOf(own.type()).equals(part.type())
                    ? new Part<>(own.type(), with(own.settings(), part.settings()), null)
                    : part);
        });
        Map<String, Supplier<Metrics>> metrics = new LinkedHashMap<>();
        parts.forEach((name, part) -> opener(
                        "metric source \"" + name + "\"",
                        name,
                        part,
                        registry.metricSources(),
                        MetricSource::settings,
                        (MetricSource plugin, PluginContext context) -> plugin.open(part.settings(), context))
                .ifPresent(opener -> metrics.put(name, opener)));
        return metrics;
    }

    /** The orchestrator's own metric source, with those of the orchestrator's settings that it takes as well. */
    private Optional<Part<Metrics>> ownMetrics(PluginRegistry registry) {
        Part<Cluster> part = builder.cluster;
        if (part == null || part.type() == null) {
            return Optional.empty();
        }
        return registry.orchestrators()
                .find(part.type())
                .flatMap(ContainerOrchestrator::metricSource)
                .map(type -> {
                    Settings shared = Settings.EMPTY;
                    List<String> taken = registry.metricSources()
                            .find(type)
                            .map(source -> source.settings().stream()
                                    .map(SettingKey::name)
                                    .toList())
                            .orElse(List.of());
                    for (String key : part.settings().keys()) {
                        if (taken.contains(key)) {
                            shared = shared.with(key, part.settings().raw(key).orElseThrow());
                        }
                    }
                    return new Part<>(type, shared, null);
                });
    }

    /** {@return the settings with those of others on top} */
    private static Settings with(Settings settings, Settings more) {
        Settings all = settings;
        for (String key : more.keys()) {
            all = all.with(key, more.raw(key).orElseThrow());
        }
        return all;
    }

    /** Opens a plug-in. */
    private interface Opening<P, T> {
        T open(P plugin, PluginContext context);
    }

    private <P, T extends AutoCloseable> Optional<Supplier<T>> opener(
            String where,
            String instanceName,
            Part<T> part,
            PluginRegistry.Kind<P> kind,
            java.util.function.Function<P, List<SettingKey>> settingsOf,
            Opening<P, T> opening) {
        T live = part.live();
        if (live != null) {
            return Optional.of(() -> live);
        }
        String type = String.valueOf(part.type());
        Optional<P> plugin = kind.find(type);
        if (plugin.isEmpty()) {
            problems.add(kind.missing(where, type));
            return Optional.empty();
        }
        problems.addAll(SettingsCheck.check(where, settingsOf.apply(plugin.get()), part.settings()));
        return Optional.of(() -> {
            T made = opening.open(plugin.get(), context(instanceName));
            opened.add(made);
            return made;
        });
    }

    private <T> Map<String, T> open(String kind, Map<String, Supplier<T>> openers) {
        Map<String, T> open = new LinkedHashMap<>();
        openers.forEach((name, opener) -> collect(kind + " \"" + name + "\"", () -> open.put(name, opener.get())));
        return open;
    }

    private Cluster open(String where, Supplier<Cluster> opener) {
        List<Cluster> made = new ArrayList<>();
        collect(where, () -> made.add(opener.get()));
        if (made.isEmpty()) {
            closeOpened();
            throwProblems();
        }
        return made.get(0);
    }

    private PluginContext context(String instanceName) {
        Consumer<String> warnings = LoggerFactory.getLogger("io.micado." + instanceName)::warn;
        return new PluginContext(builder.name, instanceName, time, "io.micado." + instanceName, warnings, shared);
    }

    private StateStore stateStore() {
        if (builder.stateStore != null) {
            return builder.stateStore;
        }
        if (builder.stateDirectory != null) {
            return new FileStateStore(builder.stateDirectory);
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path home = xdg == null || xdg.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(xdg);
        return new FileStateStore(home.resolve("micado"));
    }

    private static String identityFrom(String holder) {
        return UUID.nameUUIDFromBytes(holder.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString()
                .substring(0, 18);
    }

    private void collect(String where, Runnable step) {
        try {
            step.run();
        } catch (ConfigurationException e) {
            e.problems().forEach(p -> problems.add(new Problem(where + "." + p.where(), p.message(), p.position())));
        } catch (MicadoException | IllegalArgumentException e) {
            problems.add(Problem.of(where, String.valueOf(e.getMessage())));
        } catch (RuntimeException | LinkageError e) {
            problems.add(Problem.of(where, "the plug-in failed with " + e + "; please report this to its author"));
        }
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private void closeOpened() {
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Assembly.class)
                        .warn("closing {} failed", part.getClass().getName(), e);
            }
        }
    }
}

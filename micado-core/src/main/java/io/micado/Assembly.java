package io.micado;

import io.micado.MicadoBuilder.Part;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.Nearest;
import io.micado.api.config.Problems;
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
import io.micado.api.worker.ConfiguredBootstrap;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.loop.Engine;
import io.micado.internal.loop.EngineConfiguration;
import io.micado.internal.loop.PluginWarnings;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.internal.memory.FileStateStore;
import io.micado.internal.plan.TwoLevelPlanner;
import io.micado.internal.plugin.PluginRegistry;
import io.micado.internal.plugin.SettingsCheck;
import io.micado.policy.Policies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks what a builder has collected, opens the plug-ins and makes the engine. Used once, by one thread. */
final class Assembly {
    private final MicadoBuilder builder;
    private final List<Problem> problems;
    private final Timekeeper time;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final SharedParts shared = new SharedParts();
    private final PluginWarnings warnings = new PluginWarnings();
    /** Known once the clouds are open. */
    private boolean remoteMachines;

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

        Map<String, Cloud> openClouds = open("cloud", clouds, name -> settings(builder.clouds.get(name)));
        remoteMachines = builder.pools.stream().anyMatch(pool -> isRemote(pool, openClouds));
        Cluster openCluster = open("orchestrator", cluster.orElseThrow());
        Map<String, Metrics> openMetrics = open("metric source", metrics, name -> settings(builder.metrics.get(name)));
        if (!problems.isEmpty()) {
            closeOpened();
            throwProblems();
        }
        Map<String, WorkerPool> pools = new LinkedHashMap<>();
        builder.pools.forEach(pool -> pools.put(pool.name(), spread(registry, withBootstrap(pool))));
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
                builder.adoptedBehavior,
                Map.copyOf(builder.policies),
                (target, spec) -> scaler(registry, target, spec),
                spec -> holdsSecrets(registry, spec),
                builder.guard,
                builder.victims,
                stateStore(openCluster),
                builder.passInterval == null ? passInterval(openMetrics) : builder.passInterval,
                builder.rebalance,
                builder.openSsh,
                Optional.ofNullable(builder.rotateJoinToken),
                builder.dryRun,
                warnings,
                this::closeOpened);
        return new Micado(builder.name, new Engine(configuration, new TwoLevelPlanner()), openClouds);
    }

    private static Duration passInterval(Map<String, Metrics> sources) {
        Duration shortest = Defaults.PASS_INTERVAL;
        for (Metrics source : sources.values()) {
            shortest = source.interval().compareTo(shortest) < 0 ? source.interval() : shortest;
        }
        return shortest.compareTo(Defaults.LEAST_PASS_INTERVAL) < 0 ? Defaults.LEAST_PASS_INTERVAL : shortest;
    }

    /** Whether machines of a pool join by an address that their user data says, and not by what a cloud such as "local" sees to. */
    private static boolean isRemote(WorkerPool pool, Map<String, Cloud> clouds) {
        return pool.bootstrap() != Bootstrap.BY_CLOUD
                && pool.offerings().stream()
                        .map(offering -> clouds.get(offering.cloud()))
                        .anyMatch(cloud -> cloud != null && cloud.traits().userDataLimit() > 0);
    }

    /** What the API can only name stands for what only the engine can make. */
    private static WorkerPool withBootstrap(WorkerPool pool) {
        if (pool.bootstrap() instanceof ConfiguredBootstrap configured) {
            return pool.withBootstrap(WorkerCloudInit.from(bootstrapSettings(configured)));
        }
        return pool.bootstrap() == Bootstrap.DEFAULT ? pool.withBootstrap(WorkerCloudInit.standard()) : pool;
    }

    private static Settings bootstrapSettings(ConfiguredBootstrap configured) {
        return SettingsCheck.spread(WorkerCloudInit.settings(), configured.settings());
    }

    private void checkBootstrap(String where, ConfiguredBootstrap configured) {
        Settings settings = bootstrapSettings(configured);
        List<Problem> ofSettings = SettingsCheck.check(where, WorkerCloudInit.settings(), settings);
        problems.addAll(ofSettings);
        if (ofSettings.isEmpty()) {
            collect(where, settings, () -> WorkerCloudInit.from(settings));
        }
    }

    private void checkNames() {
        if (!builder.unnamed) {
            collect("name", Settings.EMPTY, () -> InfrastructureDescription.checkName(builder.name));
        }
        Duration passInterval = builder.passInterval;
        if (passInterval != null && (passInterval.isZero() || passInterval.isNegative())) {
            problems.add(Problem.of("passInterval", "must be positive, got " + passInterval));
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
            if (pool.bootstrap() instanceof ConfiguredBootstrap configured) {
                checkBootstrap(where + ".bootstrap", configured);
            }
            for (Offering offering : pool.offerings()) {
                checkOffering(registry, where + ".offering \"" + offering.name() + "\"", offering);
            }
        }
    }

    private void checkOffering(PluginRegistry registry, String where, Offering offering) {
        Part<Cloud> cloud = builder.clouds.get(offering.cloud());
        if (cloud == null) {
            String near = Nearest.of(offering.cloud(), builder.clouds.keySet())
                    .map(name -> "; did you mean \"" + name + "\"?")
                    .orElse("");
            problems.add(placed(
                    Problem.of(
                            where,
                            "refers to the cloud \"" + offering.cloud() + "\"" + near + "; known: "
                                    + builder.clouds.keySet()),
                    offering.settings()));
        } else if (cloud.type() != null) {
            registry.clouds()
                    .find(cloud.type())
                    .ifPresent(provider -> problems.addAll(SettingsCheck.check(
                            where,
                            provider.machineSettings(),
                            SettingsCheck.spread(provider.machineSettings(), offering.settings()))));
        }
    }

    /** The pool with the settings of its machines as the clouds' plug-ins name them. */
    private WorkerPool spread(PluginRegistry registry, WorkerPool pool) {
        return pool.withOfferings(pool.offerings().stream()
                .map(offering -> Optional.ofNullable(builder.clouds.get(offering.cloud()))
                        .flatMap(cloud -> registry.clouds().find(String.valueOf(cloud.type())))
                        .map(provider -> offering.withSettings(
                                SettingsCheck.spread(provider.machineSettings(), offering.settings())))
                        .orElse(offering))
                .toList());
    }

    private void checkPolicy(PluginRegistry registry, String where, PolicySpec policy) {
        if (policy instanceof PolicySpec.Combined combined) {
            combined.parts().forEach(part -> checkPolicy(registry, where, part));
        }
        if (!(policy instanceof PolicySpec.OfType ofType)) {
            return;
        }
        Optional<ScalingPolicy> plugin = registry.policies().find(ofType.type());
        if (plugin.isEmpty()) {
            problems.add(placed(registry.policies().missing(where, ofType.type()), ofType.settings()));
            return;
        }
        Settings settings = SettingsCheck.spread(plugin.get().settings(), ofType.settings());
        List<Problem> ofSettings = SettingsCheck.check(where, plugin.get().settings(), settings);
        problems.addAll(ofSettings);
        if (ofSettings.isEmpty()) {
            collect(where, settings, () -> plugin.get().create(settings, context(where)));
        }
    }

    private static boolean holdsSecrets(PluginRegistry registry, PolicySpec spec) {
        return spec instanceof PolicySpec.OfType ofType
                && SettingsCheck.holdsSecrets(
                        registry.policies()
                                .find(ofType.type())
                                .map(ScalingPolicy::settings)
                                .orElse(List.of()),
                        ofType.settings());
    }

    private Scaler scaler(PluginRegistry registry, String target, PolicySpec spec) {
        if (spec instanceof PolicySpec.OfScaler given) {
            return given.scaler();
        }
        if (spec instanceof PolicySpec.Combined combined) {
            List<Scaler> parts = new ArrayList<>();
            combined.parts().forEach(part -> parts.add(scaler(registry, target, part)));
            return Policies.combined(combined.rule(), parts);
        }
        PolicySpec.OfType ofType = (PolicySpec.OfType) spec;
        ScalingPolicy plugin = registry.policies()
                .find(ofType.type())
                .orElseThrow(() -> new ConfigurationException(
                        List.of(registry.policies().missing("policy of " + target, ofType.type()))));
        Settings settings = SettingsCheck.spread(plugin.settings(), ofType.settings());
        List<Problem> ofSettings = SettingsCheck.check("policy of " + target, plugin.settings(), settings);
        if (!ofSettings.isEmpty()) {
            throw new ConfigurationException(ofSettings);
        }
        return plugin.create(settings, context(target));
    }

    private Map<String, Supplier<Cloud>> clouds(PluginRegistry registry) {
        Map<String, Supplier<Cloud>> clouds = new LinkedHashMap<>();
        builder.clouds.forEach((name, part) -> opener(
                        "cloud \"" + name + "\"",
                        name,
                        part,
                        registry.clouds(),
                        CloudProvider::settings,
                        CloudProvider::open)
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
                ContainerOrchestrator::open);
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
                        MetricSource::open)
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
        T open(P plugin, Settings settings, PluginContext context);
    }

    private <P, T extends AutoCloseable> Optional<Supplier<T>> opener(
            String where,
            String instanceName,
            Part<T> part,
            PluginRegistry.Kind<P> kind,
            Function<P, List<SettingKey>> settingsOf,
            Opening<P, T> opening) {
        T live = part.live();
        if (live != null) {
            return Optional.of(() -> live);
        }
        String type = String.valueOf(part.type());
        Optional<P> plugin = kind.find(type);
        if (plugin.isEmpty()) {
            problems.add(placed(kind.missing(where, type), part.settings()));
            return Optional.empty();
        }
        List<SettingKey> keys = settingsOf.apply(plugin.get());
        Settings settings = SettingsCheck.spread(keys, kind.settingsFor(type, part.settings()));
        problems.addAll(SettingsCheck.check(where, keys, settings));
        return Optional.of(() -> {
            T made = opening.open(plugin.get(), settings, context(instanceName));
            opened.add(made);
            return made;
        });
    }

    private <T> Map<String, T> open(
            String kind, Map<String, Supplier<T>> openers, Function<String, Settings> settingsOf) {
        Map<String, T> open = new LinkedHashMap<>();
        openers.forEach((name, opener) ->
                collect(kind + " \"" + name + "\"", settingsOf.apply(name), () -> open.put(name, opener.get())));
        return open;
    }

    private static Settings settings(@Nullable Part<?> part) {
        return part == null ? Settings.EMPTY : part.settings();
    }

    private Cluster open(String where, Supplier<Cluster> opener) {
        List<Cluster> made = new ArrayList<>();
        collect(where, settings(builder.cluster), () -> made.add(opener.get()));
        if (made.isEmpty()) {
            closeOpened();
            throwProblems();
        }
        return made.get(0);
    }

    private PluginContext context(String instanceName) {
        String loggerName = "io.micado." + instanceName;
        Logger log = LoggerFactory.getLogger(loggerName);
        Consumer<String> told = warning -> {
            log.warn("[{}] {}", builder.name, warning);
            warnings.add(warning);
        };
        return new PluginContext(builder.name, instanceName, time, loggerName, told, shared, remoteMachines);
    }

    private StateStore stateStore(Cluster cluster) {
        if (builder.stateStore != null) {
            return builder.stateStore;
        }
        if (builder.stateDirectory != null) {
            return new FileStateStore(builder.stateDirectory);
        }
        return cluster.stateStore().orElseGet(Assembly::ownFile);
    }

    private static StateStore ownFile() {
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

    private void collect(String where, Settings settings, Runnable step) {
        try {
            step.run();
        } catch (ConfigurationException e) {
            e.problems()
                    .forEach(p -> problems.add(
                            placed(new Problem(where + "." + p.where(), p.message(), p.position()), settings)));
        } catch (MicadoException | IllegalArgumentException e) {
            problems.add(placed(Problem.of(where, String.valueOf(e.getMessage())), settings));
        } catch (RuntimeException | LinkageError e) {
            problems.add(placed(
                    Problem.of(where, "the plug-in failed with " + e + "; please report this to its author"),
                    settings));
        }
    }

    /** The problem at the place of the settings that it is of, if it has no place of its own. */
    private static Problem placed(Problem problem, Settings settings) {
        return problem.position().isPresent()
                ? problem
                : new Problem(problem.where(), problem.message(), settings.position());
    }

    /** Throws what was found, in the order of the file. */
    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(Problems.inOrder(problems));
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

package io.micado;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.event.MicadoListener;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.Settings;
import io.micado.api.spi.StateStore;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.DrainGuard;
import io.micado.api.worker.VictimSelector;
import io.micado.api.worker.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Collects what an infrastructure is made of, and checks all of it in {@link #build()}. Not thread-safe; may be reused.
 *
 * <p>A cloud, orchestrator or metric source is named by its type, to be found on the class path, or given as a live object,
 * which then is never closed by us and wins over discovery.
 */
public final class MicadoBuilder {
    final List<Problem> problems = new ArrayList<>();
    final Map<String, Part<Cloud>> clouds = new LinkedHashMap<>();
    final Map<String, Part<Metrics>> metrics = new LinkedHashMap<>();
    final List<WorkerPool> pools = new ArrayList<>();
    final List<ServiceSpec> services = new ArrayList<>();
    final Map<String, PolicySpec> policies = new LinkedHashMap<>();
    final List<MicadoListener> listeners = new ArrayList<>();
    String name = "";
    boolean unnamed;

    @Nullable
    Part<Cluster> cluster;

    PolicySpec defaultPolicy = Defaults.POLICY;

    @Nullable
    PolicySpec adoptedPolicy;

    Bounds adoptedBounds = Defaults.REPLICAS;
    Behavior adoptedBehavior = Behavior.REPLICAS;
    DrainGuard guard = DrainGuard.ALWAYS;
    VictimSelector victims = VictimSelector.LEAST_LOADED;

    @Nullable
    StateStore stateStore;

    @Nullable
    Path stateDirectory;

    @Nullable
    Timekeeper timekeeper;

    @Nullable
    ClassLoader classLoader;

    @Nullable
    String programId;

    @Nullable
    Duration passInterval;

    boolean rebalance;
    boolean openSsh;

    @Nullable
    Boolean rotateJoinToken;

    boolean dryRun;

    /** A type with settings, or a live object. */
    record Part<T>(
            @Nullable String type,
            Settings settings,
            @Nullable T live) {}

    MicadoBuilder() {}

    /**
     * Takes everything that a file describes, as {@link io.micado.config.ConfigurationFiles} reads it. What is set afterwards is
     * added to it, or takes the place of a single value; what is wrong with the file is reported by {@link #build()} with
     * everything else.
     */
    public MicadoBuilder from(InfrastructureDescription description) {
        problems.addAll(description.problems());
        description.name().ifPresent(this::name);
        // What the file itself could not tell is no problem of the builder's too.
        unnamed = description.name().isEmpty() && !description.problems().isEmpty();
        description.orchestrator().ifPresent(plugin -> orchestrator(plugin.type(), plugin.settings()));
        description.clouds().forEach((cloudName, plugin) -> cloud(cloudName, plugin.type(), plugin.settings()));
        description.metricSources().forEach(plugin -> metrics(plugin.type(), plugin.settings()));
        description.pools().forEach(this::pool);
        description.services().forEach(this::service);
        description.defaultPolicy().ifPresent(this::defaultPolicy);
        description.policies().forEach(this::policy);
        description
                .adoption()
                .ifPresent(adoption -> adoptServices(
                        adoption.policy(),
                        adoption.bounds().min(),
                        adoption.bounds().max(),
                        adoption.behavior()));
        description.passInterval().ifPresent(this::passInterval);
        description.stateDirectory().ifPresent(this::stateDirectory);
        description.rebalance().ifPresent(this::rebalance);
        description.openSsh().ifPresent(this::openSsh);
        description.dryRun().ifPresent(this::dryRun);
        return this;
    }

    /** Names the infrastructure: 1 to 40 letters, digits, dashes and underscores. Required. */
    public MicadoBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        unnamed = false;
        return this;
    }

    /** Takes the orchestrator of this type, with its default settings. */
    public MicadoBuilder orchestrator(String type) {
        return orchestrator(type, Settings.EMPTY);
    }

    /** Takes the orchestrator of this type. */
    public MicadoBuilder orchestrator(String type, Settings settings) {
        cluster = new Part<>(Objects.requireNonNull(type, "type"), Objects.requireNonNull(settings, "settings"), null);
        return this;
    }

    /** Takes a live cluster. */
    public MicadoBuilder orchestrator(Cluster live) {
        cluster = new Part<>(null, Settings.EMPTY, Objects.requireNonNull(live, "live"));
        return this;
    }

    /**
     * Adds a cloud.
     *
     * @param cloudName the name by which offerings refer to it
     * @param type the type of its provider
     */
    public MicadoBuilder cloud(String cloudName, String type, Settings settings) {
        add(clouds, "cloud", cloudName, new Part<>(type, Objects.requireNonNull(settings, "settings"), null));
        return this;
    }

    /** Adds a live cloud. */
    public MicadoBuilder cloud(String cloudName, Cloud live) {
        add(clouds, "cloud", cloudName, new Part<>(null, Settings.EMPTY, Objects.requireNonNull(live, "live")));
        return this;
    }

    /**
     * Adds a metric source of this type, with its default settings. Without any, the orchestrator's own one is taken; to have that one beside
     * others, name it too, and it takes the orchestrator's settings.
     */
    public MicadoBuilder metrics(String type) {
        return metrics(type, Settings.EMPTY);
    }

    /** Adds a metric source of this type. */
    public MicadoBuilder metrics(String type, Settings settings) {
        add(metrics, "metric source", type, new Part<>(type, Objects.requireNonNull(settings, "settings"), null));
        return this;
    }

    /** Adds a live metric source under a name of its own. */
    public MicadoBuilder metrics(String sourceName, Metrics live) {
        add(
                metrics,
                "metric source",
                sourceName,
                new Part<>(null, Settings.EMPTY, Objects.requireNonNull(live, "live")));
        return this;
    }

    /** Adds a pool of workers. */
    public MicadoBuilder pool(WorkerPool pool) {
        pools.add(Objects.requireNonNull(pool, "pool"));
        return this;
    }

    /** Adds a pool of workers; what is wrong with it is reported by {@link #build()} with everything else. */
    public MicadoBuilder pool(String poolName, UnaryOperator<WorkerPool.Builder> how) {
        collect(
                "pool \"" + poolName + "\"",
                () -> pool(how.apply(WorkerPool.builder(poolName)).build()));
        return this;
    }

    /** Adds a service that is deployed when the infrastructure starts. */
    public MicadoBuilder service(ServiceSpec service) {
        services.add(Objects.requireNonNull(service, "service"));
        return this;
    }

    /** Adds a service; what is wrong with it is reported by {@link #build()} with everything else. */
    public MicadoBuilder service(String serviceName, UnaryOperator<ServiceSpec.Builder> how) {
        collect(
                "service \"" + serviceName + "\"",
                () -> service(how.apply(ServiceSpec.builder(serviceName)).build()));
        return this;
    }

    /** Sets the policy of a service of this name, whoever deploys it; it wins over the service's labels. */
    public MicadoBuilder policy(String serviceName, PolicySpec policy) {
        if (policies.putIfAbsent(serviceName, Objects.requireNonNull(policy, "policy")) != null) {
            problems.add(
                    Problem.of("policy of service \"" + serviceName + "\"", "two policies were given for one target"));
        }
        return this;
    }

    /** Sets the policy of services that name none; default {@code predictive}, on CPU. */
    public MicadoBuilder defaultPolicy(PolicySpec policy) {
        defaultPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Scales every replicated service of the cluster, whoever deploys it and whether or not it carries our labels. Without
     * this, services that others deploy are scaled only if they carry {@code micado.replicas.max} or {@code micado.policy}.
     */
    public MicadoBuilder adoptServices(PolicySpec policy, int min, int max) {
        return adoptServices(policy, min, max, Behavior.REPLICAS);
    }

    /** Scales every replicated service of the cluster, as {@link #adoptServices(PolicySpec, int, int)} does, with this behavior. */
    public MicadoBuilder adoptServices(PolicySpec policy, int min, int max, Behavior behavior) {
        adoptedPolicy = Objects.requireNonNull(policy, "policy");
        adoptedBehavior = Objects.requireNonNull(behavior, "behavior");
        collect("adoptServices", () -> adoptedBounds = Bounds.of(min, max));
        return this;
    }

    /** Sets the host program's word on which worker may go; default: any. */
    public MicadoBuilder drainGuard(DrainGuard value) {
        guard = Objects.requireNonNull(value, "drainGuard");
        return this;
    }

    /** Sets the host program's choice of which worker goes first when a pool has too many; default: the least loaded. */
    public MicadoBuilder victimSelector(VictimSelector value) {
        victims = Objects.requireNonNull(value, "victimSelector");
        return this;
    }

    /**
     * Sets where memory is kept; default a file of {@link #stateDirectory}, or, without one of these, the cluster's own place for it if it
     * has one.
     */
    public MicadoBuilder stateStore(StateStore value) {
        stateStore = Objects.requireNonNull(value, "stateStore");
        return this;
    }

    /** Sets the private directory where memory is kept; default {@code $XDG_STATE_HOME/micado}, {@code ~/.local/state/micado}. */
    public MicadoBuilder stateDirectory(Path value) {
        stateDirectory = Objects.requireNonNull(value, "stateDirectory");
        return this;
    }

    /** Sets the clock and the source of threads; for simulations. */
    public MicadoBuilder timekeeper(Timekeeper value) {
        timekeeper = Objects.requireNonNull(value, "timekeeper");
        return this;
    }

    /** Sets where plug-ins are looked for; default the thread's class loader, else ours. */
    public MicadoBuilder classLoader(ClassLoader value) {
        classLoader = Objects.requireNonNull(value, "classLoader");
        return this;
    }

    /**
     * Names this program among all that ever run this infrastructure; no two may have the same name, since worker ids are made
     * from it. Default a random one; a simulation sets it to be reproducible.
     */
    public MicadoBuilder programId(String value) {
        programId = Objects.requireNonNull(value, "programId");
        return this;
    }

    /**
     * Sets how often a pass is made when nothing happens; default 5 s, or as often as a metric source wants to be read, where that
     * is more often, down to 1 s. Sources are read by passes.
     */
    public MicadoBuilder passInterval(Duration value) {
        passInterval = Objects.requireNonNull(value, "passInterval");
        return this;
    }

    /**
     * Spreads services anew over workers that joined, gently; default off, since it restarts replicas. A service's label
     * {@value io.micado.api.worker.Tags#SERVICE_REBALANCE}, {@code true} or {@code false}, decides for it.
     */
    public MicadoBuilder rebalance(boolean value) {
        rebalance = value;
        return this;
    }

    /** Opens port 22 of workers to everybody, on clouds whose ports MiCADO opens; default closed. */
    public MicadoBuilder openSsh(boolean value) {
        openSsh = value;
        return this;
    }

    /**
     * Replaces the cluster's join token once every machine that was launched with it has joined or is gone, at most once an hour: clouds go on showing
     * the user data that holds it. Default on where MiCADO itself made the cluster, else off, since others may join machines with it by hand.
     */
    public MicadoBuilder rotateJoinToken(boolean value) {
        rotateJoinToken = value;
        return this;
    }

    /** Recommends only and changes nothing; default off. */
    public MicadoBuilder dryRun(boolean value) {
        dryRun = value;
        return this;
    }

    /** Adds a listener. */
    public MicadoBuilder listener(MicadoListener value) {
        listeners.add(Objects.requireNonNull(value, "listener"));
        return this;
    }

    /**
     * {@return the infrastructure}, which does nothing before {@link Micado#start()}. Needs no network and starts no thread.
     *
     * @throws ConfigurationException with every problem at once
     */
    public Micado build() {
        Micado micado = new Assembly(this).assemble();
        listeners.forEach(micado::addListener);
        return micado;
    }

    private <T> void add(Map<String, Part<T>> parts, String kind, String partName, Part<T> part) {
        Objects.requireNonNull(partName, "name");
        if (partName.isBlank()) {
            problems.add(Problem.of(kind, "its name must not be blank"));
        } else if (parts.putIfAbsent(partName, part) != null) {
            problems.add(Problem.of(kind + " \"" + partName + "\"", "there are two of this name"));
        }
    }

    private void collect(String where, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            // Where it is is said once.
            problems.add(Problem.of(
                    where, message.startsWith(where + ": ") ? message.substring(where.length() + 2) : message));
        }
    }
}

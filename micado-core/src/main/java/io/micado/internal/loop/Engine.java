package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.DestroyReport;
import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.MicadoException;
import io.micado.api.error.Problem;
import io.micado.api.event.MicadoEvent;
import io.micado.api.event.MicadoListener;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.WorkerId;
import io.micado.internal.act.Actuator;
import io.micado.internal.act.CloudAccess;
import io.micado.internal.call.Calls;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.plan.Planner;
import io.micado.internal.state.HostMetrics;
import io.micado.internal.state.ServiceCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/**
 * One infrastructure at work: its threads, its parts and the commands of the host program. Thread-safe; what is not is done on
 * the loop thread.
 */
public final class Engine {
    private static final int CLUSTER_THREADS = 4;

    private final EngineConfiguration configuration;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final BoundedExecutor loopThread;
    private final Executor loop;
    private final Calls calls;
    private final BoundedExecutor clusterExecutor;
    private final BoundedExecutor coordinationExecutor;
    private final BoundedExecutor listenerExecutor;
    private final Map<String, CloudAccess> clouds = new LinkedHashMap<>();
    private final EventBus events;
    private final Journal journal = new Journal();
    private final Counters counters = new Counters();
    private final HostMetrics hostMetrics = new HostMetrics();
    private final ServiceCatalog catalog;
    private final Coordinator coordinator;
    private final Observer observer;
    private final Evaluator evaluator;
    private final PastDesk past;
    private final GuardDesk guard;
    private final VictimDesk victims;
    private final Actuator actuator;
    private final Recorder recorder;
    private final MemoryKeeper keeper;
    private final EngineMemory memory;
    private final Mode mode;
    private final ControlLoop controlLoop;
    private final Commands commands;
    private final ClusterChanges changes;
    private final Deployments deployments;
    private final HoldDesk holds;
    private final Destruction destruction;
    private final OfferingDesk offerings;
    private final Watches watches;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ToldProblems told = new ToldProblems();
    private boolean memoryAsked;

    /** Creates an engine; nothing runs before {@link #start()}. */
    public Engine(EngineConfiguration configuration, Planner planner) {
        this.configuration = configuration;
        time = configuration.timekeeper();
        clock = new SteadyClock(time);
        loopThread = time.boundedExecutor("micado-loop-" + configuration.name(), 1);
        loop = loopThread::submit;
        calls = new Calls(time, loop);
        clusterExecutor = time.boundedExecutor("micado-cluster", CLUSTER_THREADS);
        coordinationExecutor = time.boundedExecutor("micado-lease", 1);
        listenerExecutor = time.boundedExecutor("micado-events", 1);
        configuration
                .clouds()
                .forEach((name, cloud) -> clouds.put(
                        name,
                        new CloudAccess(
                                cloud,
                                time.boundedExecutor(
                                        "micado-cloud-" + name, cloud.traits().maxConcurrentCalls()))));
        events = new EventBus(listenerExecutor);
        catalog = new ServiceCatalog(
                configuration.name(),
                configuration.defaultPolicy(),
                configuration.adoptedPolicy(),
                configuration.adoptedBounds(),
                configuration.adoptedBehavior(),
                configuration.policies(),
                configuration.holdsSecrets(),
                configuration.rebalance(),
                this::serviceProblem);
        observer = new Observer(configuration, clock, calls, hostMetrics, catalog, this::publish);
        recorder = new Recorder(
                configuration.name(), configuration.passInterval(), time, journal, events, observer, counters);
        coordinator = new Coordinator(
                configuration.name(),
                configuration.holder(),
                configuration.freshIdentity(),
                configuration.cluster().coordination(),
                time,
                coordinationExecutor,
                calls,
                this::leaseChanged);
        evaluator = new Evaluator(time, calls, this::publish);
        past = new PastDesk(time, calls, observer, evaluator, this::publish);
        guard = new GuardDesk(configuration.guard(), calls, time, this::publish);
        victims = new VictimDesk(configuration.victims(), configuration.pools().keySet(), calls, time, this::publish);
        keeper = new MemoryKeeper(configuration.name(), configuration.stateStore(), calls, time);
        memory = new EngineMemory(keeper);
        mode = new Mode(configuration.dryRun());
        actuator = new Actuator(
                configuration.name(),
                configuration.holder(),
                configuration.pools(),
                configuration.cluster(),
                clusterExecutor,
                clouds,
                coordinator,
                calls,
                time,
                clock::now,
                new Outcomes(
                        configuration.pools().values(),
                        time,
                        clock,
                        observer,
                        memory,
                        counters,
                        this::publish,
                        this::wake));
        controlLoop = new ControlLoop(
                configuration,
                loop,
                clock,
                coordinator,
                observer,
                evaluator,
                past,
                guard,
                victims,
                planner,
                actuator,
                recorder,
                counters,
                memory,
                mode,
                this::clusterSeen);
        commands = new Commands(time, loop, coordinator, mode);
        changes = new ClusterChanges(
                configuration.cluster(), clusterExecutor, calls, clock, coordinator, observer, controlLoop::wake);
        deployments = new Deployments(
                time,
                loop,
                coordinator,
                mode,
                commands,
                catalog,
                changes,
                new ImageDesk(clouds, calls),
                told,
                this::publish,
                closed::get);
        holds = new HoldDesk(
                configuration.pools(),
                time,
                clock,
                commands,
                memory,
                observer,
                actuator,
                changes,
                controlLoop::latest,
                this::isUpToDate,
                controlLoop::wake);
        destruction = new Destruction(
                configuration,
                time,
                clock,
                loop,
                calls,
                clusterExecutor,
                coordinator,
                actuator,
                observer,
                changes,
                commands,
                mode,
                keeper,
                controlLoop::wake);
        offerings = new OfferingDesk(
                clouds, calls, time, loop, observer, told, this::publish, closed::get, controlLoop::wake);
        watches = new Watches(configuration, loop, hostMetrics, observer, controlLoop);
    }

    /**
     * Gets the cluster ready on the caller's thread and then begins to work.
     *
     * @throws MicadoException with one sentence and the remedy when the cluster cannot be used
     */
    public void start() {
        if (closed.get()) {
            throw new IllegalStateException("the infrastructure \"" + configuration.name() + "\" was closed");
        }
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the infrastructure \"" + configuration.name() + "\" was started before");
        }
        try {
            configuration.cluster().start();
        } catch (RuntimeException e) {
            started.set(false);
            throw e;
        }
        loop.execute(this::begin);
    }

    private void begin() {
        configuration.warnings().listen(warning -> loop.execute(() -> recorder.heardOf(warning)));
        watches.open();
        configuration.pools().values().forEach(offerings::describe);
        deployments.configured(configuration.services());
        renewLease();
        controlLoop.start();
    }

    private void clusterSeen(ClusterView view) {
        deployments.clusterSeen(view);
        commands.retry();
    }

    private void renewLease() {
        if (closed.get()) {
            return;
        }
        coordinator.tick();
        time.schedule(Coordinator.RENEWAL, () -> loop.execute(this::renewLease));
        loadMemoryOnce();
    }

    private void loadMemoryOnce() {
        if (memoryAsked || coordinator.record().isEmpty()) {
            return;
        }
        memoryAsked = true;
        String identity = coordinator.record().get().infrastructure().value();
        keeper.load(identity, saved -> {
            memory.loaded(saved, clock.now());
            saved.ifPresent(known -> evaluator.restore(known.policies()));
            controlLoop.wake();
        });
    }

    private void leaseChanged(boolean held, String message) {
        loadMemoryOnce();
        publish(new MicadoEvent.LeaseChanged(time.wallClock(), held, message));
        if (held) {
            deployments.deployConfigured();
            commands.retry();
        }
        controlLoop.wake();
    }

    private void serviceProblem(String service, String problem) {
        if (told.isNew(service + problem)) {
            publish(new MicadoEvent.Warning(
                    time.wallClock(), "service-labels", "service \"" + service + "\" is not scaled: " + problem));
        }
    }

    private void wake() {
        controlLoop.wake();
    }

    private void publish(MicadoEvent event) {
        recorder.publish(event);
    }

    /** Deploys a service, or changes one that is there, after the clouds could bring its image to the workers. */
    public CompletableFuture<Void> deploy(ServiceSpec spec) {
        Optional<ConfigurationException> unusable = unusablePolicy(spec);
        return unusable.isPresent() ? CompletableFuture.failedFuture(unusable.get()) : deployments.deploy(spec);
    }

    /** A policy that cannot be used is told before anything is deployed, and not by a service that then is never scaled. */
    private Optional<ConfigurationException> unusablePolicy(ServiceSpec spec) {
        Optional<PolicySpec> policy = spec.policy();
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        String target = TargetId.service(spec.name()).toString();
        try {
            Objects.requireNonNull(configuration.scalers().apply(target, policy.get()));
            return Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(e);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            return Optional.of(new ConfigurationException(List.of(Problem.of("policy of " + target, why))));
        }
    }

    /** Removes a service. */
    public CompletableFuture<Void> remove(String service) {
        return deployments.remove(service);
    }

    /** Holds a target at a count for a while; zero holds it until it is released. */
    public CompletableFuture<Void> hold(TargetId target, int count, Duration howLong) {
        return holds.hold(target, count, howLong);
    }

    /** Ends a hold. */
    public CompletableFuture<Void> release(TargetId target) {
        return holds.release(target);
    }

    /** Sends a worker away, and holds its pool at one fewer. */
    public CompletableFuture<Void> sendAway(WorkerId id, Duration howLong) {
        return holds.sendAway(id, howLong);
    }

    /** Whether memory is there, and the cluster was seen after the last service was deployed or removed. */
    private boolean isUpToDate() {
        return memory.isLoaded() && deployments.isIdle() && changes.areSeen();
    }

    /** Stops acting, or goes on. */
    public void pause(boolean paused) {
        loop.execute(() -> {
            mode.pause(paused);
            controlLoop.wake();
        });
    }

    /** Only recommends, or acts again. */
    public void dryRun(boolean dryRun) {
        loop.execute(() -> {
            mode.dryRun(dryRun);
            deployments.deployConfigured();
            controlLoop.wake();
        });
    }

    /** Adds a listener. */
    public void addListener(MicadoListener listener) {
        events.add(listener);
    }

    /** Removes a listener. */
    public void removeListener(MicadoListener listener) {
        events.remove(listener);
    }

    /** Sets where to read a number of the host program's own. */
    public void gauge(MetricKey key, DoubleSupplier supplier) {
        hostMetrics.gauge(key, supplier);
    }

    /** Sets a number of the host program's own; another one than before is looked at soon. */
    public void record(MetricKey key, double value) {
        hostMetrics.record(key, Sample.of(value, time.wallClock()));
    }

    /** {@return what the latest pass saw} */
    public Status status() {
        return recorder.status();
    }

    /** {@return how the engine does, as of its latest pass} */
    public Vitals vitals() {
        return recorder.vitals();
    }

    /** {@return the decisions of a target, the latest first} */
    public List<Decision> explain(TargetId target) {
        return journal.of(target);
    }

    /** Takes the infrastructure away; the future tells what is left. */
    public CompletableFuture<DestroyReport> destroy() {
        return destruction.begin();
    }

    /** Ends within 10 s, whatever hangs; the infrastructure stays. A second call does nothing. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        destruction.close();
        CompletableFuture<Void> saved = new CompletableFuture<>();
        loop.execute(() -> {
            commands.close();
            controlLoop.close();
            Runnable giveBack = () -> coordinator.giveBack(() -> saved.complete(null));
            if (memory.isLoaded() && coordinator.mayActNow() && !mode.isDestroying()) {
                keeper.save(
                        coordinator.record().orElseThrow().infrastructure().value(),
                        memory.planner(),
                        evaluator.states(),
                        giveBack);
            } else {
                giveBack.run();
            }
        });
        if (started.get()) {
            time.await(saved, Defaults.CLOSE_DEADLINE.dividedBy(2));
        }
        closeParts();
    }

    private void closeParts() {
        // Plug-ins are closed on a thread of their own: one that hangs must not hold the host program up.
        BoundedExecutor closer = time.boundedExecutor("micado-close", 1);
        CompletableFuture<Void> partsClosed = new CompletableFuture<>();
        closer.submit(() -> {
            watches.close();
            configuration.close().run();
            partsClosed.complete(null);
        });
        time.await(partsClosed, Defaults.CLOSE_DEADLINE.dividedBy(3));
        List<BoundedExecutor> all = new ArrayList<>(
                clouds.values().stream().map(CloudAccess::executor).toList());
        all.addAll(List.of(clusterExecutor, coordinationExecutor, listenerExecutor, loopThread, closer));
        observer.close();
        evaluator.close();
        past.close();
        guard.close();
        victims.close();
        keeper.close();
        all.forEach(BoundedExecutor::close);
    }
}

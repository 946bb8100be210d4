package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.DestroyReport;
import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
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
import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.act.Actuator;
import io.micado.internal.act.CloudAccess;
import io.micado.internal.act.EffectResults;
import io.micado.internal.call.Calls;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.plan.Action;
import io.micado.internal.plan.Planner;
import io.micado.internal.state.HoldLabel;
import io.micado.internal.state.HostMetrics;
import io.micado.internal.state.ServiceCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One infrastructure at work: its threads, its parts and the commands of the host program. Thread-safe; what is not is done on
 * the loop thread.
 */
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int CLUSTER_THREADS = 4;
    private static final Duration DEPLOY_AGAIN = Duration.ofSeconds(10);
    private static final Duration DESCRIBE_AGAIN = Duration.ofMinutes(1);
    private static final Set<ErrorKind> PASSING =
            Set.of(ErrorKind.TRANSIENT, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.RATE_LIMITED, ErrorKind.CONFLICT);

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
    private final GuardDesk guard;
    private final VictimDesk victims;
    private final Actuator actuator;
    private final Recorder recorder;
    private final MemoryKeeper keeper;
    private final EngineMemory memory;
    private final Mode mode;
    private final ControlLoop controlLoop;
    private final Commands commands;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<String> toldProblems = new HashSet<>();
    private Set<String> knownImages = Set.of();
    /** What is being deployed, by service: one change of a service at a time, or a later one could be done first. */
    private final Map<String, ServiceSpec> deploying = new LinkedHashMap<>();

    private boolean memoryAsked;
    private final Set<ServiceSpec> toDeploy = new LinkedHashSet<>();
    private int changesUnderWay;
    private Instant changedAt = Instant.EPOCH;
    private AutoCloseable watch = () -> {};

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
        guard = new GuardDesk(configuration.guard(), calls, time);
        victims = new VictimDesk(configuration.victims(), configuration.pools().keySet(), calls, time);
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
                new Results());
        controlLoop = new ControlLoop(
                configuration,
                loop,
                clock,
                coordinator,
                observer,
                evaluator,
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
        watch = configuration
                .cluster()
                .watch(() -> loop.execute(() -> {
                    observer.clusterSoon();
                    controlLoop.wake();
                }));
        configuration.pools().values().forEach(this::describe);
        toDeploy.addAll(configuration.services());
        renewLease();
        controlLoop.start();
    }

    /**
     * Deploys the services that the host program configured, once it holds the lease: one that takes over from a program of an
     * older version brings its own specifications.
     */
    private void deployConfigured() {
        if (!mode.isDryRun() && coordinator.mayActNow()) {
            List<ServiceSpec> due = List.copyOf(toDeploy);
            toDeploy.clear();
            due.forEach(spec -> onFailure(deploy(spec), error -> loop.execute(() -> notDeployed(spec, error))));
        }
    }

    /** Tells it once, and tries again as long as it may only be a matter of time. */
    private void notDeployed(ServiceSpec spec, Throwable error) {
        ErrorKind kind = error instanceof MicadoException known ? known.kind() : ErrorKind.INTERNAL;
        String message = "service " + spec.name() + " was not deployed: " + error.getMessage();
        if (toldProblems.add(message)) {
            publish(new MicadoEvent.EffectFailed(time.wallClock(), "service " + spec.name(), kind, message));
        }
        if (PASSING.contains(kind) && !closed.get() && !mode.isDestroying()) {
            toDeploy.add(spec);
            time.schedule(DEPLOY_AGAIN, () -> loop.execute(this::deployConfigured));
        }
    }

    private void clusterSeen(ClusterView view) {
        tellImages(images(view), () -> {});
        commands.retry();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the failure is what is wanted of it
    private static void onFailure(CompletableFuture<Void> command, Consumer<Throwable> told) {
        command.whenComplete((done, error) -> {
            if (error != null) {
                told.accept(error);
            }
        });
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
            deployConfigured();
            commands.retry();
        }
        controlLoop.wake();
    }

    private void serviceProblem(String service, String problem) {
        if (toldProblems.add(service + problem)) {
            publish(new MicadoEvent.Warning(
                    time.wallClock(), "service-labels", "service \"" + service + "\" is not scaled: " + problem));
        }
    }

    private void publish(MicadoEvent event) {
        recorder.publish(event);
    }

    /** Asks the clouds what they know of a pool's offerings; without an answer the user's own words count. */
    private void describe(WorkerPool pool) {
        pool.offerings().forEach(offering -> describe(pool, offering));
    }

    private void describe(WorkerPool pool, Offering offering) {
        CloudAccess access = clouds.get(offering.cloud());
        if (access == null || closed.get()) {
            return;
        }
        calls.call(
                access.executor(),
                Defaults.CLOUD_DEADLINE,
                ErrorKind.TRANSIENT,
                "asking what " + offering.name() + " has",
                () -> OfferingFacts.complete(offering, access.cloud()),
                outcome -> {
                    if (outcome.succeeded()) {
                        observer.described(pool.name(), offering.name(), outcome.get());
                    } else {
                        notDescribed(pool, offering, outcome.failure());
                    }
                    controlLoop.wake();
                });
    }

    /** Tells it once, and asks again as long as it may only be a matter of time. */
    private void notDescribed(WorkerPool pool, Offering offering, MicadoException error) {
        String message = String.valueOf(error.getMessage());
        if (toldProblems.add(message)) {
            publish(new MicadoEvent.Warning(time.wallClock(), "offering-unknown", message));
        }
        if (PASSING.contains(error.kind()) && !closed.get()) {
            time.schedule(DESCRIBE_AGAIN, () -> loop.execute(() -> describe(pool, offering)));
        }
    }

    /** Deploys a service, or changes one that is there, after the clouds could bring its image to the workers. */
    public CompletableFuture<Void> deploy(ServiceSpec spec) {
        String name = spec.name();
        Optional<ConfigurationException> unusable = unusablePolicy(spec);
        if (unusable.isPresent()) {
            return CompletableFuture.failedFuture(unusable.get());
        }
        return commands.run("deploying service " + name, () -> !deploying.containsKey(name), done -> {
            catalog.deploying(spec);
            deploying.put(name, spec);
            tellImages(
                    knownImages,
                    () -> change(new ClusterChange.Deploy(spec, catalog.labels(spec)), error -> {
                        deploying.remove(name);
                        done.accept(error);
                        commands.retry();
                    }));
        });
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
        return commands.run(
                "removing service " + service,
                () -> !deploying.containsKey(service),
                done -> change(new ClusterChange.Remove(service), done));
    }

    /** Holds a target at a count for a while; zero holds it until it is released. */
    public CompletableFuture<Void> hold(TargetId target, int count, Duration howLong) {
        return commands.run("holding " + target, this::isUpToDate, done -> {
            if (!isKnown(target)) {
                done.accept(unknown(target));
                return;
            }
            String label = HoldLabel.encode(count, howLong, time.wallClock());
            HoldLabel.decode(label, clock.now(), time.wallClock()).ifPresent(hold -> memory.hold(target, hold));
            writeHold(target, label, done);
        });
    }

    /** Ends a hold. */
    public CompletableFuture<Void> release(TargetId target) {
        return commands.run("releasing " + target, this::isUpToDate, done -> {
            if (!isKnown(target)) {
                done.accept(unknown(target));
                return;
            }
            memory.release(target);
            writeHold(target, "", done);
        });
    }

    /** Sends a worker away, and holds its pool at one fewer. */
    public CompletableFuture<Void> sendAway(WorkerId id, Duration howLong) {
        return commands.run("sending worker " + id + " away", this::isUpToDate, done -> {
            Optional<Worker> known =
                    controlLoop.latest().map(seen -> seen.state().workers().get(id));
            if (known.isEmpty()) {
                done.accept(new MicadoException(ErrorKind.NOT_FOUND, "there is no worker " + id));
            } else if (!known.get().state().countsAsCapacity()) {
                done.accept(null);
            } else {
                sendAway(known.get(), howLong, done);
            }
        });
    }

    private void sendAway(Worker worker, Duration howLong, Commands.Done done) {
        WorkerPool pool = configuration.pools().get(worker.pool());
        int fewer = (int) controlLoop.latest().orElseThrow().state().workers().values().stream()
                        .filter(one ->
                                one.pool().equals(worker.pool()) && one.state().countsAsCapacity())
                        .count()
                - 1;
        if (pool == null || fewer < pool.bounds().min()) {
            done.accept(new MicadoException(
                    ErrorKind.CONFLICT,
                    "worker " + worker.id() + " was not sent away: pool " + worker.pool() + " keeps "
                            + (pool == null ? "it" : "at least " + pool.bounds().min())));
            return;
        }
        TargetId target = TargetId.pool(worker.pool());
        String label = HoldLabel.encode(fewer, howLong, time.wallClock());
        HoldLabel.decode(label, clock.now(), time.wallClock()).ifPresent(hold -> memory.hold(target, hold));
        memory.sentAway(worker.pool(), worker.id());
        // One that has not joined yet has nothing to be drained of: the next pass retires it.
        if (!worker.state().isArriving()) {
            worker.node()
                    .ifPresent(node -> actuator.carryOut(
                            List.of(new Action.Cordon(worker.id(), node.id(), "told to send this worker away"))));
        }
        controlLoop.wake();
        done.accept(null);
    }

    private void writeHold(TargetId target, String label, Commands.Done done) {
        controlLoop.wake();
        if (target.level() == TargetId.Level.SERVICE) {
            change(new ClusterChange.LabelService(target.name(), Map.of(Tags.SERVICE_HOLD, label)), done);
        } else {
            done.accept(null);
        }
    }

    /** Whether memory is there, and the cluster was seen after the last service was deployed or removed. */
    private boolean isUpToDate() {
        return memory.isLoaded()
                && changesUnderWay == 0
                && deploying.isEmpty()
                && observer.clusterAskedAt().isAfter(changedAt);
    }

    private boolean isKnown(TargetId target) {
        if (!memory.isLoaded()) {
            return false;
        }
        return target.level() == TargetId.Level.POOL
                ? configuration.pools().containsKey(target.name())
                : observer.clusterView()
                        .map(view -> view.services().stream()
                                .anyMatch(service -> service.name().equals(target.name())))
                        .orElse(false);
    }

    private static MicadoException unknown(TargetId target) {
        return new MicadoException(ErrorKind.NOT_FOUND, "there is no " + target);
    }

    private void change(ClusterChange change, Commands.Done done) {
        changesUnderWay++;
        calls.call(
                clusterExecutor,
                Defaults.CLUSTER_DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "changing " + change.subject(),
                () -> {
                    if (!coordinator.mayActNow()) {
                        throw new MicadoException(ErrorKind.CONFLICT, "not done: " + coordinator.whyNotActing());
                    }
                    configuration.cluster().apply(change);
                    return true;
                },
                outcome -> {
                    changesUnderWay--;
                    changedAt = clock.now();
                    observer.clusterSoon();
                    controlLoop.wake();
                    done.accept(outcome.error());
                });
    }

    /** Tells all clouds, and goes on when each has taken notice or has had the time to. */
    private void tellImages(Set<String> running, Runnable then) {
        Set<String> images = new HashSet<>(running);
        deploying.values().forEach(spec -> images.add(spec.image()));
        if (images.equals(knownImages) || clouds.isEmpty()) {
            then.run();
            return;
        }
        knownImages = Set.copyOf(images);
        AtomicInteger unanswered = new AtomicInteger(clouds.size());
        clouds.forEach((name, access) -> calls.call(
                access.executor(),
                Defaults.IMAGES_DEADLINE,
                ErrorKind.TRANSIENT,
                "telling the images in use",
                () -> {
                    access.cloud().imagesInUse(images);
                    return true;
                },
                outcome -> {
                    if (!outcome.succeeded()) {
                        LOG.debug("cloud {} did not take notice of images", name, outcome.failure());
                    }
                    if (unanswered.decrementAndGet() == 0) {
                        then.run();
                    }
                }));
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
            deployConfigured();
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

    /** Sets a number of the host program's own, and looks at once. */
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

    /** Takes the infrastructure away and closes; the future tells what is left. */
    public CompletableFuture<DestroyReport> destroy() {
        CompletableFuture<DestroyReport> report = new CompletableFuture<>();
        CompletableFuture<Void> begun = commands.run("destroying the infrastructure", done -> {
            Destroyer destroyer = new Destroyer(
                    configuration,
                    clock,
                    coordinator,
                    actuator,
                    observer,
                    (change, ended) -> change(change, error -> ended.run()),
                    clean -> finishDestroy(clean, report));
            mode.destroy(destroyer);
            time.schedule(
                    Defaults.DESTROY_DEADLINE,
                    () -> loop.execute(() -> {
                        if (!report.isDone()) {
                            report.complete(destroyer.whatIsLeft("it took longer than "
                                    + Defaults.DESTROY_DEADLINE.toMinutes() + " minutes; call destroy() again"));
                        }
                    }));
            controlLoop.wake();
            done.accept(null);
        });
        onFailure(begun, report::completeExceptionally);
        return report;
    }

    private void finishDestroy(DestroyReport clean, CompletableFuture<DestroyReport> report) {
        keeper.delete();
        coordinator.delete(() -> calls.call(
                clusterExecutor,
                Defaults.CLUSTER_DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "dissolving the cluster",
                () -> {
                    configuration.cluster().dissolve();
                    return true;
                },
                outcome -> report.complete(
                        outcome.succeeded()
                                ? clean
                                : new DestroyReport(
                                        clean.machines(),
                                        clean.leftovers(),
                                        List.of(String.valueOf(outcome.failure().getMessage()))))));
    }

    /** Ends within 10 s, whatever hangs; the infrastructure stays. A second call does nothing. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> saved = new CompletableFuture<>();
        loop.execute(() -> {
            commands.close();
            controlLoop.close();
            Runnable giveBack = () -> coordinator.giveBack(() -> saved.complete(null));
            if (memory.isLoaded() && coordinator.record().isPresent() && !mode.isDestroying()) {
                keeper.save(
                        coordinator.record().get().infrastructure().value(),
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
            try {
                watch.close();
            } catch (Exception e) {
                LOG.debug("closing the watch failed", e);
            }
            configuration.close().run();
            partsClosed.complete(null);
        });
        time.await(partsClosed, Defaults.CLOSE_DEADLINE.dividedBy(3));
        List<BoundedExecutor> all = new ArrayList<>(
                clouds.values().stream().map(CloudAccess::executor).toList());
        all.addAll(List.of(clusterExecutor, coordinationExecutor, listenerExecutor, loopThread, closer));
        observer.close();
        evaluator.close();
        guard.close();
        victims.close();
        keeper.close();
        all.forEach(BoundedExecutor::close);
    }

    /** What becomes of effects, on the loop thread. */
    private final class Results implements EffectResults {
        @Override
        public void launched(Action.Launch action, WorkerId worker, Machine machine) {
            counters.done(action);
            observer.launched(worker, machine);
            memory.launchSucceeded(action);
            observer.cloudSoon(action.offering().cloud());
            controlLoop.wake();
        }

        @Override
        public void launchFailed(Action.Launch action, WorkerId worker, MicadoException error) {
            counters.failed(action, error.kind());
            memory.launchFailed(configuration.pools().values(), action, error, clock.now());
            tell("launch of " + action.offering().name() + " for pool " + action.pool(), error);
            controlLoop.wake();
        }

        @Override
        public void launchedInstead(Action.Launch failed, Action.Launch next) {
            publish(new MicadoEvent.Warning(
                    time.wallClock(),
                    "launched-instead",
                    "pool " + next.pool() + ": " + next.count() + " of "
                            + next.offering().name() + " are launched in place of what cloud "
                            + failed.offering().cloud() + " did not give of "
                            + failed.offering().name()));
        }

        @Override
        public void portsFailed(String cloud, MicadoException error) {
            tell("ports of cloud " + cloud, error);
        }

        @Override
        public void done(Action action) {
            counters.done(action);
            if (action instanceof Action.ScaleService scale) {
                memory.scaled(scale, clock.now());
            }
            if (action instanceof Action.Retire retire) {
                retire.machine().ifPresent(machine -> observer.cloudSoon(machine.cloud()));
            } else if (action instanceof Action.RemoveLeftover removed) {
                observer.cloudSoon(removed.leftover().cloud());
            }
            observer.clusterSoon();
            controlLoop.wake();
        }

        @Override
        public void failed(Action action, MicadoException error) {
            counters.failed(action, error.kind());
            // What may have been applied stays remembered as ours, or it would be taken for somebody else's when it is
            // seen.
            if (action instanceof Action.ScaleService scale && !error.kind().mayHaveBeenApplied()) {
                memory.scaleFailed(scale);
            }
            observer.clusterSoon();
            controlLoop.wake();
            tell(action.subject(), error);
        }

        private void tell(String subject, MicadoException error) {
            publish(new MicadoEvent.EffectFailed(
                    time.wallClock(), subject, error.kind(), subject + ": " + error.getMessage()));
        }
    }

    /** {@return the images of all services, for clouds that bring them to their machines} */
    private static Set<String> images(ClusterView view) {
        Set<String> images = new HashSet<>();
        view.services().stream().map(ServiceState::image).forEach(images::add);
        return images;
    }
}

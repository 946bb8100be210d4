package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.Vitals;
import io.micado.api.event.MicadoEvent;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.Metrics;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.act.Actuator;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Outcome;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.plan.ClusterState;
import io.micado.internal.plan.ScaledService;
import io.micado.internal.state.AbandonedPools;
import io.micado.internal.state.CloudReading;
import io.micado.internal.state.HostMetrics;
import io.micado.internal.state.ServiceCatalog;
import io.micado.internal.state.UsageWindow;
import io.micado.internal.state.WorkerTracker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads clouds, cluster and metrics, each on threads of its own, and joins their latest answers to what a pass plans on.
 * Confined to the loop thread.
 */
final class Observer {
    private final EngineConfiguration configuration;
    private final HostMetrics hostMetrics;
    private final ServiceCatalog catalog;
    private final WorkerTracker tracker;
    private final UsageWindow usage = new UsageWindow();
    private final Map<String, WorkerPool> pools;
    private final AbandonedPools abandoned;

    private final Poll<ClusterView> cluster;
    private final Map<String, Poll<MachineList>> clouds = new LinkedHashMap<>();
    private final Map<String, Poll<MetricReadings>> metrics = new LinkedHashMap<>();
    private final Poll<MetricReadings> host;
    private final Map<String, Instant> firstListAskedAt = new LinkedHashMap<>();
    private final List<BoundedExecutor> executors = new ArrayList<>();
    private final Duration metricInterval;
    private Instant usageTakenAt = Instant.EPOCH;

    /**
     * What one pass knows.
     *
     * @param tasks the tasks of each service that has any
     */
    record Observation(
            ClusterState state,
            Map<String, List<TaskState>> tasks,
            MetricReadings metrics,
            Map<String, ServiceCatalog.Entry> services,
            WorkerTracker.Tracking tracking) {
        /** {@return how many replicas of a service run} */
        int running(String service) {
            int running = 0;
            for (TaskState task : tasks.getOrDefault(service, List.of())) {
                running += task.phase() == TaskState.Phase.RUNNING ? 1 : 0;
            }
            return running;
        }
    }

    Observer(
            EngineConfiguration configuration,
            SteadyClock clock,
            Calls calls,
            HostMetrics hostMetrics,
            ServiceCatalog catalog,
            Consumer<MicadoEvent> events) {
        this.configuration = configuration;
        this.hostMetrics = hostMetrics;
        this.catalog = catalog;
        pools = new LinkedHashMap<>(configuration.pools());
        tracker = new WorkerTracker(pools, this::capacityOf);
        abandoned = new AbandonedPools(pools.keySet(), events);
        PollFactory polls = new PollFactory(calls, clock, events);
        cluster = polls.make("the cluster", Defaults.CLUSTER_INTERVAL, Defaults.CLUSTER_DEADLINE, Observer::gaps);
        configuration
                .clouds()
                .keySet()
                .forEach(name -> clouds.put(
                        name,
                        polls.make(
                                "cloud \"" + name + "\"",
                                Defaults.CLOUD_INTERVAL,
                                Defaults.CLOUD_DEADLINE,
                                Observer::gaps)));
        configuration
                .metrics()
                .forEach((name, source) -> metrics.put(
                        name,
                        polls.make(
                                "metric source \"" + name + "\"",
                                source.interval(),
                                Defaults.METRICS_DEADLINE,
                                MetricReadings::problems)));
        host = polls.make(
                "metric source \"host\"",
                configuration.passInterval(),
                Defaults.METRICS_DEADLINE,
                MetricReadings::problems);
        metricInterval = configuration.metrics().values().stream()
                .map(Metrics::interval)
                .min(Duration::compareTo)
                .orElse(configuration.passInterval());
    }

    private final class PollFactory {
        private final Calls calls;
        private final SteadyClock ofPolls;
        private final Consumer<MicadoEvent> events;

        private PollFactory(Calls calls, SteadyClock ofPolls, Consumer<MicadoEvent> events) {
            this.calls = calls;
            this.ofPolls = ofPolls;
            this.events = events;
        }

        private <T> Poll<T> make(String name, Duration interval, Duration deadline, Function<T, List<String>> gaps) {
            BoundedExecutor executor = configuration.timekeeper().boundedExecutor("micado-read", 1);
            executors.add(executor);
            return new Poll<>(
                    name, interval, deadline, executor, calls, configuration.timekeeper(), ofPolls, events, gaps);
        }
    }

    private static List<String> gaps(ClusterView view) {
        return view.quorum() ? List.of() : List.of("the managers have no quorum");
    }

    private static List<String> gaps(MachineList list) {
        return list.complete() ? List.of() : List.of("the list is not complete");
    }

    /**
     * Starts every read that is due.
     *
     * @param answered called on the loop thread for each read that was started, when it has ended
     * @return how many were started
     */
    int startReads(Optional<CoordinationRecord> record, Runnable answered) {
        int started = 0;
        if (cluster.startIfDue(configuration.cluster()::observe, answered)) {
            started++;
        }
        if (record.isPresent()) {
            for (Map.Entry<String, Poll<MachineList>> entry : clouds.entrySet()) {
                Cloud cloud = cloud(entry.getKey());
                if (entry.getValue().startIfDue(() -> cloud.list(record.get().infrastructure()), answered)) {
                    started++;
                }
            }
        }
        started += startMetrics(answered);
        return started;
    }

    private int startMetrics(Runnable answered) {
        int started = 0;
        if (!hostMetrics.isEmpty() && host.startIfDue(() -> hostMetrics.read(wallClock()), answered)) {
            started++;
        }
        Optional<ClusterView> view = cluster.latest();
        if (view.isEmpty()) {
            return started;
        }
        List<Machine> machines = clouds.values().stream()
                .flatMap(poll -> poll.latest().stream())
                .flatMap(list -> list.machines().stream())
                .toList();
        MetricRequest request = new MetricRequest(view.get(), machines, Defaults.METRICS_DEADLINE);
        for (Map.Entry<String, Poll<MetricReadings>> entry : metrics.entrySet()) {
            Metrics source = source(entry.getKey());
            if (entry.getValue().startIfDue(() -> source.read(request).every(source.interval()), answered)) {
                started++;
            }
        }
        return started;
    }

    /** {@return the names of the metric sources whose latest reading is good enough to act on} */
    List<String> knownMetrics(Instant now) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getValue().known(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Asks a metric source for the past, between two readings.
     *
     * @param then called on the loop thread
     */
    void history(String name, HistoryRequest request, Consumer<Outcome<MetricHistory>> then) {
        Poll<MetricReadings> poll = metrics.get(name);
        if (poll != null) {
            Metrics source = source(name);
            poll.ask(() -> source.history(request), request.deadline(), "asking for the past", then);
        }
    }

    /** Asks for a fresh view of the cluster before its time. */
    void clusterSoon() {
        cluster.soon();
    }

    /**
     * Reads the cluster at once, unless that is under way or has failed lately.
     *
     * @param answered called on the loop thread when the read has ended
     */
    void lookAtCluster(Runnable answered) {
        cluster.soon();
        cluster.startIfDue(configuration.cluster()::observe, answered);
    }

    /** Asks for a fresh list of a cloud before its time. */
    void cloudSoon(String name) {
        Poll<MachineList> poll = clouds.get(name);
        if (poll != null) {
            poll.soon();
        }
    }

    /** Asks for a fresh reading of a metric source before its time. */
    void metricsSoon(String name) {
        Poll<MetricReadings> poll = metrics.get(name);
        if (poll != null) {
            poll.soon();
        }
    }

    /** Asks for the host program's own numbers before their time. */
    void hostSoon() {
        host.soon();
    }

    /** Takes notice of a machine that a launch returned. */
    void launched(WorkerId worker, Machine machine, Instant now) {
        tracker.launched(worker, machine, now);
    }

    /** Takes notice of what a cloud tells of an offering. */
    void described(String pool, String offering, Offering completed) {
        pools.computeIfPresent(
                pool,
                (name, known) -> known.withOfferings(known.offerings().stream()
                        .map(one -> one.name().equals(offering) ? completed : one)
                        .toList()));
    }

    /** Tells the actuator which sources were read since its effects. */
    void tell(Actuator actuator) {
        actuator.observed(Actuator.CLUSTER, cluster.askedAt());
        clouds.forEach((name, poll) -> actuator.observed(name, poll.askedAt()));
    }

    /**
     * {@return what is known; empty before the cluster has answered for the first time}
     *
     * @param createdHere whether nothing of the infrastructure can exist that this program does not know of
     */
    Optional<Observation> observe(
            Instant now,
            CoordinationRecord record,
            boolean createdHere,
            Map<WorkerId, Boolean> guardAnswers,
            Map<String, List<WorkerId>> releaseOrder,
            Set<String> busy) {
        if (cluster.latest().isEmpty()) {
            return Optional.empty();
        }
        ClusterView view = cluster.latest().get();
        Map<String, CloudReading> readings = readings(now, createdHere);
        WorkerTracker.Tracking tracking = tracker.track(now, wallClock(), record, readings, view);
        Map<String, ServiceCatalog.Entry> services = catalog.scaled(view.services());
        MetricReadings measured = measured(now);
        Map<String, List<TaskState>> tasks = byService(view.tasks());
        takeUsage(now, measured, view, tasks);
        Map<String, WorkerPool> allPools = new LinkedHashMap<>(pools);
        allPools.putAll(abandoned.find(tracking.workers().values(), now, wallClock()));
        Map<String, ScaledService> scaled = new LinkedHashMap<>();
        services.forEach((name, entry) -> scaled.put(name, entry.service()));
        ClusterState state = new ClusterState(
                now,
                wallClock(),
                view,
                cluster.known(now),
                unknown(readings),
                java.util.Collections.unmodifiableMap(allPools),
                java.util.Collections.unmodifiableMap(tracking.workers()),
                tracking.foreignNodes(),
                tracking.unmatchedNodes(),
                scaled,
                usage.p95(),
                leftovers(),
                guardAnswers,
                releaseOrder,
                busy);
        return Optional.of(new Observation(state, tasks, measured, services, tracking));
    }

    private static Map<String, List<TaskState>> byService(List<TaskState> tasks) {
        Map<String, List<TaskState>> byService = new HashMap<>();
        for (TaskState task : tasks) {
            byService.computeIfAbsent(task.service(), none -> new ArrayList<>()).add(task);
        }
        return byService;
    }

    private Map<String, CloudReading> readings(Instant now, boolean createdHere) {
        Map<String, CloudReading> readings = new LinkedHashMap<>();
        clouds.forEach((name, poll) -> {
            Duration lag = cloud(name).traits().listLag();
            poll.latest().ifPresent(list -> firstListAskedAt.putIfAbsent(name, poll.askedAt()));
            boolean complete = poll.latest().map(MachineList::complete).orElse(false);
            // After a start that is not the infrastructure's first, one list may miss what was launched just before.
            boolean settled = createdHere
                    || (firstListAskedAt.containsKey(name)
                            && !poll.askedAt()
                                    .isBefore(firstListAskedAt.get(name).plus(lag)));
            readings.put(
                    name, new CloudReading(poll.latest(), poll.askedAt(), poll.known(now) && complete && settled, lag));
        });
        return readings;
    }

    private static Set<String> unknown(Map<String, CloudReading> readings) {
        Set<String> unknown = new TreeSet<>();
        readings.forEach((name, reading) -> {
            if (!reading.known()) {
                unknown.add(name);
            }
        });
        return unknown;
    }

    private MetricReadings measured(Instant now) {
        MetricReadings all = host.known(now) ? host.latest().orElse(MetricReadings.EMPTY) : MetricReadings.EMPTY;
        for (Poll<MetricReadings> poll : metrics.values()) {
            if (poll.known(now)) {
                all = all.mergedWith(poll.latest().orElse(MetricReadings.EMPTY));
            }
        }
        return all;
    }

    private void takeUsage(Instant now, MetricReadings measured, ClusterView view, Map<String, List<TaskState>> tasks) {
        Instant readAt = metrics.values().stream()
                .map(Poll::askedAt)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        if (!readAt.isAfter(usageTakenAt)) {
            return;
        }
        usageTakenAt = readAt;
        Set<String> unreserved = new HashSet<>();
        for (ServiceState service : view.services()) {
            if (service.reservation().cpuCores() == 0 || service.reservation().memoryBytes() == 0) {
                unreserved.add(service.name());
            }
        }
        usage.keepOnly(unreserved);
        Map<String, List<TaskState>> running = new HashMap<>();
        for (String service : unreserved) {
            running.put(
                    service,
                    tasks.getOrDefault(service, List.of()).stream()
                            .filter(task -> task.phase() == TaskState.Phase.RUNNING)
                            .toList());
        }
        usage.add(now, measured, running);
    }

    private List<Leftover> leftovers() {
        return clouds.values().stream()
                .flatMap(poll -> poll.latest().stream())
                .flatMap(list -> list.leftovers().stream())
                .toList();
    }

    /** {@return the machines that each cloud listed last} */
    Map<String, MachineList> machineLists() {
        Map<String, MachineList> lists = new LinkedHashMap<>();
        clouds.forEach((name, poll) -> poll.latest().ifPresent(list -> lists.put(name, list)));
        return lists;
    }

    /** {@return when the cluster was asked for the latest view} */
    Instant clusterAskedAt() {
        return cluster.askedAt();
    }

    Instant cloudAskedAt(String name) {
        Poll<MachineList> poll = clouds.get(name);
        return poll == null ? Instant.EPOCH : poll.askedAt();
    }

    Duration listLag(String name) {
        return cloud(name).traits().listLag();
    }

    Optional<ClusterView> clusterView() {
        return cluster.latest();
    }

    /** Hands the problem of each source over; an empty one means that it is known. */
    void problems(Instant now, BiConsumer<String, String> problem) {
        problem.accept(cluster.name(), cluster.known(now) ? "" : cluster.problem());
        clouds.values().forEach(poll -> problem.accept(poll.name(), poll.known(now) ? "" : poll.problem()));
        metrics.values().forEach(poll -> problem.accept(poll.name(), poll.known(now) ? "" : poll.problem()));
        if (!hostMetrics.isEmpty()) {
            problem.accept(host.name(), host.known(now) ? "" : host.problem());
        }
    }

    /** {@return how each source does} */
    List<Vitals.Source> vitals(Instant now) {
        List<Vitals.Source> sources = new ArrayList<>();
        sources.add(cluster.vitals(now));
        clouds.values().forEach(poll -> sources.add(poll.vitals(now)));
        metrics.values().forEach(poll -> sources.add(poll.vitals(now)));
        if (!hostMetrics.isEmpty()) {
            sources.add(host.vitals(now));
        }
        return sources;
    }

    Duration metricInterval() {
        return metricInterval;
    }

    private Optional<Resources> capacityOf(String pool, String offering) {
        WorkerPool known = pools.get(pool);
        for (Offering candidate : known == null ? List.<Offering>of() : known.offerings()) {
            if (candidate.name().equals(offering)) {
                return candidate.capacity();
            }
        }
        return Optional.empty();
    }

    private Instant wallClock() {
        return configuration.timekeeper().wallClock();
    }

    private Cloud cloud(String name) {
        Cloud cloud = configuration.clouds().get(name);
        if (cloud == null) {
            throw new IllegalStateException("no cloud " + name);
        }
        return cloud;
    }

    private Metrics source(String name) {
        Metrics source = configuration.metrics().get(name);
        if (source == null) {
            throw new IllegalStateException("no metric source " + name);
        }
        return source;
    }

    void close() {
        executors.forEach(BoundedExecutor::close);
    }
}

package io.micado.simulation;

import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.Resources;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Metrics;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Load on a {@link SimulatedCluster}, and the measurements of it. Programs use it as a source of {@link Metrics}; tests
 * attach a {@link Workload} to each service, and see how much of it was served ({@link #work}). Thread-safe.
 *
 * <p>Load flows as a fluid: it is spread evenly over the service's running tasks that have warmed up, whether or not
 * their node still answers. A task serves up to its CPU limit; when the tasks of a node want more CPU than it has, each
 * gets the same, except those that want less. What cannot be served at once is lost, never queued.
 *
 * <p>An answer holds {@link Metric#CPU} and {@link Metric#MEMORY} of each running task and each node that answers, and
 * {@value #REQUESTS} of each service under load: what is asked for per second, as a load balancer in front would count.
 * CPU is what the present tasks would have used on average over the last 5 s.
 */
public final class SimulatedMetrics implements Metrics {
    /** The metric of a service that says how much is asked for per second. */
    public static final String REQUESTS = "requests";

    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration RESOLUTION = Duration.ofSeconds(1);

    private final Swarm swarm;
    private final FluidModel model;
    private final CallFaults calls;
    private final MetricFaults faults;
    private final Duration interval;
    private final Deque<Snapshot> past = new ArrayDeque<>();
    private SimulatedPast kept = new SimulatedPast(Duration.ZERO);

    private SimulatedMetrics(SimulatedCluster cluster, Duration interval) {
        this.swarm = cluster.swarm();
        this.interval = interval;
        this.calls = new CallFaults(swarm.world, "the metric source");
        this.faults = new MetricFaults(swarm.world.random("metrics"));
        this.model = swarm.look(() -> new FluidModel(swarm, RESOLUTION.toNanos()));
    }

    /** {@return a source for this cluster that wants to be read every 5 s} */
    public static SimulatedMetrics of(SimulatedCluster cluster) {
        return new SimulatedMetrics(cluster, Duration.ofSeconds(5));
    }

    /** {@return a source for this cluster that wants to be read this often} */
    public static SimulatedMetrics of(SimulatedCluster cluster, Duration interval) {
        return new SimulatedMetrics(cluster, interval);
    }

    /**
     * Puts a service under load from now on, in place of its load so far. The service need not exist (yet); then
     * nothing is served.
     *
     * @param requestsPerSecond how much is asked for, counted from now
     * @param cpuSecondsPerRequest what one request costs
     */
    public void load(String service, Workload requestsPerSecond, double cpuSecondsPerRequest) {
        Objects.requireNonNull(requestsPerSecond, "requestsPerSecond");
        Workloads.requireRate(cpuSecondsPerRequest);
        swarm.change(() -> model.load(service, requestsPerSecond, cpuSecondsPerRequest));
    }

    /** Puts a service under a load that is given in cores of work. */
    public void load(String service, Workload cores) {
        load(service, cores, 1);
    }

    /**
     * Sets what each running task of a service uses besides the load, and how much more memory for each core in use;
     * default nothing.
     */
    public void background(String service, Resources each, long memoryBytesPerCore) {
        Objects.requireNonNull(each, "each");
        swarm.change(() -> model.background(service, each, (double) memoryBytesPerCore));
    }

    /** {@return what was asked of a service so far, and what of it was served} */
    public ServedWork work(String service) {
        return swarm.look(() -> {
            model.countUpToNow();
            return model.of(service).work();
        });
    }

    /**
     * Keeps what is measured from now on, of services and pools as a whole, and tells programs of it as their past.
     *
     * @param span for how long; default zero, which keeps and tells nothing
     */
    public void keepPast(Duration span) {
        swarm.change(() -> kept = new SimulatedPast(span));
    }

    /** {@return what is wrong with the numbers} */
    public MetricFaults faults() {
        return faults;
    }

    /** {@return how calls of programs go: slow, hanging, failing} */
    public CallFaults calls() {
        return calls;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public MetricReadings read(MetricRequest request) {
        return calls.call(false, () -> swarm.look(() -> answer(request)));
    }

    @Override
    public MetricHistory history(HistoryRequest request) {
        return calls.call(false, () -> swarm.look(() -> kept.tell(request, swarm.world.callersWallClock())));
    }

    private MetricReadings answer(MetricRequest request) {
        Instant now = swarm.world.callersWallClock();
        Snapshot measured = measure(now);
        past.add(measured);
        if (kept.isKept()) {
            kept.add(totals(measured, request), now, WINDOW);
        }
        Instant newest = now.minus(faults.lag());
        while (past.size() > 1 && !second().at().isAfter(newest)) {
            past.remove();
        }
        Snapshot snapshot = past.element();
        if (snapshot.at().isAfter(newest)) {
            return new MetricReadings(Map.of(), List.of("nothing is older than " + faults.lag() + " yet"));
        }
        return select(snapshot, request);
    }

    private Snapshot second() {
        var iterator = past.iterator();
        iterator.next();
        return iterator.next();
    }

    private static Map<MetricKey, Double> totals(Snapshot measured, MetricRequest request) {
        Map<MetricKey, Double> totals = new HashMap<>();
        request.cluster()
                .tasks()
                .forEach(task -> List.of(Metric.CPU, Metric.MEMORY)
                        .forEach(metric -> measured.readings()
                                .get(MetricKey.task(metric, task.id()))
                                .ifPresent(sample -> totals.merge(
                                        MetricKey.service(metric, task.service()), sample.value(), Double::sum))));
        request.cluster().nodes().stream()
                .filter(node -> node.labels().containsKey(Tags.POOL))
                .forEach(node -> List.of(Metric.CPU, Metric.MEMORY)
                        .forEach(metric -> measured.readings()
                                .get(MetricKey.node(metric, node.id()))
                                .ifPresent(sample -> totals.merge(
                                        MetricKey.pool(metric, node.labels().getOrDefault(Tags.POOL, "")),
                                        sample.value(),
                                        Double::sum))));
        measured.readings().samples().forEach((key, sample) -> {
            if (key.subject() == MetricKey.Subject.SERVICE) {
                totals.put(key, sample.value());
            }
        });
        return totals;
    }

    /** Measures everything as it is now. */
    private Snapshot measure(Instant now) {
        LoadLayout layout = model.sharedOut(WINDOW.toNanos());
        List<Map.Entry<MetricKey, Sample>> samples = new ArrayList<>();
        Set<String> tasks = new HashSet<>();
        List<String> problems = new ArrayList<>();
        for (int n = 0; n < layout.nodeCount(); n++) {
            SimulatedNode node = layout.node(n);
            if (!node.alive) {
                problems.add("node " + node.hostname + " does not answer");
                continue;
            }
            double cores = 0;
            double memory = 0;
            for (int index : layout.tasksOfNode(n)) {
                SimulatedTask task = layout.task(index);
                ServiceLoad load = layout.loadOf(index);
                double taskCores = layout.coresOf(index);
                double taskMemory = load.background.memoryBytes() + taskCores * load.memoryPerCore;
                cores += taskCores;
                memory += taskMemory;
                tasks.add(task.id);
                samples.add(sample(MetricKey.task(Metric.MEMORY, task.id), taskMemory, now));
                double shown = faults.cpuShown(task.service.name, taskCores);
                samples.add(sample(MetricKey.task(Metric.CPU, task.id), shown, now));
            }
            samples.add(sample(MetricKey.node(Metric.CPU, node.id), cores, now));
            samples.add(sample(MetricKey.node(Metric.MEMORY, node.id), memory, now));
        }
        model.loads().forEach((service, load) -> {
            if (load.cost > 0) {
                long end = swarm.world.nanos();
                double asked = load.average(Math.max(0, end - WINDOW.toNanos()), end);
                samples.add(sample(MetricKey.service(REQUESTS, service), asked, now));
            }
        });
        return new Snapshot(now, readings(samples, problems), tasks);
    }

    private Map.Entry<MetricKey, Sample> sample(MetricKey key, double value, Instant now) {
        return Map.entry(key, new Sample(faults.withNoise(value), now, WINDOW));
    }

    /** Leaves out what was not asked for, and what cannot be measured today. */
    private MetricReadings select(Snapshot snapshot, MetricRequest request) {
        Set<String> asked = new HashSet<>();
        int missing = 0;
        for (TaskState task : request.cluster().tasks()) {
            if (task.phase() != TaskState.Phase.RUNNING) {
                continue;
            }
            if (faults.isMissing(task.service())) {
                missing++;
            } else {
                asked.add(task.id());
            }
        }
        MetricReadings measured = snapshot.readings();
        if (missing == 0 && asked.containsAll(snapshot.tasks())) {
            return measured;
        }
        List<String> problems = new ArrayList<>(measured.problems());
        if (missing > 0) {
            problems.add(missing + " tasks could not be measured");
        }
        List<Map.Entry<MetricKey, Sample>> left = new ArrayList<>();
        measured.samples().forEach((key, sample) -> {
            if (key.subject() != MetricKey.Subject.TASK || asked.contains(key.id())) {
                left.add(Map.entry(key, sample));
            }
        });
        return readings(left, problems);
    }

    /** From entries rather than a map: so every key is hashed once, and the readings need not copy the map. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static MetricReadings readings(List<Map.Entry<MetricKey, Sample>> samples, List<String> problems) {
        Map.Entry<MetricKey, Sample>[] entries = samples.toArray(new Map.Entry[0]);
        return new MetricReadings(Map.ofEntries(entries), problems);
    }

    /** Does nothing: several programs may use one source. */
    @Override
    public void close() {}

    /** @param tasks which tasks were measured */
    private record Snapshot(Instant at, MetricReadings readings, Set<String> tasks) {}
}

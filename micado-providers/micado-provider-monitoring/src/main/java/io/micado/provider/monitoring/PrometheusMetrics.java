package io.micado.provider.monitoring;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.provider.monitoring.PrometheusAnswer.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks Prometheus for everything in a few queries at once, opened by {@link PrometheusMetricSource} and read by the engine's observer,
 * never twice at a time. A query that fails or is late costs its own numbers only.
 *
 * <p>What is not there, is NaN or infinite, or is ambiguous is left out: absent is not zero. Times are those of the server's clock,
 * counted back from the time of its answer on ours.
 */
final class PrometheusMetrics implements Metrics {
    private static final int THREADS = 8;
    /** A sample this far ahead of the server's clock is unknown; closer ones are taken as of now. */
    private static final Duration INTO_THE_FUTURE = Duration.ofSeconds(2);

    private final PrometheusSettings settings;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final PrometheusServers servers;
    private final Optional<RuleKeeper> rules;
    private final PrometheusHistory history;

    PrometheusMetrics(PrometheusSettings settings, Optional<RuleSettings> rules, PluginContext context) {
        this.settings = settings;
        timekeeper = context.timekeeper();
        executor = timekeeper.boundedExecutor("prometheus", THREADS);
        servers = new PrometheusServers(settings.places(), settings.interval(), context);
        history = new PrometheusHistory(settings, servers, context);
        this.rules = rules.map(how -> new RuleKeeper(how, servers::clients, context));
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    /** What became of one query. */
    private record Told(@Nullable PrometheusAnswer answer, Instant at, String problem) {}

    /** A query that was sent, and what to do with its answer. */
    private record Asked(String name, CompletableFuture<Told> told, BiConsumer<PrometheusAnswer, Instant> take) {}

    @Override
    public MetricReadings read(MetricRequest request) {
        // Answered in time means some time before the deadline, so that the answer itself is in time.
        long end = timekeeper.nanoTime()
                + request.deadline().multipliedBy(9).dividedBy(10).toNanos();
        servers.locate(end);
        rules.ifPresent(keeper -> keeper.follow(request));
        ReadingsBuilder readings = new ReadingsBuilder();
        List<Asked> all = ask(request, end, readings);
        timekeeper.await(
                CompletableFuture.allOf(all.stream().map(Asked::told).toArray(CompletableFuture<?>[]::new)),
                Duration.ofNanos(Math.max(0, end - timekeeper.nanoTime())));
        if (Thread.currentThread().isInterrupted()) {
            throw new MicadoException(ErrorKind.TRANSIENT, "asking Prometheus was interrupted");
        }
        all.forEach(asked -> take(asked, readings));
        return withRules(readings.build());
    }

    private MetricReadings withRules(MetricReadings readings) {
        Optional<String> problem = rules.flatMap(RuleKeeper::problem);
        return problem.isEmpty()
                ? readings
                : readings.mergedWith(new MetricReadings(Map.of(), List.of("Prometheus, rules: " + problem.get())));
    }

    private List<Asked> ask(MetricRequest request, long end, ReadingsBuilder readings) {
        List<Asked> all = new ArrayList<>();
        if (settings.tasks()) {
            all.add(send(
                    "tasks", settings.ready().tasks(), end, (answer, at) -> takeTasks(request, answer, at, readings)));
        }
        if (settings.nodes()) {
            NodeNames nodes = new NodeNames(request);
            all.add(send(
                    "nodes", settings.ready().nodes(), end, (answer, at) -> takeNodes(nodes, answer, at, readings)));
        }
        List<String> services =
                request.cluster().services().stream().map(ServiceState::name).toList();
        List<String> pools = pools(request);
        for (CustomQuery query : settings.queries()) {
            List<String> targets = query.scope() == CustomQuery.Scope.SERVICE ? services : pools;
            for (CustomQuery.Batch batch : query.batches(targets)) {
                all.add(send(
                        "metric " + query.metric(),
                        batch.text(),
                        end,
                        (answer, at) -> takeCustom(query, batch, answer, at, readings)));
            }
        }
        return all;
    }

    static List<String> pools(MetricRequest request) {
        TreeSet<String> pools = new TreeSet<>();
        request.cluster().nodes().forEach(node -> pools.add(node.labels().getOrDefault(Tags.POOL, "")));
        request.machines().forEach(machine -> machine.pool().ifPresent(pools::add));
        pools.remove("");
        return List.copyOf(pools);
    }

    private Asked send(String name, String query, long end, BiConsumer<PrometheusAnswer, Instant> take) {
        CompletableFuture<Told> told = new CompletableFuture<>();
        executor.submit(() -> told.complete(query(query, end)));
        return new Asked(name, told, take);
    }

    private Told query(String query, long end) {
        try {
            PrometheusAnswer answer = servers.query(query, end);
            return new Told(answer, timekeeper.wallClock(), "");
        } catch (MicadoException e) {
            return new Told(null, timekeeper.wallClock(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // an answer that nobody thought of must not cost the others their turn
            return new Told(null, timekeeper.wallClock(), "the answer could not be read: " + e);
        }
    }

    private static void take(Asked asked, ReadingsBuilder readings) {
        readings.at("Prometheus, " + asked.name());
        if (!asked.told().isDone()) {
            readings.problem("it has not answered in time");
            return;
        }
        Told told = asked.told().join();
        PrometheusAnswer answer = told.answer();
        if (answer == null) {
            readings.problem(told.problem());
            return;
        }
        readings.answered();
        answer.warnings().forEach(warning -> readings.problem("the server warns: " + warning));
        asked.take().accept(answer, told.at());
    }

    private void takeTasks(MetricRequest request, PrometheusAnswer answer, Instant at, ReadingsBuilder readings) {
        Map<String, TaskState> tasks =
                request.cluster().tasks().stream().collect(Collectors.toMap(TaskState::id, task -> task, (a, b) -> a));
        Map<String, Map<String, Series>> found = sort(
                answer,
                series -> Optional.ofNullable(series.labels().get(ReadyQueries.TASK))
                        .filter(tasks::containsKey));
        found.forEach((task, values) ->
                takeOne(values, at, metric -> MetricKey.task(metric, task), "task " + task, readings));
        long running = tasks.values().stream()
                .filter(task -> task.phase() == TaskState.Phase.RUNNING)
                .count();
        long missing = tasks.values().stream()
                .filter(task -> task.phase() == TaskState.Phase.RUNNING && !found.containsKey(task.id()))
                .count();
        if (missing > 0) {
            readings.problem("it knows nothing of " + missing + " of " + running + " running tasks");
        }
    }

    private void takeNodes(NodeNames nodes, PrometheusAnswer answer, Instant at, ReadingsBuilder readings) {
        Map<NodeId, Map<String, Series>> found = sort(answer, series -> nodes.find(series.labels()));
        found.forEach((node, values) ->
                takeOne(values, at, metric -> MetricKey.node(metric, node), "node " + node.value(), readings));
        if (found.isEmpty() && !nodes.isEmpty()) {
            readings.problem(
                    answer.series().isEmpty()
                            ? "it has no metrics of node exporter: it was started a moment ago, or does not scrape any"
                            : "none of its instances is a node of the Swarm, by address, host name or the label "
                                    + ReadyQueries.NODE);
            servers.passOver();
        }
    }

    private static <K> Map<K, Map<String, Series>> sort(
            PrometheusAnswer answer, Function<Series, Optional<K>> subject) {
        Map<K, Map<String, Series>> sorted = new HashMap<>();
        for (Series series : answer.series()) {
            subject.apply(series)
                    .ifPresent(key -> sorted.computeIfAbsent(key, unused -> new HashMap<>())
                            .merge(
                                    series.labels().getOrDefault(ReadyQueries.WHAT, ""),
                                    series,
                                    PrometheusMetrics::newest));
        }
        return sorted;
    }

    /** Two scrape jobs may know one node: of numbers the larger one is the safer, of times the later one. */
    private static Series newest(Series a, Series b) {
        return b.isNumber() && (!a.isNumber() || b.value() > a.value()) ? b : a;
    }

    private void takeOne(
            Map<String, Series> values,
            Instant at,
            Function<String, MetricKey> key,
            String subject,
            ReadingsBuilder readings) {
        Series seen = values.get(ReadyQueries.SEEN);
        if (seen == null || !seen.isNumber()) {
            return; // A rate still has a value for a while after the last scrape.
        }
        Duration age = Duration.between(Instant.ofEpochMilli(Math.round(seen.value() * 1000)), seen.at());
        if (age.plus(INTO_THE_FUTURE).isNegative()) {
            readings.problem(subject + ": its exporter tells of a time that has not come yet");
            return;
        }
        Instant observedAt = age.isNegative() ? at : at.minus(age);
        values.forEach((metric, series) -> {
            if (!metric.equals(ReadyQueries.SEEN) && series.isNumber()) {
                Duration window = metric.equals(Metric.CPU) ? settings.window() : Duration.ZERO;
                readings.sample(key.apply(metric), new Sample(series.value(), observedAt, window));
            }
        });
    }

    private void takeCustom(
            CustomQuery query, CustomQuery.Batch batch, PrometheusAnswer answer, Instant at, ReadingsBuilder readings) {
        if (!answer.warnings().isEmpty() && !settings.acceptPartial()) {
            readings.problem("so its number is not used; set acceptPartial to use it all the same");
            return;
        }
        int several = 0;
        int noNumbers = 0;
        Map<String, List<Series>> sorted = query.sort(batch, answer.series());
        for (Map.Entry<String, List<Series>> entry : sorted.entrySet()) {
            Series series = entry.getValue().get(0);
            if (entry.getValue().size() > 1) {
                several++;
            } else if (!series.isNumber()) {
                noNumbers++;
            } else {
                readings.sample(query.scope().key(query.metric(), entry.getKey()), Sample.of(series.value(), at));
            }
        }
        problems(batch.targets().size() - sorted.size(), several, noNumbers, batch, readings);
    }

    private static void problems(
            int without, int several, int noNumbers, CustomQuery.Batch batch, ReadingsBuilder readings) {
        String of = " of " + batch.targets().size() + " targets";
        if (without > 0) {
            readings.problem("no series for " + without + of);
        }
        if (several > 0) {
            readings.problem("several series for " + several + of + "; make one number of them, such as by sum(…)");
        }
        if (noNumbers > 0) {
            readings.problem("not a number for " + noNumbers + of);
        }
    }

    @Override
    public MetricHistory history(HistoryRequest request) {
        return history.read(request);
    }

    @Override
    public void close() {
        rules.ifPresent(RuleKeeper::close);
        servers.close();
        executor.close();
    }
}

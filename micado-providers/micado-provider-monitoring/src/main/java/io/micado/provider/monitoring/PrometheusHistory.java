package io.micado.provider.monitoring;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricKey.Subject;
import io.micado.api.metric.Sample;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.Timekeeper;
import io.micado.provider.monitoring.PrometheusAnswer.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks Prometheus for the past, by range queries; called by {@link PrometheusMetrics} on its reader's thread. Thread-safe.
 *
 * <p>A server answers with 11,000 points of a series at most, so that long spans are asked for in pieces, the newest first: what a late or
 * failed piece costs is the older past. Samples are at whole multiples of the step, on the server's clock, counted back from the time of
 * its answer on ours. What is no number, and of a query of the user's own what is ambiguous or of which the server warns, is left out.
 */
final class PrometheusHistory {
    /** What a server answers with at most. */
    private static final int POINTS_OF_SERIES = 11_000;
    /** Some megabytes. */
    private static final int POINTS_OF_ANSWER = 200_000;

    private final PrometheusSettings settings;
    private final PrometheusServers servers;
    private final String infrastructure;
    private final Timekeeper timekeeper;

    PrometheusHistory(PrometheusSettings settings, PrometheusServers servers, PluginContext context) {
        this.settings = settings;
        this.servers = servers;
        infrastructure = context.infrastructure();
        timekeeper = context.timekeeper();
    }

    /**
     * One query for the past of some targets.
     *
     * @param name what it is, for people
     * @param text the query
     * @param targets whom it is of
     * @param own whether it is the user's own
     * @param window over how long its points are averages
     * @param sort tells the series of each target
     * @param key the key of a target
     */
    private record Question(
            String name,
            String text,
            List<String> targets,
            boolean own,
            Duration window,
            Function<List<Series>, Map<String, List<Series>>> sort,
            Function<String, MetricKey> key) {}

    /** What is being asked for. Confined to one thread. */
    private static final class Reading {
        private final HistoryRequest request;
        private final long end;
        private final Instant newest;
        private final Duration ahead;
        private final Map<MetricKey, Deque<Sample>> samples = new HashMap<>();
        private final List<String> problems = new ArrayList<>();
        private int answers;

        private Reading(HistoryRequest request, long end, Instant newest, Duration ahead) {
            this.request = request;
            this.end = end;
            this.newest = newest;
            this.ahead = ahead;
        }

        private MetricHistory result() {
            if (answers == 0 && !problems.isEmpty()) {
                throw new MicadoException(
                        ErrorKind.TRANSIENT, "nothing of the past was told: " + String.join("; ", problems));
            }
            Map<MetricKey, List<Sample>> all = new HashMap<>();
            samples.forEach((key, values) -> all.put(key, List.copyOf(values)));
            return new MetricHistory(all, problems);
        }
    }

    MetricHistory read(HistoryRequest request) {
        long end = timekeeper.nanoTime()
                + request.deadline().multipliedBy(9).dividedBy(10).toNanos();
        List<Question> questions = questions(request);
        if (questions.isEmpty()) {
            return MetricHistory.NONE;
        }
        servers.locate(end);
        Instant theirs = servers.query("time()", end).series().get(0).at();
        Duration ahead = Duration.between(timekeeper.wallClock(), theirs);
        long step = Math.max(1, request.step().toMillis());
        Reading reading = new Reading(request, end, Instant.ofEpochMilli(theirs.toEpochMilli() / step * step), ahead);
        questions.forEach(question -> ask(question, reading));
        return reading.result();
    }

    // ---- what to ask

    private List<Question> questions(HistoryRequest request) {
        Duration step = request.step();
        Duration window =
                settings.window().compareTo(step) > 0 ? settings.window() : step; // so that nothing is between two
        ReadyQueries ready = new ReadyQueries(
                window, settings.ready().selector(), settings.ready().mountPoint());
        List<Question> questions = new ArrayList<>();
        if (settings.tasks()) {
            ready(request, Subject.SERVICE, Metric.CPU, window, ReadyQueries.SERVICE, ready::cpuOfServices, questions);
            ready(
                    request,
                    Subject.SERVICE,
                    Metric.MEMORY,
                    window,
                    ReadyQueries.SERVICE,
                    ready::memoryOfServices,
                    questions);
        }
        if (settings.nodes()) {
            ready(
                    request,
                    Subject.POOL,
                    Metric.CPU,
                    window,
                    ReadyQueries.POOL,
                    pools -> ready.cpuOfPools(infrastructure, pools),
                    questions);
            ready(
                    request,
                    Subject.POOL,
                    Metric.MEMORY,
                    window,
                    ReadyQueries.POOL,
                    pools -> ready.memoryOfPools(infrastructure, pools),
                    questions);
        }
        for (CustomQuery query : settings.queries()) {
            List<String> targets = targets(request, query.scope().subject(), query.metric());
            for (CustomQuery.Batch batch : targets.isEmpty() ? List.<CustomQuery.Batch>of() : query.batches(targets)) {
                questions.add(new Question(
                        query.metric(),
                        batch.text(),
                        batch.targets(),
                        true,
                        Duration.ZERO,
                        series -> query.sort(batch, series),
                        target -> query.scope().key(query.metric(), target)));
            }
        }
        return questions;
    }

    private static void ready(
            HistoryRequest request,
            Subject subject,
            String metric,
            Duration window,
            String label,
            Function<List<String>, String> text,
            List<Question> questions) {
        List<String> targets = targets(request, subject, metric);
        if (!targets.isEmpty()) {
            questions.add(new Question(
                    metric,
                    text.apply(targets),
                    targets,
                    false,
                    metric.equals(Metric.CPU) ? window : Duration.ZERO,
                    found -> byLabel(found, label),
                    target -> new MetricKey(metric, subject, target)));
        }
    }

    private static Map<String, List<Series>> byLabel(List<Series> found, String label) {
        Map<String, List<Series>> sorted = new HashMap<>();
        found.forEach(
                series -> sorted.computeIfAbsent(series.labels().getOrDefault(label, ""), unused -> new ArrayList<>())
                        .add(series));
        return sorted;
    }

    private static List<String> targets(HistoryRequest request, Subject subject, String metric) {
        return request.keys().stream()
                .filter(key -> key.subject() == subject && key.metric().equals(metric))
                .map(MetricKey::id)
                .distinct()
                .toList();
    }

    // ---- asking

    private void ask(Question question, Reading reading) {
        int points = Math.max(
                1,
                Math.min(POINTS_OF_SERIES, POINTS_OF_ANSWER / question.targets().size()));
        long step = Math.max(1, reading.request.step().toMillis());
        Duration step1 = Duration.ofMillis(step);
        Instant oldest = reading.newest.minus(reading.request.span());
        Instant to = reading.newest;
        while (!to.isBefore(oldest)) {
            Instant least = to.minus(step1.multipliedBy(points - 1L));
            long steps = Duration.between(oldest, to).toMillis() / step;
            Instant from = least.isBefore(oldest) ? to.minus(step1.multipliedBy(steps)) : least;
            try {
                take(question, servers.range(question.text(), from, to, step1, reading.end), reading);
            } catch (MicadoException e) {
                reading.problems.add(
                        "Prometheus, past of " + question.name() + " before " + to + ": " + e.getMessage());
                return;
            }
            to = from.minus(step1);
        }
    }

    private void take(Question question, PrometheusRange range, Reading reading) {
        reading.answers++;
        String place = "Prometheus, past of " + question.name() + ": ";
        range.warnings().forEach(warning -> reading.problems.add(place + "the server warns: " + warning));
        if (question.own() && !range.warnings().isEmpty() && !settings.acceptPartial()) {
            return;
        }
        question.sort().apply(range.heads()).forEach((target, series) -> {
            if (!question.targets().contains(target)) {
                return;
            }
            if (series.size() > 1) {
                reading.problems.add(
                        place + "several series for " + target + "; make one number of them, such as by sum(…)");
                return;
            }
            Deque<Sample> samples =
                    reading.samples.computeIfAbsent(question.key().apply(target), unused -> new ArrayDeque<>());
            List<Series> points = Optional.ofNullable(
                            range.points().get(series.get(0).labels()))
                    .orElse(List.of());
            for (int i = points.size() - 1; i >= 0; i--) {
                Series point = points.get(i);
                if (point.isNumber()) {
                    samples.addFirst(new Sample(point.value(), point.at().minus(reading.ahead), question.window()));
                }
            }
        });
    }
}

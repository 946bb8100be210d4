package io.micado.provider.monitoring;

import io.micado.api.metric.MetricKey;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query of the user's own for a metric of services, of pools, or of the host. Immutable.
 *
 * @param scope what the metric is of
 * @param only the one service or pool; empty for all of them
 * @param metric the metric's name
 * @param text the query, in which the infrastructure's name is filled in already
 */
record CustomQuery(Scope scope, Optional<String> only, String metric, String text) {
    /** How many targets one query asks for: enough for few calls, and few enough for the server's time limit. */
    private static final int TARGETS_PER_CALL = 250;

    /** The label that tells whose a series is. */
    static final String TARGET = "micado_target";

    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");
    private static final String INFRASTRUCTURE = "infrastructure";

    /** What a metric is of. */
    enum Scope {
        /** Each service. */
        SERVICE("service", List.of("service", "micado_service", "container_label_com_docker_swarm_service_name")),
        /** Each pool. */
        POOL("pool", List.of("pool", "micado_pool")),
        /** No particular thing. */
        HOST("", List.of());

        private final String variable;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> labels;

        Scope(String variable, List<String> labels) {
            this.variable = variable;
            this.labels = labels;
        }

        MetricKey.Subject subject() {
            return switch (this) {
                case SERVICE -> MetricKey.Subject.SERVICE;
                case POOL -> MetricKey.Subject.POOL;
                case HOST -> MetricKey.Subject.HOST;
            };
        }

        MetricKey key(String metric, String target) {
            return switch (this) {
                case SERVICE -> MetricKey.service(metric, target);
                case POOL -> MetricKey.pool(metric, target);
                case HOST -> MetricKey.host(metric);
            };
        }

        /** {@return the target that the labels of a series name} */
        Optional<String> target(Map<String, String> series) {
            return labels.stream()
                    .map(series::get)
                    .filter(name -> name != null && !name.isEmpty())
                    .findFirst();
        }
    }

    /**
     * One query to send, for one or several targets.
     *
     * @param text the query
     * @param targets whom it asks for; several are told apart by the label {@value CustomQuery#TARGET}, or by their own labels
     * @param marked whether the label {@value CustomQuery#TARGET} is on the series
     */
    record Batch(String text, List<String> targets, boolean marked) {}

    /** {@return the queries of one setting, checked} */
    static List<CustomQuery> read(Settings settings, String key, Scope scope, String infrastructure) {
        List<CustomQuery> queries = new ArrayList<>();
        settings.map(key).forEach((name, text) -> {
            int slash = name.indexOf('/');
            boolean isOfOne = slash >= 0 && scope != Scope.HOST;
            String metric = isOfOne ? name.substring(slash + 1) : name;
            if (metric.isBlank() || text.isBlank() || slash == 0) {
                throw settings.problem(
                        key, "must have names of metrics with queries, got \"" + name + "\": \"" + text + "\"");
            }
            VARIABLE.matcher(text).results().map(found -> found.group(1)).forEach(variable -> {
                if (!variable.equals(INFRASTRUCTURE) && !(variable.equals(scope.variable) && scope != Scope.HOST)) {
                    throw settings.problem(
                            key,
                            "has {{" + variable + "}} in the query of \"" + name + "\"; there are {{infrastructure}}"
                                    + (scope == Scope.HOST ? "" : " and {{" + scope.variable + "}}"));
                }
            });
            Optional<String> only = isOfOne ? Optional.of(name.substring(0, slash)) : Optional.empty();
            queries.add(new CustomQuery(scope, only, metric, infrastructure(text, infrastructure)));
        });
        return queries;
    }

    static String infrastructure(String text, String name) {
        return filled(text, INFRASTRUCTURE, name);
    }

    private static String filled(String text, String variable, String value) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1).equals(variable) ? PromQl.escaped(value) : found.group()));
    }

    /** {@return the queries to send for these targets: few, however many targets there are} */
    List<Batch> batches(List<String> targets) {
        List<String> wanted = only.map(one -> targets.contains(one) ? List.of(one) : List.<String>of())
                .orElse(targets);
        if (scope == Scope.HOST) {
            return List.of(new Batch(text, List.of(""), false));
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        if (wanted.size() == 1 || !asksForEach()) {
            return List.of(new Batch(filled(text, scope.variable, wanted.get(0)), wanted, false));
        }
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < wanted.size(); from += TARGETS_PER_CALL) {
            List<String> some = wanted.subList(from, Math.min(wanted.size(), from + TARGETS_PER_CALL));
            List<String> parts = new ArrayList<>();
            some.forEach(target -> parts.add(PromQl.labelled(filled(text, scope.variable, target), TARGET, target)));
            batches.add(new Batch(String.join("\nor ", parts), some, true));
        }
        return batches;
    }

    private boolean asksForEach() {
        return VARIABLE.matcher(text).results().anyMatch(found -> found.group(1).equals(scope.variable));
    }

    /** {@return the series of each target} of one query of several targets whose series name no target, that are nobody's */
    Map<String, List<PrometheusAnswer.Series>> sort(Batch batch, List<PrometheusAnswer.Series> found) {
        boolean isOfOne = batch.targets().size() == 1 && (asksForEach() || scope == Scope.HOST || only.isPresent());
        Map<String, List<PrometheusAnswer.Series>> sorted = new LinkedHashMap<>();
        for (PrometheusAnswer.Series series : found) {
            Optional<String> target = isOfOne
                    ? Optional.of(batch.targets().get(0))
                    : batch.marked() ? Optional.ofNullable(series.labels().get(TARGET)) : scope.target(series.labels());
            target.ifPresent(name ->
                    sorted.computeIfAbsent(name, unused -> new ArrayList<>()).add(series));
        }
        sorted.keySet().retainAll(batch.targets());
        return sorted;
    }
}

package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.provider.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer to an instant query. Immutable.
 *
 * @param series the series of a vector, or one without labels of a scalar
 * @param warnings what the server says is wrong with the answer, which may then be incomplete
 */
record PrometheusAnswer(List<Series> series, List<String> warnings) {
    /** Remarks on how a query is written, which are no doubt about the numbers. */
    private static final String REMARK = "PromQL info";

    private static final int MOST_WARNINGS = 5;

    PrometheusAnswer {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
    }

    /**
     * One series at one time.
     *
     * @param labels its labels
     * @param at when it was evaluated, on the server's clock
     * @param value its value; NaN also for what is no number, such as a histogram
     */
    record Series(Map<String, String> labels, Instant at, double value) {
        Series {
            labels = Map.copyOf(labels);
        }

        boolean isNumber() {
            return Double.isFinite(value);
        }
    }

    static PrometheusAnswer of(HttpResponse answer) {
        JsonNode tree = answer.json();
        JsonNode data = data(tree, answer);
        List<String> warnings = warnings(tree);
        JsonNode result = data.path("result");
        String type = data.path("resultType").asText();
        return switch (type) {
            case "vector" -> new PrometheusAnswer(vector(result, answer), warnings);
            case "scalar" -> new PrometheusAnswer(List.of(series(Map.of(), result, answer)), warnings);
            default ->
                throw answer.unreadable("holds a " + type + "; a query has to give one number for each target, such as "
                        + "rate(x[1m]) and not x[1m]");
        };
    }

    static JsonNode data(JsonNode tree, HttpResponse answer) {
        JsonNode data = tree.path("data");
        if (!tree.path("status").asText().equals("success") || !data.isObject()) {
            throw answer.unreadable("is not that of Prometheus' query interface");
        }
        return data;
    }

    static List<String> warnings(JsonNode tree) {
        List<String> warnings = new ArrayList<>();
        for (JsonNode warning : tree.path("warnings")) {
            if (!warning.asText().startsWith(REMARK) && warnings.size() < MOST_WARNINGS) {
                warnings.add(warning.asText());
            }
        }
        return warnings;
    }

    private static List<Series> vector(JsonNode result, HttpResponse answer) {
        List<Series> all = new ArrayList<>(result.size());
        for (JsonNode one : result) {
            Map<String, String> labels = labels(one);
            JsonNode value = one.has("value") ? one.path("value") : one.path("histogram");
            all.add(series(labels, value, answer));
        }
        return all;
    }

    static Map<String, String> labels(JsonNode series) {
        Map<String, String> labels = new HashMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    static Series series(Map<String, String> labels, JsonNode pair, HttpResponse answer) {
        if (!pair.isArray() || pair.size() != 2 || !pair.get(0).isNumber()) {
            throw answer.unreadable("has a sample that is not a time and a value");
        }
        Instant at = Instant.ofEpochMilli(Math.round(pair.get(0).asDouble() * 1000));
        return new Series(labels, at, number(pair.get(1)));
    }

    private static double number(@Nullable JsonNode value) {
        if (value == null || !value.isTextual()) {
            return Double.NaN;
        }
        return switch (value.asText()) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> parsed(value.asText());
        };
    }

    private static double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}

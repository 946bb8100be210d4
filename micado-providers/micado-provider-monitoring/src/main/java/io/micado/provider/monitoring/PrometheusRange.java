package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.provider.http.HttpResponse;
import io.micado.provider.monitoring.PrometheusAnswer.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server's answer to a range query. Immutable.
 *
 * @param points the points of each series, by its labels, the oldest first; times are on the server's clock
 * @param warnings what the server says is wrong with the answer, which may then be incomplete
 */
record PrometheusRange(Map<Map<String, String>, List<Series>> points, List<String> warnings) {

    static PrometheusRange of(HttpResponse answer) {
        JsonNode tree = answer.json();
        JsonNode data = PrometheusAnswer.data(tree, answer);
        if (!data.path("resultType").asText().equals("matrix")) {
            throw answer.unreadable(
                    "holds a " + data.path("resultType").asText() + "; a range query has to be answered with a matrix");
        }
        Map<Map<String, String>, List<Series>> all = new LinkedHashMap<>();
        for (JsonNode one : data.path("result")) {
            Map<String, String> labels = PrometheusAnswer.labels(one);
            List<Series> points = new ArrayList<>();
            for (JsonNode pair : one.path("values")) {
                points.add(PrometheusAnswer.series(labels, pair, answer));
            }
            all.put(labels, points);
        }
        return new PrometheusRange(all, PrometheusAnswer.warnings(tree));
    }

    /** {@return one sample of each series, to tell whose they are} */
    List<Series> heads() {
        return points.values().stream()
                .filter(series -> !series.isEmpty())
                .map(series -> series.get(0))
                .toList();
    }
}

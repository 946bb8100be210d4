package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.error.ErrorKind;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.worker.WorkerState;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example dashboard asks for nothing that the metrics page does not have. */
class GrafanaDashboardTest {
    private static final Path DASHBOARD = Path.of("..", "docs", "grafana", "micado.json");
    private static final Pattern METRIC = Pattern.compile("\\bmicado_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(micado_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{\\s*([a-z_]+)\\s*}}");

    @Test
    void everyNameAndLabelThatItUsesIsOnTheRealPage() throws Exception {
        String page = page();
        Map<String, Set<String>> labels = new HashMap<>();
        Map<String, Set<String>> values = new HashMap<>();
        Matcher samples = SELECTOR.matcher(page);
        while (samples.find()) {
            Matcher pairs = MATCHER.matcher(samples.group(2));
            while (pairs.find()) {
                labels.computeIfAbsent(samples.group(1), name -> new TreeSet<>())
                        .add(pairs.group(1));
                values.computeIfAbsent(samples.group(1) + "/" + pairs.group(1), name -> new TreeSet<>())
                        .add(pairs.group(3));
            }
        }
        List<Map<String, Object>> queries = new ArrayList<>();
        collect(JSON.std.mapFrom(Files.readString(DASHBOARD)), queries);
        assertThat(queries).hasSizeGreaterThan(20);
        for (Map<String, Object> query : queries) {
            check(
                    String.valueOf(query.get("expr")),
                    String.valueOf(query.getOrDefault("legendFormat", "")),
                    labels,
                    values);
        }
    }

    private static void check(
            String query, String legend, Map<String, Set<String>> labels, Map<String, Set<String>> values) {
        Set<String> known = new TreeSet<>();
        Matcher metrics = METRIC.matcher(query);
        while (metrics.find()) {
            assertThat(labels).as(query).containsKey(metrics.group());
            known.addAll(labels.get(metrics.group()));
        }
        Matcher selectors = SELECTOR.matcher(query);
        while (selectors.find()) {
            Matcher matchers = MATCHER.matcher(selectors.group(2));
            while (matchers.find()) {
                assertThat(labels.get(selectors.group(1))).as(query).contains(matchers.group(1));
                if (!matchers.group(3).startsWith("$") && matchers.group(2).equals("=")) {
                    assertThat(values.get(selectors.group(1) + "/" + matchers.group(1)))
                            .as(query)
                            .contains(matchers.group(3));
                }
            }
        }
        assertThat(known).as(query).isNotEmpty();
        Matcher groupings = GROUPING.matcher(query);
        Set<String> kept = new TreeSet<>(known);
        while (groupings.find()) {
            Set<String> by = Set.of(groupings.group(1).split(", "));
            assertThat(known).as(query).containsAll(by);
            kept.retainAll(by);
        }
        Matcher legends = LEGEND.matcher(legend);
        while (legends.find()) {
            assertThat(kept).as(query + " has the legend " + legend).contains(legends.group(1));
        }
    }

    /** Takes down whatever has a query in it: panels and annotations. */
    private static void collect(Object node, List<Map<String, Object>> queries) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("expr") instanceof String expression) {
                Object legend = map.containsKey("legendFormat") ? map.get("legendFormat") : map.get("titleFormat");
                queries.add(Map.of("expr", expression, "legendFormat", legend == null ? "" : legend));
            }
            if (map.get("query") instanceof String expression && expression.startsWith("label_values(")) {
                Matcher asked =
                        Pattern.compile("label_values\\((.*), ([a-z_]+)\\)").matcher(expression);
                assertThat(asked.matches()).as(expression).isTrue();
                queries.add(Map.of("expr", asked.group(1), "legendFormat", "{{" + asked.group(2) + "}}"));
            }
            map.values().forEach(child -> collect(child, queries));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> collect(child, queries));
        }
    }

    private static ServiceSpec tooLarge() {
        return ServiceSpec.builder("huge")
                .image("huge")
                .limit(Resources.ofCores(1_000))
                .build();
    }

    /** An hour in which everything happens at least once that the dashboard has a place for. */
    private static String page() throws Exception {
        try (Scenario scenario = Scenario.builder()
                .workers(1, 6, "medium")
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(0.5, 128))
                                .replicas(1, 40)
                                .build(),
                        Workload.sine(200, 150, Duration.ofMinutes(40)),
                        0.01)
                .at(
                        Duration.ofMinutes(50),
                        at -> at.cloud().faults().failNextLaunch(ErrorKind.INSUFFICIENT_CAPACITY, 50))
                .at(Duration.ofMinutes(51), at -> at.micado().scale(TargetId.service("web"), 40))
                .at(Duration.ofMinutes(52), at -> at.micado().deploy(tooLarge()))
                .build()) {
            Shown shown = new Shown(scenario.micado(), scenario.time().nanoTime());
            scenario.run(Duration.ofHours(1));
            shown.look(scenario.time().nanoTime());
            assertThat(scenario.micado().status().workers()).anyMatch(worker -> worker.state() == WorkerState.READY);
            return MetricsPage.of(List.of(shown), scenario.time().nanoTime());
        }
    }
}

package io.micado.examples;

import io.micado.api.scaling.Decision;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.ScenarioResult.Point;
import io.micado.simulation.ScenarioResult.ServicePoint;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The numbers behind the charts of an {@link HtmlReport}, as its script reads them. Not instantiable. */
final class ReportData {
    private static final ServicePoint ABSENT = new ServicePoint(0, 0, 0, 0);

    private ReportData() {}

    static Map<String, Object> of(ScenarioResult result) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("seconds", result.duration().toSeconds());
        data.put("at", each(result, point -> point.at().toSeconds()));
        data.put(
                "services",
                serviceNames(result).stream().map(name -> service(result, name)).toList());
        data.put("ready", each(result, Point::readyWorkers));
        data.put("machines", each(result, Point::machines));
        Instant start = startOf(result);
        data.put(
                "decisions",
                result.decisions().stream().map(d -> decision(d, start)).toList());
        return data;
    }

    /** {@return the wall clock's time at which the scenario started} */
    static Instant startOf(ScenarioResult result) {
        if (result.timeline().isEmpty()) {
            return result.decisions().isEmpty()
                    ? Instant.EPOCH
                    : result.decisions().get(0).at();
        }
        Point first = result.timeline().get(0);
        return first.wallClock().minus(first.at());
    }

    private static Set<String> serviceNames(ScenarioResult result) {
        Set<String> names = new TreeSet<>(result.services().keySet());
        result.timeline().forEach(point -> names.addAll(point.services().keySet()));
        return names;
    }

    private static Map<String, Object> service(ScenarioResult result, String name) {
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("name", name);
        service.put("offered", each(result, p -> of(p, name).offeredPerSecond()));
        service.put("served", each(result, p -> of(p, name).servedPerSecond()));
        service.put("desired", each(result, p -> of(p, name).desired()));
        service.put("running", each(result, p -> of(p, name).running()));
        return service;
    }

    private static Map<String, Object> decision(Decision decision, Instant start) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("t", Duration.between(start, decision.at()).toMillis() / 1000.0);
        one.put("level", decision.target().level().name());
        one.put("name", decision.target().name());
        one.put("unit", decision.target().unit());
        one.put("from", decision.from());
        one.put("to", decision.to());
        one.put("reason", DecisionWords.reason(decision));
        one.put("bound", DecisionWords.boundBy(decision));
        one.put("policy", decision.policy());
        one.put(
                "inputs",
                decision.inputs().entrySet().stream()
                        .map(input -> List.of(input.getKey(), DecisionWords.number(input.getValue())))
                        .toList());
        one.put(
                "steps",
                decision.steps().stream()
                        .map(step -> List.of(DecisionWords.rule(step.rule()), step.before(), step.after(), step.note()))
                        .toList());
        return one;
    }

    private static ServicePoint of(Point point, String service) {
        return point.services().getOrDefault(service, ABSENT);
    }

    private static List<? extends Object> each(ScenarioResult result, Function<Point, ? extends Object> value) {
        return result.timeline().stream().map(value).toList();
    }
}

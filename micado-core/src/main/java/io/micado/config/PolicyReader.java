package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Behavior.Direction;
import io.micado.api.scaling.Behavior.Rate;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads policies with their settings, and behaviors. Confined to one thread. */
final class PolicyReader {
    private static final String IMMEDIATE = "immediate";

    private final Problems problems;

    PolicyReader(Problems problems) {
        this.problems = problems;
    }

    /** {@return a policy by its type alone, or by a map of {@code type} and settings; empty when it is wrong} */
    Optional<PolicySpec> policy(ConfigNode node) {
        if (node.kind() == ConfigNode.Kind.TEXT) {
            return problems.attempt(node, () -> PolicySpec.of(node.text(), Settings.EMPTY.at(node.position())));
        }
        MapReader reader = MapReader.of(node, problems);
        Optional<String> type = reader.requiredText("type", "which policy it is, such as target-tracking");
        Settings settings = reader.rest();
        return type.flatMap(name -> problems.attempt(node, () -> PolicySpec.of(name, settings)));
    }

    /** {@return the behavior, with the defaults for what it does not say} */
    Behavior behavior(ConfigNode node, Behavior defaults) {
        if (node.kind() == ConfigNode.Kind.TEXT) {
            if (node.text().equals(IMMEDIATE)) {
                return Behavior.IMMEDIATE;
            }
            problems.add(node, "must be " + IMMEDIATE + " or a map of out and in, got \"" + node.text() + "\"");
            return defaults;
        }
        MapReader reader = MapReader.of(node, problems);
        Direction out =
                reader.map("out").map(map -> direction(map, defaults.out())).orElse(defaults.out());
        Direction in =
                reader.map("in").map(map -> direction(map, defaults.in())).orElse(defaults.in());
        reader.end();
        return new Behavior(out, in);
    }

    private Direction direction(MapReader reader, Direction defaults) {
        double tolerance = reader.number("tolerance").orElse(defaults.tolerance());
        Duration stabilization = reader.duration("stabilization").orElse(defaults.stabilization());
        Duration cooldown = reader.duration("cooldown").orElse(defaults.cooldown());
        List<Rate> rates = new ArrayList<>();
        boolean given = reader.take("rates").isPresent();
        reader.maps("rates").forEach(rate -> rate(rate).ifPresent(rates::add));
        reader.end();
        return problems.attempt(
                        reader.node(),
                        () -> new Direction(tolerance, stabilization, given ? rates : defaults.rates(), cooldown))
                .orElse(defaults);
    }

    private Optional<Rate> rate(MapReader reader) {
        Optional<Double> percent = reader.number("percent");
        Optional<Integer> count = reader.integer("count");
        reader.require("per", "in how long, such as 15s");
        Optional<Duration> per = reader.duration("per");
        reader.end();
        boolean one = reader.node().get("percent").isPresent()
                != reader.node().get("count").isPresent();
        if (!one) {
            problems.add(reader.node(), "must hold either percent or count, and per");
            return Optional.empty();
        }
        return per.flatMap(span -> problems.attempt(
                        reader.node(),
                        () -> percent.map(value -> Rate.percent(value, span))
                                .or(() -> count.map(value -> Rate.count(value, span)))))
                .flatMap(rate -> rate);
    }
}

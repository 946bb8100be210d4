package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.Consolidation;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a pool of workers. Confined to one thread. */
final class PoolReader {
    private static final Bounds DEFAULT_BOUNDS = Bounds.of(1, 10);
    private static final String BY_CLOUD = "by-cloud";

    private final Problems problems;
    private final PolicyReader policies;

    PoolReader(Problems problems) {
        this.problems = problems;
        this.policies = new PolicyReader(problems);
    }

    /** {@return the pool; empty when it cannot be made} */
    Optional<WorkerPool> read(String name, MapReader reader) {
        ConfigNode node = reader.node();
        Optional<WorkerPool.Builder> made = problems.attempt(node, () -> WorkerPool.builder(name));
        WorkerPool.Builder pool = made.orElseGet(() -> WorkerPool.builder("pool"));
        Bounds bounds = BoundsReader.read(reader, DEFAULT_BOUNDS, problems);
        pool.between(bounds.min(), bounds.max());
        reader.require("offerings", "at least one of cloud and instanceType");
        List<MapReader> offerings = reader.maps("offerings");
        List<Offering> read = new ArrayList<>();
        offerings.forEach(offering -> offering(offering).ifPresent(read::add));
        read.forEach(pool::offering);
        reader.take("policy").flatMap(policies::policy).ifPresent(pool::policy);
        reader.take("behavior").ifPresent(value -> pool.behavior(policies.behavior(value, Behavior.WORKERS)));
        reader.map("headroom").flatMap(this::headroom).ifPresent(pool::headroom);
        reader.take("bootstrap").flatMap(this::bootstrap).ifPresent(pool::bootstrap);
        reader.duration("drainDeadline")
                .ifPresent(value ->
                        problems.attempt(node.get("drainDeadline").orElseThrow(), () -> pool.drainDeadline(value)));
        reader.duration("joinTimeout")
                .ifPresent(value ->
                        problems.attempt(node.get("joinTimeout").orElseThrow(), () -> pool.joinTimeout(value)));
        reader.integer("maxDisruptedWorkers")
                .ifPresent(value -> problems.attempt(
                        node.get("maxDisruptedWorkers").orElseThrow(), () -> pool.maxDisruptedWorkers(value)));
        reader.take("consolidation").flatMap(this::consolidation).ifPresent(pool::consolidation);
        reader.end();
        // An offering that is wrong was told already: that the pool has none would only be its echo.
        boolean empty =
                read.isEmpty() && (!offerings.isEmpty() || node.get("offerings").isEmpty());
        return made.isEmpty() || empty
                ? Optional.empty()
                : problems.attempt(node.get("offerings").orElse(node), pool::build);
    }

    private Optional<Offering> offering(MapReader reader) {
        Optional<String> cloud = reader.requiredText("cloud", "the name of one of the clouds");
        Optional<String> type =
                reader.requiredText("instanceType", "the instance type or flavor, in the cloud's words");
        Optional<String> name = reader.text("name");
        Optional<String> zone = reader.text("zone");
        Optional<Resources> capacity = ResourcesReader.read(reader, problems);
        Optional<Double> price = reader.number("pricePerHour");
        Settings machine = reader.take("machine")
                .map(node -> node.settings(problems))
                .orElse(Settings.EMPTY.at(reader.node().position()));
        reader.end();
        if (cloud.isEmpty() || type.isEmpty()) {
            return Optional.empty();
        }
        return problems.attempt(reader.node().get("pricePerHour").orElse(reader.node()), () -> {
            Offering.Builder offering =
                    Offering.builder(cloud.get(), type.get()).settings(machine);
            name.ifPresent(offering::name);
            zone.ifPresent(offering::zone);
            capacity.ifPresent(offering::capacity);
            price.ifPresent(offering::pricePerHour);
            return offering.build();
        });
    }

    private Optional<Headroom> headroom(MapReader reader) {
        Optional<Resources> absolute = ResourcesReader.read(reader, problems);
        double share = reader.number("share").orElse(0.0);
        reader.end();
        return problems.attempt(
                reader.node().get("share").orElse(reader.node()),
                () -> new Headroom(absolute.orElse(Resources.ZERO), share));
    }

    /** Its settings turn it on, too. */
    private Optional<Consolidation> consolidation(ConfigNode node) {
        if (node.kind() != ConfigNode.Kind.MAP) {
            boolean on = node.kind() == ConfigNode.Kind.TEXT && node.text().equals("true");
            if (!on && !(node.kind() == ConfigNode.Kind.TEXT && node.text().equals("false"))) {
                problems.add(node, "must be true, false, or a map of leastSaving and moveCost");
            }
            return Optional.of(on ? Consolidation.ON : Consolidation.OFF);
        }
        MapReader reader = MapReader.of(node, problems);
        Optional<Double> share = reader.number("leastSaving");
        Optional<Double> cost = reader.number("moveCost");
        reader.end();
        Consolidation[] read = {Consolidation.ON};
        share.ifPresent(value -> problems.attempt(
                node.get("leastSaving").orElseThrow(), () -> read[0] = read[0].withLeastSaving(value)));
        cost.ifPresent(value ->
                problems.attempt(node.get("moveCost").orElseThrow(), () -> read[0] = read[0].withMoveCost(value)));
        return Optional.of(read[0]);
    }

    private Optional<Bootstrap> bootstrap(ConfigNode node) {
        if (node.kind() == ConfigNode.Kind.TEXT && node.text().equals("default")) {
            return Optional.of(Bootstrap.DEFAULT);
        }
        if (node.kind() == ConfigNode.Kind.TEXT && node.text().equals(BY_CLOUD)) {
            return Optional.of(Bootstrap.BY_CLOUD);
        }
        if (node.kind() == ConfigNode.Kind.MAP) {
            return Optional.of(Bootstrap.configured(node.settings(problems)));
        }
        problems.add(node, "must be default, " + BY_CLOUD + ", or a map of settings");
        return Optional.empty();
    }
}

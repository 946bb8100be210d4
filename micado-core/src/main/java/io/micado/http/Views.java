package io.micado.http;

import io.micado.Micado;
import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.telemetry.Fleet;
import io.micado.telemetry.Load;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How what is known of an infrastructure looks in JSON. Nothing secret is in it: no settings, no environment. Stateless. */
final class Views {
    private Views() {}

    static Map<String, @Nullable Object> summary(Shown shown, long nanoTime) {
        Status status = shown.micado().status();
        return Json.object(
                "name", shown.name(),
                "id", status.id(),
                "acting", status.acting(),
                "services", status.services().size(),
                "workers", status.workers().size(),
                "problems", Problems.of(shown, nanoTime).size());
    }

    static Map<String, @Nullable Object> status(Shown shown, long nanoTime) {
        Micado micado = shown.micado();
        Status status = micado.status();
        Vitals vitals = micado.vitals();
        Map<String, @Nullable Object> json = Json.object(
                "name", shown.name(),
                "id", status.id(),
                "at", status.at(),
                "acting", status.acting(),
                "notActingBecause", status.notActingBecause(),
                "leaseHeld", vitals.leaseHeld(),
                "paused", vitals.paused(),
                "dryRun", vitals.dryRun(),
                "stuck", shown.isStuck(nanoTime),
                "problems", Problems.of(shown, nanoTime));
        json.put("services", services(micado));
        json.put("pools", pools(micado));
        json.put("workers", workers(status));
        json.put("foreignNodes", foreignNodes(status));
        json.put("sources", vitals.sources().stream().map(Views::source).toList());
        return json;
    }

    static List<Map<String, @Nullable Object>> services(Micado micado) {
        Vitals vitals = micado.vitals();
        return micado.status().services().stream()
                .map(service -> service(micado, vitals, service))
                .toList();
    }

    private static Map<String, @Nullable Object> service(Micado micado, Vitals vitals, Status.ServiceStatus service) {
        TargetId target = TargetId.service(service.name());
        Map<String, @Nullable Object> json = Json.object(
                "name", service.name(),
                "image", service.image(),
                "desired", service.desired(),
                "running", service.running(),
                "pending", service.pending(),
                "min", service.bounds().min(),
                "max", service.bounds().max(),
                "policy", service.policy(),
                "problem", service.problem());
        addDecided(json, micado, vitals, target);
        return json;
    }

    static List<Map<String, @Nullable Object>> pools(Micado micado) {
        Vitals vitals = micado.vitals();
        Status status = micado.status();
        return status.pools().stream()
                .map(pool -> pool(micado, vitals, status, pool))
                .toList();
    }

    private static Map<String, @Nullable Object> pool(Micado micado, Vitals vitals, Status status, WorkerPool pool) {
        List<Worker> workers = Fleet.workers(status, pool);
        Map<String, @Nullable Object> json = Json.object(
                "name", pool.name(),
                "desired", Fleet.wanted(micado, pool, workers),
                "workers", workers.size(),
                "min", pool.bounds().min(),
                "max", pool.bounds().max(),
                "offerings", pool.offerings().stream().map(Views::offering).toList(),
                "pricePerHour", Fleet.pricePerHour(pool, workers));
        addDecided(json, micado, vitals, TargetId.pool(pool.name()));
        return json;
    }

    private static void addDecided(Map<String, @Nullable Object> json, Micado micado, Vitals vitals, TargetId target) {
        Optional<Decision> latest = micado.explain(target).stream().findFirst();
        Vitals.Held hold = vitals.holds().get(target);
        json.put("load", latest.flatMap(Load::of).map(Views::load).orElse(null));
        json.put("hold", hold == null ? null : Json.object("count", hold.count(), "until", hold.until()));
        json.put("decision", latest.map(Views::decision).orElse(null));
    }

    private static Map<String, @Nullable Object> load(Load load) {
        return Json.object("name", load.name(), "value", load.value(), "target", load.target(), "unit", load.unit());
    }

    private static Map<String, @Nullable Object> offering(Offering offering) {
        return Json.object(
                "name", offering.name(),
                "cloud", offering.cloud(),
                "instanceType", offering.instanceType(),
                "pricePerHour", offering.pricePerHour());
    }

    static List<Map<String, @Nullable Object>> workers(Status status) {
        Map<NodeId, Map<String, Integer>> running = running(status.tasks());
        List<Map<String, @Nullable Object>> workers = new ArrayList<>();
        for (Worker worker : status.workers()) {
            Map<String, @Nullable Object> json = Json.object(
                    "id", worker.id(),
                    "pool", worker.pool(),
                    "state", worker.state(),
                    "inStateSeconds", worker.inState(),
                    "reason", worker.reason(),
                    "offering", worker.offering(),
                    "cpuCores", worker.capacity().cpuCores(),
                    "memoryBytes", worker.capacity().memoryBytes(),
                    "machine", worker.machine().map(machine -> machine.id().toString()),
                    "node", worker.node().map(node -> node.id().value()),
                    "address", address(worker));
            json.put("runs", worker.node().map(node -> running.get(node.id())).orElse(Map.of()));
            workers.add(json);
        }
        return workers;
    }

    /** {@return where a worker is reached; empty before it is} */
    static Optional<String> address(Worker worker) {
        return worker.node()
                .map(Node::address)
                .filter(address -> !address.isEmpty())
                .or(() -> worker.machine().map(Machine::addresses).stream()
                        .flatMap(List::stream)
                        .findFirst());
    }

    private static List<Map<String, @Nullable Object>> foreignNodes(Status status) {
        Map<NodeId, Map<String, Integer>> running = running(status.tasks());
        List<Map<String, @Nullable Object>> nodes = new ArrayList<>();
        for (Node node : status.foreignNodes()) {
            Map<String, @Nullable Object> json = Json.object(
                    "id", node.id().value(),
                    "hostname", node.hostname(),
                    "manager", node.manager(),
                    "status", node.status(),
                    "availability", node.availability());
            json.put("runs", running.getOrDefault(node.id(), Map.of()));
            nodes.add(json);
        }
        return nodes;
    }

    /** How many tasks of each service occupy each node. */
    private static Map<NodeId, Map<String, Integer>> running(List<TaskState> tasks) {
        Map<NodeId, Map<String, Integer>> running = new HashMap<>();
        for (TaskState task : tasks) {
            if (task.occupiesNode()) {
                running.computeIfAbsent(task.node().orElseThrow(), node -> new TreeMap<>())
                        .merge(task.service(), 1, Integer::sum);
            }
        }
        return running;
    }

    private static Map<String, @Nullable Object> source(Vitals.Source source) {
        return Json.object(
                "name", source.name(),
                "known", source.known(),
                "ageSeconds", source.age(),
                "intervalSeconds", source.interval(),
                "problem", source.problem(),
                "gaps", source.gaps(),
                "failures", source.failures());
    }

    static Map<String, @Nullable Object> decision(Decision decision) {
        return Json.object(
                "target", decision.target(),
                "at", decision.at(),
                "from", decision.from(),
                "to", decision.to(),
                "raw", decision.raw(),
                "policy", decision.policy(),
                "binding", decision.binding(),
                "reason", decision.reason(),
                "repeated", decision.repeated(),
                "since", decision.since(),
                "inputs", finite(decision.inputs()),
                "steps",
                        decision.steps().stream()
                                .map(step -> Json.object(
                                        "rule", step.rule(),
                                        "before", step.before(),
                                        "after", step.after(),
                                        "note", step.note()))
                                .toList());
    }

    /** JSON knows neither infinity nor what is no number. */
    private static Map<String, @Nullable Double> finite(Map<String, Double> inputs) {
        Map<String, @Nullable Double> finite = new LinkedHashMap<>();
        inputs.forEach((name, value) -> finite.put(name, Double.isFinite(value) ? value : null));
        return finite;
    }

    static Map<String, @Nullable Object> event(EventLog.Heard heard) {
        MicadoEvent event = heard.event();
        Map<String, @Nullable Object> json =
                Json.object("id", heard.id(), "type", type(event), "at", event.at(), "message", event.message());
        if (event instanceof MicadoEvent.Decided decided) {
            json.put("decision", decision(decided.decision()));
        } else if (event instanceof MicadoEvent.WorkerChanged changed) {
            json.putAll(Json.object(
                    "worker", changed.worker(),
                    "pool", changed.pool(),
                    "from", changed.from(),
                    "to", changed.to()));
        } else if (event instanceof MicadoEvent.EffectFailed failed) {
            json.putAll(Json.object("subject", failed.subject(), "kind", failed.kind()));
        } else if (event instanceof MicadoEvent.SourceChanged changed) {
            json.putAll(Json.object("source", changed.source(), "available", changed.available()));
        } else if (event instanceof MicadoEvent.Warning warning) {
            json.put("code", warning.code());
        }
        return json;
    }

    /** {@return the event's type as words: {@code WorkerChanged} is {@code worker-changed}} */
    static String type(MicadoEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}

package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.spi.PluginContext;
import io.micado.docker.DockerConnection;
import io.micado.docker.FakeEngine;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.FakeEngine.Call;
import io.micado.docker.RealTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A manager of a Swarm with services, nodes and configs that carry versions, as far as this module uses one.
 * Thread-safe.
 *
 * <p>{@link #beforeUpdate} lets a test act as somebody who is faster.
 */
final class FakeSwarm implements AutoCloseable {
    final FakeEngine engine = new FakeEngine();
    private final Map<String, Map<String, ObjectNode>> objects = new LinkedHashMap<>();
    private final AtomicInteger index = new AtomicInteger(10);
    private Consumer<Call> beforeUpdate = call -> {};
    private String swarmState = "active";
    private String madeBy = "";
    private String managerAddress = "172.17.0.1:2377";

    FakeSwarm() {
        for (String kind : List.of("services", "nodes", "configs", "secrets", "networks", "tasks")) {
            objects.put(kind, new LinkedHashMap<>());
            engine.on("GET", "/" + kind, (call, path) -> Optional.of(Answer.ok(list(kind))));
            engine.on("GET", "/" + kind + "/([^/]+)", (call, path) -> Optional.of(inspect(kind, path)));
            engine.on("POST", "/" + kind + "/create", (call, path) -> Optional.of(create(kind, call)));
            engine.on("POST", "/" + kind + "/([^/]+)/update", (call, path) -> Optional.of(update(kind, call, path)));
            engine.on("DELETE", "/" + kind + "/([^/]+)", (call, path) -> Optional.of(delete(kind, path)));
        }
        engine.on("GET", "/info", (call, path) -> Optional.of(Answer.ok(info().toString())));
        engine.on("GET", "/swarm", (call, path) -> Optional.of(swarm()));
        engine.on("POST", "/swarm/init", (call, path) -> Optional.of(init(call)));
        engine.on("POST", "/swarm/leave", (call, path) -> Optional.of(leave()));
        engine.json("/networks/bridge", "{\"Name\":\"bridge\",\"IPAM\":{\"Config\":[{\"Subnet\":\"172.17.0.0/16\"}]}}");
        put("nodes", "manager1", "{\"Role\":\"manager\",\"Availability\":\"active\",\"Labels\":{}}");
    }

    static SwarmCluster open(RealTime time, SwarmSettings settings) {
        return new SwarmCluster(settings, context(time));
    }

    static PluginContext context(RealTime time) {
        return new PluginContext("shop", "swarm", time, "io.micado.test", warning -> {});
    }

    static SwarmSettings settings(FakeSwarm... swarms) {
        List<DockerConnection> connections =
                Arrays.stream(swarms).map(swarm -> swarm.engine.connection()).toList();
        return of(connections, connections.get(0).deadline());
    }

    /** {@return settings for managers that are known} */
    static SwarmSettings of(List<DockerConnection> connections, Duration deadline) {
        return new SwarmSettings(
                connections, Optional.empty(), host -> connections.get(0), Optional.empty(), true, false, deadline);
    }

    synchronized FakeSwarm inState(String state) {
        swarmState = state;
        return this;
    }

    synchronized FakeSwarm madeBy(String infrastructure) {
        madeBy = infrastructure;
        return this;
    }

    /** Its only manager is known to others at this address, as in {@code docker swarm init --advertise-addr}. */
    synchronized FakeSwarm at(String address) {
        managerAddress = address;
        return this;
    }

    synchronized String madeBy() {
        return madeBy;
    }

    /** Runs before each update is looked at, outside the lock. */
    void beforeUpdate(Consumer<Call> action) {
        beforeUpdate = action;
    }

    /** Puts an object, whose id is its name with {@code -id}, but for nodes, which have their id alone. */
    synchronized void put(String kind, String name, String spec) {
        ObjectNode json = Recorded.MAPPER.createObjectNode();
        String id = kind.equals("nodes") ? name : name + "-id";
        json.put("ID", id);
        json.putObject("Version").put("Index", index.incrementAndGet());
        ObjectNode parsed = (ObjectNode) Recorded.parse(spec);
        if (!kind.equals("nodes")) {
            parsed.put("Name", name);
        }
        json.set("Spec", parsed);
        objects.get(kind).put(id, json);
    }

    synchronized JsonNode spec(String kind, String id) {
        return objects.get(kind).get(id).path("Spec");
    }

    synchronized boolean has(String kind, String id) {
        return objects.get(kind).containsKey(id);
    }

    /** Changes a specification as somebody else would, with a new version. */
    synchronized void change(String kind, String id, Consumer<ObjectNode> change) {
        ObjectNode json = objects.get(kind).get(id);
        change.accept((ObjectNode) json.get("Spec"));
        ((ObjectNode) json.get("Version")).put("Index", index.incrementAndGet());
    }

    synchronized void remove(String kind, String id) {
        objects.get(kind).remove(id);
    }

    private synchronized String list(String kind) {
        ArrayNode array = Recorded.MAPPER.createArrayNode();
        objects.get(kind).values().forEach(array::add);
        return array.toString();
    }

    private synchronized Answer inspect(String kind, Matcher path) {
        return find(kind, path.group(1))
                .map(json -> Answer.ok(json.toString()))
                .orElse(Answer.error(404, kind + " " + path.group(1) + " not found"));
    }

    /** As the engine does: the id, else the name, else the beginning of an id. */
    private Optional<ObjectNode> find(String kind, String key) {
        Map<String, ObjectNode> all = objects.get(kind);
        if (all.containsKey(key)) {
            return Optional.of(all.get(key));
        }
        return all.values().stream()
                .filter(json -> json.path("Spec").path("Name").asText().equals(key))
                .findFirst()
                .or(() -> all.values().stream()
                        .filter(json -> json.path("ID").asText().startsWith(key))
                        .findFirst());
    }

    private synchronized Answer create(String kind, Call call) {
        String name = call.json().path("Name").asText();
        if (has(kind, name + "-id")) {
            return Answer.error(409, "rpc error: code = AlreadyExists desc = name conflicts with an existing object");
        }
        put(kind, name, call.json().toString());
        return new Answer(201, "{\"ID\":\"" + name + "-id\"}");
    }

    private Answer update(String kind, Call call, Matcher path) {
        beforeUpdate.accept(call);
        synchronized (this) {
            Optional<ObjectNode> found = find(kind, path.group(1));
            if (found.isEmpty()) {
                return Answer.error(404, kind + " " + path.group(1) + " not found");
            }
            ObjectNode json = found.get();
            Matcher version = Pattern.compile("version=(\\d+)").matcher(call.query());
            boolean current =
                    version.find() && json.path("Version").path("Index").asInt() == Integer.parseInt(version.group(1));
            if (!current) {
                return Answer.error(500, "rpc error: code = Unknown desc = update out of sequence");
            }
            ObjectNode spec = (ObjectNode) call.json();
            if (kind.equals("configs") && !spec.has("Data")) {
                spec.set("Data", json.path("Spec").path("Data"));
            }
            json.set("Spec", spec);
            ((ObjectNode) json.get("Version")).put("Index", index.incrementAndGet());
            return Answer.ok("{}");
        }
    }

    private synchronized Answer delete(String kind, Matcher path) {
        Optional<ObjectNode> found = find(kind, path.group(1));
        found.ifPresent(json -> objects.get(kind).remove(json.path("ID").asText()));
        return found.isPresent() ? Answer.ok("") : Answer.error(404, kind + " " + path.group(1) + " not found");
    }

    private synchronized ObjectNode info() {
        ObjectNode info = (ObjectNode) Recorded.json("info");
        ObjectNode swarm = (ObjectNode) info.get("Swarm");
        swarm.put("LocalNodeState", swarmState);
        swarm.put("NodeID", swarmState.equals("inactive") ? "" : "manager1");
        ((ObjectNode) swarm.path("RemoteManagers").path(0)).put("Addr", managerAddress);
        if (swarmState.equals("active") && !madeBy.isEmpty()) {
            ((ObjectNode) swarm.path("Cluster").path("Spec").path("Labels")).put(SwarmSetup.MADE_BY, madeBy);
        }
        return info;
    }

    private synchronized Answer swarm() {
        return swarmState.equals("active")
                ? Answer.ok(Recorded.text("swarm"))
                : Answer.error(
                        503,
                        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
                                + " connect this node to swarm and try again.");
    }

    private synchronized Answer init(Call call) {
        swarmState = "active";
        madeBy =
                call.json().path("Spec").path("Labels").path(SwarmSetup.MADE_BY).asText("");
        return Answer.ok("\"manager1\"");
    }

    private synchronized Answer leave() {
        swarmState = "inactive";
        return Answer.ok("");
    }

    @Override
    public void close() {
        engine.close();
    }
}

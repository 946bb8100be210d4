package io.micado.provider.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micado.api.time.Timekeeper;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Docker Engine for unit tests, over the JDK's HTTP server: containers, volumes, images and a membership in a Swarm in memory, with
 * the statuses and messages that Engine 20.10 was seen to give. Thread-safe.
 */
final class FakeEngine implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake engine");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, ObjectNode> containers = new LinkedHashMap<>();
    private final Map<String, ObjectNode> volumes = new LinkedHashMap<>();
    private final Map<String, String> pullFailures = new HashMap<>();
    private final Map<String, Answer> refusals = new HashMap<>();
    private int made;

    final Set<String> images = java.util.concurrent.ConcurrentHashMap.newKeySet();
    /** Every request that changes something, as METHOD and path without the version, in their order. */
    final List<String> changes = new CopyOnWriteArrayList<>();

    final List<JsonNode> joins = new CopyOnWriteArrayList<>();
    volatile boolean refusesPrivileged;
    volatile String swarmState = "inactive";
    volatile String version = "20.10.24+dfsg1";
    volatile String log = "";
    volatile CountDownLatch pullsHeldBy = new CountDownLatch(0);
    volatile Consumer<ObjectNode> onStart = container -> {};
    volatile Runnable onLoad = () -> {};

    private record Answer(int status, Object body) {}

    FakeEngine() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** {@return a client of this engine} */
    DockerEngine open(Timekeeper time) {
        URI address = URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
        return DockerEngine.open(new DockerConnection(address, Optional.empty(), true, Duration.ofSeconds(10)), time);
    }

    /** Refuses a request from now on. */
    synchronized void refuse(String methodAndPath, int status, String message) {
        refusals.put(methodAndPath, new Answer(status, Map.of("message", message)));
    }

    /** Accepts a request again. */
    synchronized void accept(String methodAndPath) {
        refusals.remove(methodAndPath);
    }

    /** Lets pulls of an image fail. */
    synchronized void failPull(String image, String message) {
        pullFailures.put(image, message);
    }

    synchronized List<ObjectNode> containers() {
        return List.copyOf(containers.values());
    }

    synchronized ObjectNode onlyContainer() {
        if (containers.size() != 1) {
            throw new AssertionError("one container is expected, there are " + containers.keySet());
        }
        return containers.values().iterator().next();
    }

    synchronized Set<String> volumes() {
        return Set.copyOf(volumes.keySet());
    }

    /** Removes a container alone, as a person may. */
    synchronized void forget(String id) {
        containers.remove(id);
    }

    synchronized void setState(String id, String state, String status) {
        containers.get(id).put("State", state).put("Status", status);
    }

    /** Adds a container that exists already. */
    synchronized String addContainer(String name, Map<String, String> labels, String state) {
        ObjectNode body = MAPPER.createObjectNode();
        ObjectNode target = body.putObject("Labels");
        labels.forEach(target::put);
        String id = add(name, body);
        setState(id, state, state);
        return id;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v[0-9.]+", "");
        String methodAndPath = exchange.getRequestMethod() + " " + path;
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer;
        try {
            answer = answer(methodAndPath, query(exchange.getRequestURI()), body);
        } catch (RuntimeException | InterruptedException e) {
            answer = message(599, "the fake engine failed: " + e);
        }
        byte[] bytes = answer.body() instanceof byte[] raw ? raw : MAPPER.writeValueAsBytes(answer.body());
        boolean empty = answer.status() == 204 || answer.status() == 304;
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Answer answer(String methodAndPath, Map<String, String> query, byte[] body)
            throws InterruptedException, JsonProcessingException {
        if (!methodAndPath.startsWith("GET")) {
            changes.add(methodAndPath);
        }
        if (methodAndPath.equals("POST /images/create")) {
            return pull(query.get("fromImage"));
        }
        synchronized (this) {
            for (Map.Entry<String, Answer> refusal : refusals.entrySet()) {
                if (methodAndPath.matches(refusal.getKey())) {
                    return refusal.getValue();
                }
            }
            String[] parts = methodAndPath.split("/");
            if (methodAndPath.equals("POST /containers/create")) {
                return create(
                        query.get("name"), (ObjectNode) MAPPER.readTree(new String(body, StandardCharsets.UTF_8)));
            } else if (methodAndPath.equals("GET /containers/json")) {
                return new Answer(200, list(containers, "/Config/Labels", query));
            } else if (methodAndPath.startsWith("POST /containers/")) {
                return start(parts[2]);
            } else if (methodAndPath.startsWith("DELETE /containers/")) {
                return delete(parts[2], query);
            } else if (methodAndPath.endsWith("/logs")) {
                return new Answer(200, logFrames());
            } else if (methodAndPath.startsWith("GET /containers/")) {
                return inspect(parts[2]);
            } else if (methodAndPath.equals("GET /volumes")) {
                return new Answer(200, Map.of("Volumes", list(volumes, "/Labels", query)));
            } else if (methodAndPath.startsWith("DELETE /volumes/")) {
                return volumes.remove(parts[2]) == null
                        ? message(404, "get " + parts[2] + ": no such volume")
                        : new Answer(204, "");
            }
        }
        return imagesAndSwarm(methodAndPath, body);
    }

    private Answer imagesAndSwarm(String methodAndPath, byte[] body) throws JsonProcessingException {
        String text = new String(body, StandardCharsets.UTF_8);
        switch (methodAndPath) {
            case "GET /version":
                return new Answer(200, Map.of("ApiVersion", "1.41"));
            case "GET /info":
                return new Answer(
                        200,
                        Map.of(
                                "NCPU",
                                4,
                                "MemTotal",
                                8L << 30,
                                "ServerVersion",
                                version,
                                "Swarm",
                                Map.of("LocalNodeState", swarmState)));
            case "POST /swarm/join":
                joins.add(MAPPER.readTree(text));
                swarmState = "active";
                return new Answer(200, "");
            case "POST /images/load":
                onLoad.run();
                images.add(text);
                return new Answer(200, Map.of("stream", "Loaded image: " + text));
            default:
                String image = methodAndPath.replaceFirst("^GET /images/", "").replaceFirst("/(json|get)$", "");
                if (!images.contains(image)) {
                    return message(404, "No such image: " + image);
                }
                // What is saved of an image is its name: enough to see it arrive elsewhere.
                return methodAndPath.endsWith("/get")
                        ? new Answer(200, image.getBytes(StandardCharsets.UTF_8))
                        : new Answer(200, Map.of("Id", "sha256:" + image));
        }
    }

    private Answer pull(String image) throws InterruptedException {
        if (!pullsHeldBy.await(1, TimeUnit.MINUTES)) {
            return message(500, "held too long");
        }
        synchronized (this) {
            String failure = pullFailures.get(image);
            if (failure != null) {
                return message(failure.contains("does not exist") ? 404 : 500, failure);
            }
        }
        images.add(image);
        return new Answer(200, Map.of("status", "Download complete"));
    }

    private Answer create(String name, ObjectNode body) {
        if (!images.contains(body.path("Image").asText())) {
            return message(404, "No such image: " + body.path("Image").asText());
        }
        if (containers.values().stream()
                .anyMatch(c -> c.path("Names").path(0).asText().equals("/" + name))) {
            return message(409, "Conflict. The container name \"/" + name + "\" is already in use");
        }
        return new Answer(201, Map.of("Id", add(name, body)));
    }

    private String add(String name, ObjectNode body) {
        made++;
        String id = "c" + made;
        ObjectNode container = MAPPER.createObjectNode();
        container.put("Id", id).put("State", "created").put("Status", "Created").put("Created", 1_700_000_000 + made);
        container.putArray("Names").add("/" + name);
        container.put("Image", body.path("Image").asText());
        container.set("Config", body);
        container.set("Labels", body.path("Labels"));
        for (JsonNode mount : body.path("HostConfig").path("Mounts")) {
            if (mount.path("Type").asText().equals("volume")) {
                ObjectNode volume = MAPPER.createObjectNode().put("Name", "v" + made);
                volume.set("Labels", mount.path("VolumeOptions").path("Labels"));
                volumes.put("v" + made, volume);
                container.put("volume", "v" + made);
            }
        }
        containers.put(id, container);
        return id;
    }

    private Answer start(String id) {
        ObjectNode container = containers.get(id);
        if (container == null) {
            return message(404, "No such container: " + id);
        }
        if (container.path("State").asText().equals("running")) {
            return new Answer(304, "");
        }
        if (refusesPrivileged
                && container
                        .path("Config")
                        .path("HostConfig")
                        .path("Privileged")
                        .asBoolean()) {
            return message(
                    500,
                    "failed to create shim task: OCI runtime create failed: unable to apply caps: "
                            + "operation not permitted: unknown");
        }
        container.put("State", "running").put("Status", "Up 1 second");
        container
                .putObject("NetworkSettings")
                .putObject("Networks")
                .putObject("bridge")
                .put("IPAddress", "172.17.0." + (made + 1));
        onStart.accept(container);
        return new Answer(204, "");
    }

    private Answer delete(String id, Map<String, String> query) {
        ObjectNode container = containers.remove(id);
        if (container == null) {
            return message(404, "No such container: " + id);
        }
        if ("true".equals(query.get("v")) && container.has("volume")) {
            volumes.remove(container.path("volume").asText());
        }
        return new Answer(204, "");
    }

    private Answer inspect(String id) {
        ObjectNode container = containers.get(id);
        if (container == null) {
            return message(404, "No such container: " + id);
        }
        ObjectNode answer = container.deepCopy();
        answer.putObject("State")
                .put("Status", container.path("State").asText())
                .put("ExitCode", 1);
        return new Answer(200, answer);
    }

    private ArrayNode list(Map<String, ObjectNode> things, String labelsAt, Map<String, String> query) {
        ArrayNode found = MAPPER.createArrayNode();
        for (ObjectNode thing : things.values()) {
            boolean matches = true;
            try {
                JsonNode filters = MAPPER.readTree(query.getOrDefault("filters", "{}"));
                for (JsonNode filter : filters.path("label")) {
                    String[] pair = filter.asText().split("=", 2);
                    matches &= thing.at(labelsAt).path(pair[0]).asText("").equals(pair[1]);
                }
                boolean used = containers.values().stream()
                        .anyMatch(c -> c.path("volume")
                                .asText()
                                .equals(thing.path("Name").asText("-")));
                matches &= !filters.has("dangling") || !used;
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
            if (matches) {
                found.add(thing);
            }
        }
        return found;
    }

    private byte[] logFrames() {
        byte[] text = log.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .putInt(2 << 24)
                .putInt(text.length)
                .put(text)
                .array();
    }

    private static Answer message(int status, String message) {
        return new Answer(status, Map.of("message", message));
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] keyAndValue = pair.split("=", 2);
            query.put(keyAndValue[0], URLDecoder.decode(keyAndValue[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one Docker Engine, opened by plug-ins. Thread-safe: any number of threads may call, {@value #THREADS} calls
 * run at a time and the others queue. Every call is answered within its deadline, time in the queue included, by a result or a {@link DockerException};
 * interrupting the caller ends it at once.
 *
 * <p>Nothing that changes something is sent twice. (docker-java's HTTP client sends again after a 503, one second later; requests
 * with a body are protected from that, the others, such as starting a container, do nothing the second time.)
 */
public final class DockerEngine implements AutoCloseable {
    /** How many calls run at a time, unless threads are shared. */
    public static final int THREADS = 8;

    private static final int MOST_CONNECTIONS = 32;

    private static final String OLDEST_API = "1.41";
    private static final EngineRequest VERSION = EngineRequest.get("/version");

    private final DockerConnection connection;
    private final Timekeeper timekeeper;
    private final DockerHttp http;
    private final BoundedExecutor executor;
    private final boolean ownExecutor;
    private final ClockOffset clockOffset = new ClockOffset();
    private final Set<DockerCall<?>> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String apiPrefix;
    private volatile boolean closed;

    private DockerEngine(
            DockerConnection connection, Timekeeper timekeeper, BoundedExecutor executor, boolean ownExecutor) {
        this.connection = Objects.requireNonNull(connection, "connection");
        this.timekeeper = Objects.requireNonNull(timekeeper, "timekeeper");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.ownExecutor = ownExecutor;
        http = new DockerHttp(connection, MOST_CONNECTIONS);
    }

    /** Prepares a connection with threads of its own; nothing is sent before the first call. */
    public static DockerEngine open(DockerConnection connection, Timekeeper timekeeper) {
        BoundedExecutor threads = timekeeper.boundedExecutor("docker " + connection.host(), THREADS);
        return new DockerEngine(connection, timekeeper, threads, true);
    }

    /**
     * Prepares a connection that shares its threads with others; nothing is sent before the first call.
     *
     * @param executor stays open when this engine is closed
     */
    public static DockerEngine open(DockerConnection connection, Timekeeper timekeeper, BoundedExecutor executor) {
        return new DockerEngine(connection, timekeeper, executor, false);
    }

    /** {@return the engine's address} */
    public URI host() {
        return connection.host();
    }

    /** {@return in how long an ordinary call has to be answered} */
    public Duration deadline() {
        return connection.deadline();
    }

    /** {@return calls about containers} */
    public Containers containers() {
        return new Containers(this);
    }

    /** {@return calls about images} */
    public Images images() {
        return new Images(this);
    }

    /** {@return calls about being a member of a Swarm} */
    public SwarmMembership swarm() {
        return new SwarmMembership(this);
    }

    /** {@return the engine's description of itself, {@code /info}} */
    public ObjectNode info() {
        return object(EngineRequest.get("/info"));
    }

    /** {@return the network of this name or id} */
    public ObjectNode network(String name) {
        return object(EngineRequest.get("/networks/{}", name));
    }

    /** {@return the IPv4 address of the host in a network, such as {@code bridge}; empty when it cannot be told} */
    public Optional<String> networkGateway(String name) {
        return NetworkGateway.of(network(name));
    }

    /** {@return how far the engine's clock is ahead of ours, as far as its answers told; empty before the first} */
    public Optional<Duration> clockOffset() {
        return clockOffset.estimate();
    }

    /** {@return the JSON of the answer; a missing node when there is none} */
    public JsonNode json(EngineRequest request) {
        return call(request, DockerJson::read);
    }

    /** {@return the JSON object of the answer} */
    public ObjectNode object(EngineRequest request) {
        JsonNode answer = json(request);
        if (answer instanceof ObjectNode object) {
            return object;
        }
        throw DockerErrors.unintelligible(
                host(), request, new IllegalStateException("expected a JSON object, got " + answer.getNodeType()));
    }

    /** Sends a request whose answer says nothing. */
    public void send(EngineRequest request) {
        call(request, body -> Boolean.TRUE);
    }

    /**
     * Hands over the elements of the answer, a JSON array, one at a time and on another thread; never two at once, and all before it returns. Of a
     * long list only what the consumer keeps stays in memory.
     */
    public void each(EngineRequest request, Consumer<JsonNode> consumer) {
        call(request, body -> {
            DockerJson.readEach(body, consumer);
            return Boolean.TRUE;
        });
    }

    /** {@return what the reader makes of the answer's body} */
    public <T> T call(EngineRequest request, EngineAnswer<T> reader) {
        return await(prepare(request, apiPrefix(), reader));
    }

    /**
     * Sends a request and returns at once with a stage of the answer's JSON, which fails with a {@link DockerException}. What depends on
     * it runs on the engine's threads and must be short.
     */
    public CompletionStage<JsonNode> submit(EngineRequest request) {
        String known = apiPrefix;
        return known != null
                ? start(prepare(request, known, DockerJson::read))
                : start(prepare(VERSION, "", DockerJson::read))
                        .thenApply(this::rememberVersion)
                        .thenCompose(prefix -> start(prepare(request, prefix, DockerJson::read)));
    }

    /** {@return the clients below, for an answer that never ends} */
    DockerHttp http() {
        return http;
    }

    /** {@return the path under which the engine's own version of the API is found} */
    String apiPrefix() {
        String known = apiPrefix;
        return known != null ? known : rememberVersion(await(prepare(VERSION, "", DockerJson::read)));
    }

    private String rememberVersion(JsonNode answer) {
        String version = answer.path("ApiVersion").asText("");
        if (compareVersions(version, OLDEST_API) < 0) {
            throw DockerErrors.tooOld(host(), version.isBlank() ? "an unknown version" : version, OLDEST_API);
        }
        // The engine's own newest version: under an older one it hides, and at the next update erases, what that does
        // not know.
        String prefix = "/v" + version;
        apiPrefix = prefix;
        return prefix;
    }

    private <T> DockerCall<T> prepare(EngineRequest request, String prefix, EngineAnswer<T> reader) {
        return new DockerCall<>(
                host(),
                http,
                timekeeper,
                clockOffset,
                request,
                prefix,
                reader,
                request.deadlineOr(connection.deadline()));
    }

    private <T> T await(DockerCall<T> call) {
        start(call);
        return call.await();
    }

    private <T> CompletionStage<T> start(DockerCall<T> call) {
        open.add(call);
        if (closed) {
            call.abandon();
        }
        return call.start(executor).whenComplete((result, failure) -> {
            open.remove(call);
            boolean unreachable = failure != null
                    && cause(failure) instanceof DockerException e
                    && e.reason() == DockerException.Reason.UNREACHABLE;
            if (unreachable) {
                // It may come back as another version, or with other certificates.
                apiPrefix = null;
                http.renew();
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    static int compareVersions(String a, String b) {
        String[] left = a.split("\\.", -1);
        String[] right = b.split("\\.", -1);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = Integer.compare(part(left, i), part(right, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int part(String[] parts, int index) {
        return index < parts.length && parts[index].matches("\\d{1,9}") ? Integer.parseInt(parts[index]) : 0;
    }

    /** Ends all calls with an exception and closes the connections. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        open.forEach(DockerCall::abandon);
        if (ownExecutor) {
            executor.close();
        }
        http.close();
    }

    @Override
    public String toString() {
        return "Docker at " + host();
    }
}

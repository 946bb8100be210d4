package io.micado.http;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.spi.StateStore;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A server in front of a small simulated infrastructure in real time, and a client of it. */
final class Shop implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef-token";

    final Micado micado;
    final MicadoHttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    Shop(String name, UnaryOperator<MicadoHttpServerBuilder> how) {
        this(name, how, new SystemTimekeeper());
    }

    /** With a time of the server's own. */
    Shop(String name, UnaryOperator<MicadoHttpServerBuilder> how, Timekeeper time) {
        micado = infrastructure(name);
        server = how.apply(MicadoHttpServer.builder().port(0)).build(time);
        server.add(micado);
        server.start();
    }

    static Shop withToken() {
        return new Shop("shop", server -> server.token(Secret.of(TOKEN)));
    }

    /** An infrastructure that boots and starts in a moment. */
    static Micado infrastructure(String name) {
        return infrastructure(name, builder -> builder);
    }

    static Micado infrastructure(String name, UnaryOperator<MicadoBuilder> more) {
        return more.apply(Micado.builder()
                        .name(name)
                        .orchestrator(
                                "simulated", Settings.of("taskStart", "20ms").with("taskStop", "20ms"))
                        .cloud(
                                "sim",
                                "simulated",
                                Settings.of("bootTime", "50ms")
                                        .with("joinTime", "20ms")
                                        .with("listLag", "20ms"))
                        .pool(WorkerPool.builder("worker")
                                .between(1, 4)
                                .offering("sim", "small", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(1, "one is enough")))
                                .behavior(Behavior.IMMEDIATE)
                                .build())
                        .service(ServiceSpec.builder("web")
                                .image("shop/web")
                                .limit(Resources.ofMebibytes(0.25, 64))
                                .environment("PASSWORD", "do-not-show")
                                .replicas(1, 6)
                                .policy(PolicySpec.of(in -> Recommendation.of(2, "two are enough")
                                        .with("cpu.utilisation.percent", 42)
                                        .with("cpu.target.percent", 60)))
                                .build())
                        .policy("extra", PolicySpec.of(in -> Recommendation.of(1, "one is enough")))
                        .passInterval(Duration.ofMillis(200))
                        .stateStore(new Forgetful()))
                .build();
    }

    /** Starts the infrastructure and waits until its service runs. */
    Shop settled() {
        micado.start();
        until(() -> micado.status().services().stream()
                .anyMatch(service -> service.name().equals("web") && service.running() == 2));
        return this;
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come about within 60 s");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + TOKEN);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    static Map<String, Object> object(HttpResponse<String> response) throws IOException {
        return JSON.std.mapFrom(response.body());
    }

    static List<Object> list(HttpResponse<String> response) throws IOException {
        return JSON.std.listFrom(response.body());
    }

    Socket connect() throws IOException {
        URI uri = server.uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Sends bytes as they are and reads until the server closes; {@return what came, nothing when it closed at once} */
    String raw(String text) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException closed) {
            return "";
        }
    }

    /** Remembers nothing from one run to the next. */
    private static final class Forgetful implements StateStore {
        @Override
        public Optional<String> load(String key) {
            return Optional.empty();
        }

        @Override
        public void save(String key, String text) {}

        @Override
        public void delete(String key) {}
    }

    @Override
    public void close() {
        server.close();
        micado.close();
    }
}

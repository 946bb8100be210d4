package io.micado.examples.bench;

import io.micado.Micado;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.http.AlertReceiver;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Floods the real HTTP server on the loopback address with the alerts of an Alertmanager gone mad, 10,000 a second for ten seconds unless
 * told otherwise, each of them another one, and measures what becomes of everybody else: a client that looks at the infrastructure, the
 * control loop behind it, and memory. Run from the command line; takes half a minute.
 */
public final class AlertFloodBench {
    private static final String TOKEN = "0123456789abcdef-flood";
    private static final String NAME = "flooded";
    private static final int SECONDS = 10;
    private static final Duration PASS = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final MicadoHttpServer server;
    private final Micado micado;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    private AlertFloodBench(MicadoHttpServer server, Micado micado) {
        this.server = server;
        this.micado = micado;
    }

    /** Runs it; the arguments are alerts in a second and alerts in a notification, 10000 and 100 when left out. */
    public static void main(String[] arguments) throws Exception {
        int perSecond = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int perRequest = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        AlertReceiver receiver = AlertReceiver.builder(NAME).build();
        try (Micado micado = infrastructure(receiver);
                MicadoHttpServer server = server(micado, receiver)) {
            server.add(micado);
            server.start();
            micado.start();
            AlertFloodBench bench = new AlertFloodBench(server, micado);
            bench.settle();
            List<Double> calm = bench.looks(Duration.ofSeconds(3));
            bench.flood(perSecond, perRequest, receiver, calm);
        }
    }

    private static Micado infrastructure(AlertReceiver receiver) throws Exception {
        return Micado.builder()
                .name(NAME)
                .orchestrator("simulated")
                .cloud("cloud", "simulated", Settings.of("bootTime", "1s"))
                .pool("workers", pool -> pool.between(1, 3).offering("cloud", "small", Settings.EMPTY))
                .service(ServiceSpec.builder("web")
                        .image("web")
                        .limit(Resources.ofCores(0.25))
                        .replicas(1, 5)
                        .build())
                .metrics("alerts", receiver)
                .passInterval(PASS)
                .stateDirectory(Files.createTempDirectory("micado-bench"))
                .build();
    }

    private static MicadoHttpServer server(Micado micado, AlertReceiver receiver) {
        MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of(TOKEN));
        MonitoringRoutes.of(micado).alerts(receiver).addTo(builder);
        return builder.build();
    }

    private void settle() {
        while (micado.status().services().isEmpty() || micado.vitals().passes() < 5) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void flood(int perSecond, int perRequest, AlertReceiver receiver, List<Double> calm) throws Exception {
        long heapBefore = heap();
        long passesBefore = micado.vitals().passes();
        double passSecondsBefore = micado.vitals().passTimes().totalSeconds();
        List<MicadoEvent> failures = Collections.synchronizedList(new ArrayList<>());
        micado.addListener(event -> {
            if (event instanceof MicadoEvent.SourceChanged) {
                failures.add(event);
            }
        });
        Thread sender = new Thread(() -> send(perSecond / perRequest, perRequest), "flood");
        long begun = System.nanoTime();
        sender.start();
        List<Double> during = looks(Duration.ofSeconds(SECONDS));
        sender.join();
        double took = (System.nanoTime() - begun) / 1e9;
        long passes = micado.vitals().passes() - passesBefore;
        double passMillis = 1e3 * (micado.vitals().passTimes().totalSeconds() - passSecondsBefore) / passes;
        print("alerts sent, in " + SECONDS * perSecond / perRequest + " notifications", (double) SECONDS * perSecond);
        print("seconds until the last one was answered", took);
        statuses.forEach((status, count) -> print("notifications answered " + status, (double) count));
        print("alerts remembered", receiver.firing());
        latencies("a look at the infrastructure before, ms", calm);
        latencies("a look at the infrastructure during the flood, ms", during);
        print("passes in " + SECONDS + " s at one a second", (double) passes);
        print("a pass during the flood on average, ms", passMillis);
        print("sources that became unknown", failures.size());
        print("heap before, MiB", heapBefore / 1048576.0);
        print("heap after, MiB", heap() / 1048576.0);
    }

    /** Sends on time, whether or not the answers come. */
    private void send(int requestsPerSecond, int perRequest) {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        URI uri = server.uri().resolve("/monitoring/" + NAME + "/alerts");
        long begun = System.nanoTime();
        for (int i = 0; i < SECONDS * requestsPerSecond; i++) {
            long due = begun + i * 1_000_000_000L / requestsPerSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(notification(i, perRequest)))
                    .build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .handle((answer, error) -> {
                        synchronized (statuses) {
                            statuses.merge(error == null ? answer.statusCode() : 0, 1, Integer::sum);
                        }
                        return null;
                    }));
        }
        answers.forEach(CompletableFuture::join);
    }

    private static String notification(int number, int alerts) {
        StringBuilder json = new StringBuilder("{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[");
        for (int i = 0; i < alerts; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"status\":\"firing\",\"startsAt\":\"2026-01-31T12:00:00Z\",\"fingerprint\":\"")
                    .append(number)
                    .append('-')
                    .append(i)
                    .append(
                            "\",\"labels\":{\"alertname\":\"web_overloaded\",\"alert\":\"overloaded\",\"type\":\"docker\",")
                    .append("\"application\":\"web\",\"infra_id\":\"" + NAME + "\"}}");
        }
        return json.append("]}").toString();
    }

    /** {@return how long each of ten looks a second took, in milliseconds} One that is not answered with 200 ends the program. */
    private List<Double> looks(Duration howLong) throws Exception {
        HttpClient somebody = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/api/v1/infrastructures/" + NAME))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        List<Double> millis = new ArrayList<>();
        long end = System.nanoTime() + howLong.toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            int status =
                    somebody.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
            millis.add((System.nanoTime() - begun) / 1e6);
            if (status != 200) {
                throw new IllegalStateException("a look was answered " + status);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return millis;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void latencies(String what, List<Double> millis) {
        Collections.sort(millis);
        print(what + ", median of " + millis.size(), millis.get(millis.size() / 2));
        print(what + ", longest", millis.get(millis.size() - 1));
    }

    private static void print(String what, double value) {
        System.out.printf(Locale.ROOT, "%-60s %10.1f%n", what, value);
    }
}

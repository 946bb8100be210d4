package io.micado.examples.bench;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.WorkerState;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import io.micado.policy.TargetTracking;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Measures side by side on a real Swarm how three chains answer the same step of real load, from what one replica carries to what
 * five do: MiCADO 0.3's with Prometheus and Alertmanager, ours with Prometheus, and ours that asks the engines. Three services on one
 * worker take the step at the same moment; what runs is asked of the {@code docker} command. Run from the command line on a machine whose Docker
 * may be used, after {@code .ci/monitoring} and {@code micado-examples/docker/images.sh worker busybox monitored}; takes about ten minutes, most
 * of which the slowest chain needs. For how many minutes it is waited for may be given, default 14.
 */
public final class MonitoringLatencyBench {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration SETTLING = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String ORIGINAL = "original";
    private static final String PROMETHEUS = "prometheus";
    private static final String DOCKER = "docker";

    /** What each replica reserves, in cores. It has no limit, so that one replica can show the whole load. */
    private static final double RESERVED = 0.1;

    private static final double TARGET = 0.6;
    private static final double BEFORE = 0.056;
    private static final int FACTOR = 5;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final MonitoringPrograms programs;
    private final SharedLoad loads;
    private final Duration patience;

    /** One chain under test, and what was seen of it. Confined to the main thread. */
    private static final class Chain {
        private final String service;
        private final IntSupplier decisions;
        private int decisionsBefore;
        private double first = Double.NaN;
        private double enough = Double.NaN;
        private int decisionsUntilEnough;
        private int most;

        private Chain(String service, IntSupplier decisions) {
            this.service = service;
            this.decisions = decisions;
        }

        private void see(int running, double seconds) {
            most = Math.max(most, running);
            if (Double.isNaN(first) && running > 1) {
                first = seconds;
                System.out.printf(Locale.ROOT, "%s: first new replica after %.1f s%n", service, first);
            }
            if (Double.isNaN(enough) && running >= FACTOR) {
                enough = seconds;
                decisionsUntilEnough = decisions.getAsInt() - decisionsBefore;
                System.out.printf(Locale.ROOT, "%s: %d replicas after %.1f s%n", service, running, enough);
            }
        }
    }

    private MonitoringLatencyBench(Path directory, Duration patience) throws IOException {
        this.directory = directory;
        this.patience = patience;
        programs = opened(new MonitoringPrograms(directory));
        loads = opened(SharedLoad.at(DockerSwarm.gateway()));
    }

    /** Runs all three, prints the table, and leaves nothing behind. */
    public static void main(String[] arguments) throws Exception {
        MonitoringPrograms.missing().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        Duration patience = Duration.ofMinutes(arguments.length == 0 ? 14 : Long.parseLong(arguments[0]));
        MonitoringLatencyBench bench = new MonitoringLatencyBench(Files.createTempDirectory("micado-bench"), patience);
        try {
            bench.run();
        } catch (TimeoutException e) {
            DockerSwarm.lines("service", "ps", ORIGINAL, PROMETHEUS, DOCKER, "--no-trunc")
                    .forEach(System.out::println);
            System.out.println(bench.programs.lastWords());
            throw e;
        } finally {
            bench.close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private void run() throws Exception {
        AtomicInteger byEngines = new AtomicInteger();
        AtomicInteger byPrometheus = new AtomicInteger();
        int port = MonitoringPrograms.freePort();
        Micado engines = infrastructure(DOCKER, byEngines)
                .cloud("local", "local", Settings.of("image", "micado/worker:monitored"))
                .pool(
                        "workers",
                        pool -> pool.between(1, 1)
                                .offering("local", "whole", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(1, "the bench needs one"))))
                .metrics("docker")
                .build();
        open.push(() -> destroy(engines));
        engines.start();
        until("the worker", () -> address(engines).isPresent());
        String address = address(engines).orElseThrow();

        startOurPrometheus(engines, port);
        Micado asking = infrastructure(PROMETHEUS, byPrometheus)
                .metrics(
                        "prometheus",
                        Settings.of(Map.of("endpoint", "http://127.0.0.1:" + port, "interval", "3s", "window", "9s")))
                .build();
        open.push(() -> destroy(asking));
        asking.start();
        // The original's percent are of each core of the worker's.
        double percent = 100 * TARGET * RESERVED / CORES;
        OriginalChain original =
                opened(OriginalChain.start(programs, directory, ORIGINAL, percent, percent / 6, address + ":9200"));

        Stream.of(ORIGINAL, PROMETHEUS, DOCKER).forEach(service -> loads.set(service, BEFORE));
        deploy(engines, DOCKER);
        deploy(asking, PROMETHEUS);
        deployByHand();
        List<Chain> chains = List.of(
                new Chain(ORIGINAL, original::decisions),
                new Chain(PROMETHEUS, byPrometheus::get),
                new Chain(DOCKER, byEngines::get));
        until("one replica of each", () -> chains.stream().allMatch(chain -> loads.replicas(chain.service) == 1));
        System.out.println("settling for " + SETTLING.toSeconds() + " s");
        sleep(SETTLING);
        measure(chains);
        tell(chains);
    }

    private static void destroy(Micado micado) throws Exception {
        System.out.println(micado.name() + ": " + micado.destroy().get(5, TimeUnit.MINUTES));
        micado.close();
    }

    private static MicadoBuilder infrastructure(String name, AtomicInteger decisions) {
        return Micado.builder().name("bench-" + name).orchestrator("swarm").listener(event -> {
            if (event instanceof MicadoEvent.Decided decided
                    && decided.decision().target().equals(TargetId.service(name))) {
                decisions.incrementAndGet();
                System.out.println(name + ": " + decided.decision().from() + " -> "
                        + decided.decision().to() + ", " + decided.decision().reason());
            }
        });
    }

    private void startOurPrometheus(Micado micado, int port) throws Exception {
        MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of("bench-token-of-16"));
        MonitoringRoutes.of(micado)
                .tokenFile(Files.writeString(directory.resolve("token"), "bench-token-of-16"))
                .addTo(builder);
        MicadoHttpServer server = opened(builder.build());
        server.start();
        String configuration = get(server.uri().resolve("/monitoring/" + micado.name() + "/prometheus.yml"));
        programs.startPrometheus(
                "prometheus", port, Files.writeString(directory.resolve("prometheus.yml"), configuration));
        URI up = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=up%7Bjob=%22app_docker_cluster%22%7D");
        until("the worker is scraped", () -> get(up).contains("\"1\"]"));
    }

    private String get(URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer bench-token-of-16")
                .timeout(Duration.ofSeconds(10))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static Optional<String> address(Micado micado) {
        return micado.status().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .flatMap(worker -> worker.node().stream())
                .map(Node::address)
                .findFirst();
    }

    private void deploy(Micado micado, String service) throws Exception {
        micado.deploy(ServiceSpec.builder(service)
                        .image("micado/busybox")
                        .arguments(loads.arguments(service))
                        .reservation(Resources.ofCores(RESERVED))
                        .replicas(1, 2 * FACTOR)
                        // It needs no CPU to start, so that a replica tells what it serves from the beginning.
                        .policy(TargetTracking.builder()
                                .cpu(TARGET)
                                .warmUp(Duration.ofSeconds(5))
                                .build())
                        .behavior(Behavior.REPLICAS)
                        .build())
                .get(1, TimeUnit.MINUTES);
    }

    private void deployByHand() {
        List<String> command = new ArrayList<>(List.of(
                "service", "create", "--detach", "--name", ORIGINAL, "--reserve-cpu", String.valueOf(RESERVED)));
        command.add("micado/busybox");
        command.addAll(List.of(loads.arguments(ORIGINAL)));
        DockerSwarm.lines(command.toArray(String[]::new));
        open.push(() -> DockerSwarm.lines("service", "rm", ORIGINAL));
    }

    private void measure(List<Chain> chains) throws Exception {
        chains.forEach(chain -> {
            chain.decisionsBefore = chain.decisions.getAsInt();
            loads.set(chain.service, FACTOR * BEFORE);
        });
        long step = System.nanoTime();
        long end = step + patience.toNanos();
        while (chains.stream().anyMatch(chain -> Double.isNaN(chain.enough)) && System.nanoTime() < end) {
            for (Chain chain : chains) {
                int running = DockerSwarm.tasks(chain.service, "Running");
                chain.see(running, (System.nanoTime() - step) / 1e9);
            }
            sleep(LOOK);
        }
    }

    private static void tell(List<Chain> chains) {
        System.out.println("| chain | first new replica | " + FACTOR + " replicas | decisions | most replicas |");
        System.out.println("|---|---|---|---|---|");
        for (Chain chain : chains) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f s | %.1f s | %d | %d |%n",
                    chain.service,
                    chain.first,
                    chain.enough,
                    chain.decisionsUntilEnough,
                    chain.most);
        }
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!met(condition)) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            sleep(LOOK);
        }
    }

    private static boolean met(Callable<Boolean> condition) throws Exception {
        try {
            return condition.call();
        } catch (IOException e) {
            return false; // the server is not up yet
        }
    }

    private static void sleep(Duration span) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(span.toMillis(), TimeUnit.MILLISECONDS);
        assert !never;
    }

    private void close() throws Exception {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) { // the next part has to be closed all the same
                System.out.println("not closed: " + e);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.http.AlertReceiver;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what the documents say with {@code curl}: each of their commands, on a simulated infrastructure with the real Prometheus,
 * Alertmanager and Consul that {@code .ci/monitoring} fetches. Only the ports and the directory of the configurations are others.
 */
class DocumentedCommandsIT {
    /** Set where the programs have to be there, such as in CI. */
    private static final String REQUIRED = "micado.monitoring.required";

    private static final Path DOCS = Path.of("..", "docs");
    private static final String TOKEN = "documented-token-0123456789";
    /** A command in a table, or a line of a block. */
    private static final Pattern COMMAND = Pattern.compile(
            "`((?:curl|micado) [^`]+)`|^((?:curl|micado) (?:[^\\n]|\\\\\\n|(?<=\\{|,)\\n)+)", Pattern.MULTILINE);

    private static final Pattern FUNCTION = Pattern.compile("^micado\\(\\) \\{.*}$", Pattern.MULTILINE);
    private static final Pattern SILENCE =
            Pattern.compile("^cat > silence\\.json <<END\\n[\\s\\S]*?^END$", Pattern.MULTILINE);
    private static final Pattern SERVICE =
            Pattern.compile("^curl (?:(?!```)[\\s\\S])*?-d '(\\{\\n[\\s\\S]*?\\n})' (http://\\S+)$", Pattern.MULTILINE);

    private static final int PROGRAM_OF_ITS_OWN = 8080;
    private static final int OUT_OF_TIME = 28;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Integer, Integer> ports = Map.of(
            5000, MonitoringPrograms.freePort(),
            8500, MonitoringPrograms.freePort(),
            9090, MonitoringPrograms.freePort(),
            9093, MonitoringPrograms.freePort());
    private MonitoringPrograms programs;

    @TempDir
    Path directory;

    /** What came of a command. */
    private record Answer(int status, String text) {}

    @BeforeEach
    void start() throws Exception {
        Optional<String> obstacle = MonitoringPrograms.missing();
        if (obstacle.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle.get());
        }
        obstacle.ifPresent(why -> System.err.println("*** SKIPPED DocumentedCommandsIT: " + why));
        Assumptions.assumeTrue(obstacle.isEmpty());
        Files.createDirectory(directory.resolve("micado"));
        programs = new MonitoringPrograms(directory);
        open.push(programs);
        AlertReceiver alerts = AlertReceiver.builder("shop").build();
        Micado micado = infrastructure(alerts);
        MicadoHttpServerBuilder builder =
                MicadoHttpServer.builder().port(ports.get(5000)).token(Secret.of(TOKEN));
        MonitoringRoutes.of(micado)
                .alerts(alerts)
                .tokenFile(Files.writeString(directory.resolve("micado.token"), TOKEN))
                .rules(directory.resolve("micado"))
                .alertmanager("127.0.0.1:" + ports.get(9093))
                .addTo(builder);
        MicadoHttpServer server = builder.build();
        open.push(server);
        server.add(micado);
        server.start();
        programs.startConsul("consul", ports.get(8500));
        micado.start();
    }

    private Micado infrastructure(AlertReceiver alerts) {
        Micado micado = Micado.builder()
                .name("shop")
                .orchestrator("simulated", Settings.of("taskStart", "20ms"))
                .cloud("sim", "simulated", Settings.of("bootTime", "50ms").with("joinTime", "20ms"))
                .pool("workers", pool -> pool.between(1, 4).offering("sim", "small", Settings.EMPTY))
                .service(ServiceSpec.builder("web")
                        .image("shop/web")
                        .limit(Resources.ofMebibytes(0.25, 64))
                        .replicas(1, 6)
                        .build())
                .metrics("alerts", alerts)
                .metrics("simulated", Settings.of("load", Map.of("web", "0.2")))
                .metrics(
                        "prometheus",
                        Settings.of("endpoint", "http://127.0.0.1:" + ports.get(9090))
                                .with("interval", "1s")
                                .with(
                                        "rules.directory",
                                        directory.resolve("micado").toString())
                                .with("rules.services", "all"))
                .metrics(
                        "consul",
                        Settings.of("endpoint", "http://127.0.0.1:" + ports.get(8500))
                                .with("interval", "1s"))
                .passInterval(Duration.ofMillis(500))
                .stateDirectory(directory.resolve("state"))
                .build();
        open.push(micado);
        return micado;
    }

    @AfterEach
    void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void eachCommandDoesWhatItIsShownFor() throws Exception {
        String http = Files.readString(DOCS.resolve("http.md"));
        String monitoring = Files.readString(DOCS.resolve("monitoring.md"));
        Matcher service = SERVICE.matcher(http);
        assertThat(service.find()).isTrue();
        Files.writeString(
                directory.resolve("service.json"),
                service.group(1).replace("\"web\"", "\"extra\"").replace("8080", "8081"));
        Matcher silence = SILENCE.matcher(http);
        assertThat(silence.find()).isTrue();
        assertThat(run(silence.group())).isEqualTo(new Answer(0, ""));
        Matcher function = FUNCTION.matcher(http);
        assertThat(function.find()).isTrue();

        theConfigurationsAreFetchedAndTaken(monitoring);
        until(
                function.group() + "\nmicado 'http://127.0.0.1:9090/api/v1/rules?type=alert'",
                text -> text.contains("web_overloaded"));
        until(
                "curl -sS 'http://127.0.0.1:9090/api/v1/targets?state=active'",
                text -> text.contains("\"job\":\"micado\""));
        until(
                function.group() + "\nmicado http://127.0.0.1:8500/v1/catalog/services",
                text -> text.contains("worker_cluster"));

        List<String> commands = new ArrayList<>(commands(http));
        // What ends a service, and then the infrastructure, comes last.
        commands.sort(Comparator.comparingInt(
                command -> !command.contains("-X DELETE") ? 0 : command.contains("/services/") ? 1 : 2));
        assertThat(commands).hasSizeGreaterThan(25);
        for (String command : commands) {
            Answer answer = run(function.group() + "\n" + command);
            boolean isStream = command.contains("event-stream");
            assertThat(answer.status()).as("%s%n%s", command, answer.text()).isEqualTo(isStream ? OUT_OF_TIME : 0);
            expected(command)
                    .forEach(words -> assertThat(answer.text()).as(command).contains(words));
        }
    }

    private void theConfigurationsAreFetchedAndTaken(String monitoring) throws Exception {
        List<String> commands = commands(monitoring);
        assertThat(commands).hasSize(2);
        for (String command : commands) {
            assertThat(run(command)).as(command).isEqualTo(new Answer(0, ""));
        }
        assertThat(MonitoringPrograms.objection("promtool", "check", "config", file("prometheus.yml")))
                .isEmpty();
        assertThat(MonitoringPrograms.objection("amtool", "check-config", file("alertmanager.yml")))
                .isEmpty();
        programs.startPrometheus("prometheus", ports.get(9090), directory.resolve("prometheus.yml"));
        programs.startAlertmanager("alertmanager", ports.get(9093), directory.resolve("alertmanager.yml"));
        until("curl -sS http://127.0.0.1:9093/-/ready", text -> !text.isBlank());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private static List<String> commands(String text) {
        List<String> commands = new ArrayList<>();
        Matcher matcher = COMMAND.matcher(text);
        while (matcher.find()) {
            String command = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            if (command.contains("http://") && !command.contains(":" + PROGRAM_OF_ITS_OWN + "/")) {
                commands.add(command);
            }
        }
        Matcher shown = SERVICE.matcher(text);
        while (shown.find()) {
            commands.removeIf(command -> shown.group().startsWith(command));
            commands.add(0, shown.group());
        }
        return commands;
    }

    /** {@return what the answer has to hold} */
    private static List<String> expected(String command) {
        Map<String, List<String>> words = Map.ofEntries(
                Map.entry("/scaleup/workers/2", List.of("\"scaleup\"", "\"count\":2")),
                Map.entry("/api/v1/infrastructures/shop/workers", List.of("\"ready\"")),
                Map.entry("/v1/catalog/service/worker_cluster", List.of("\"micado_infrastructure\": \"shop\"")),
                Map.entry("/v1/catalog/services", List.of("app_docker_cluster")),
                Map.entry("targets?job=worker_cluster", List.of(":9100")),
                Map.entry("/api/v1/targets?state=active", List.of("\"job\":\"micado\"")),
                Map.entry(
                        "/api/v1/rules?type=alert",
                        List.of("worker_overloaded", "worker_underloaded", "web_underloaded")),
                Map.entry("/api/v1/alerts", List.of("\"status\":\"success\"")),
                Map.entry("/shop/timeline", List.of("\"desired\"")),
                Map.entry("5000/metrics", List.of("micado_alert_notifications_total")),
                Map.entry("/api/v2/silences", List.of("silenceID")),
                Map.entry("decisions?target=service:web", List.of("\"reason\"", "\"steps\"")),
                Map.entry("event-stream", List.of("retry: ")),
                Map.entry("-X DELETE http://127.0.0.1:5000/infrastructures/shop", List.of("\"infraid\":\"shop\"")));
        return words.entrySet().stream()
                .filter(entry -> command.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private void until(String command, Predicate<String> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        Answer answer = run(command);
        while (answer.status() != 0 || !condition.test(answer.text())) {
            assertThat(System.nanoTime())
                    .as("%s%n%s%n%s", command, answer, programs.lastWords())
                    .isLessThan(end);
            assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();
            answer = run(command);
        }
    }

    /** Runs a command as it is shown; a refusal is a failure, and what does not end by itself is ended. */
    private Answer run(String command) throws IOException, InterruptedException {
        String here = command.replace("/etc/prometheus/", directory + "/");
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            here = here.replace("127.0.0.1:" + port.getKey(), "127.0.0.1:" + port.getValue());
        }
        ProcessBuilder builder = new ProcessBuilder(
                "bash", "-c", "curl() { command curl --fail-with-body --max-time 15 \"$@\"; }\n" + here);
        builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .environment()
                .put("MICADO_TOKEN", TOKEN);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // curl shows its progress where its output goes to a file.
        return new Answer(process.waitFor(), here.contains(" > ") ? "" : text);
    }
}

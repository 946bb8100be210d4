package io.micado.examples;

import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.WorkerId;
import io.micado.bootstrap.ConsulAgent;
import io.micado.bootstrap.MasterCloudInit;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.config.ConfigurationFiles;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The whole system with a secret of its own in every place that takes one, among clouds and servers that answer with errors which quote whatever
 * they were sent: nothing that comes out holds any of the secrets, in whatever form.
 */
@Timeout(240)
class SecretsIT {
    private static final String HTTP_TOKEN = secret("http-token");
    private static final String SERVICE_ENVIRONMENT = secret("service-environment");
    private static final String POSTED_ENVIRONMENT = secret("posted-environment");
    private static final String FILE_ON_WORKERS = secret("file-on-workers");
    private static final String JOIN_TOKEN = secret("join-token");
    private static final String CONSUL_KEY = secret("consul-key");
    private static final String MASTER_FILE = secret("master-file");
    private static final List<String> ACCOUNTS = List.of(
            secret("issued-token"),
            "AKIDmarked7f3a9c",
            secret("ec2-secret-key"),
            secret("nova-password"),
            secret("cloudsigma-password"),
            secret("vnc-password"),
            secret("cloudbroker-password"),
            secret("occi-token"),
            secret("jclouds-credential"),
            secret("prometheus-token"),
            secret("exporter-password"),
            secret("consul-token"));
    private static final List<String> ALL = Stream.concat(
                    ACCOUNTS.stream(),
                    Stream.of(
                            HTTP_TOKEN,
                            SERVICE_ENVIRONMENT,
                            POSTED_ENVIRONMENT,
                            FILE_ON_WORKERS,
                            JOIN_TOKEN,
                            CONSUL_KEY,
                            MASTER_FILE))
            .toList();

    private final SystemTimekeeper time = new SystemTimekeeper();
    /** What came out, by where. */
    private final List<String> out = new CopyOnWriteArrayList<>();

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream stdout = System.out;
    private final PrintStream stderr = System.err;
    private final Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level usual = root.getLevel();
    private final AppenderBase<ILoggingEvent> listener = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            // the test's own client and the JDK's servers are no part of the product
            if (!event.getLoggerName().startsWith("jdk.")
                    && !event.getLoggerName().startsWith("com.sun.")) {
                String thrown = event.getThrowableProxy() == null
                        ? ""
                        : " " + ThrowableProxyUtil.asString(event.getThrowableProxy());
                came("log of " + event.getLoggerName(), event.getFormattedMessage() + thrown);
            }
        }
    };

    @TempDir
    Path directory;

    /** Of the characters that encodings change. */
    private static String secret(String what) {
        return "mark/" + what + "+7f3a=9c~";
    }

    @BeforeEach
    void listen() {
        listener.start();
        root.addAppender(listener);
        root.setLevel(Level.TRACE);
        PrintStream captured = new PrintStream(console, true, StandardCharsets.UTF_8);
        System.setErr(captured);
        System.setOut(captured);
    }

    @AfterEach
    void stop() {
        System.setErr(stderr);
        System.setOut(stdout);
        root.setLevel(usual);
        root.detachAppender(listener);
    }

    @Test
    void nothingThatComesOutHoldsASecret() throws Throwable {
        try (EchoServer echo = EchoServer.start(ACCOUNTS.get(0))) {
            Path file = Files.writeString(directory.resolve("micado.yaml"), configuration(echo.address()));
            check(file);
            InfrastructureDescription description = ConfigurationFiles.read(file);
            came("description", description);
            MicadoBuilder builder = Micado.builder().from(description);
            came("builder", builder);
            builder.listener(event -> came("event", event));
            try (Micado micado = builder.build()) {
                MicadoHttpServerBuilder server =
                        MicadoHttpServer.builder().port(0).token(Secret.of(HTTP_TOKEN));
                MonitoringRoutes.of(micado).addTo(server);
                try (MicadoHttpServer running = server.build()) {
                    came("HTTP server", running);
                    micado.start();
                    running.add(micado);
                    running.start();
                    workFor(micado, running, echo);
                }
            }
            bootstraps();
            wrongFiles();
            memory();
        }
        came("console", console.toString(StandardCharsets.UTF_8));
        nothingIsIn(out);
    }

    private void workFor(Micado micado, MicadoHttpServer running, EchoServer echo) throws Throwable {
        micado.deploy(ServiceSpec.builder("coded")
                        .image("shop/coded:1")
                        .environment("DB_PASSWORD", SERVICE_ENVIRONMENT)
                        .build())
                .get(30, TimeUnit.SECONDS);
        eventually(time, Duration.ofSeconds(90), () -> {
            // every part has made the echo quote what it was sent
            for (String part : List.of("ec2", "compute", "sigma", "broker", "occi", "ocean", "prometheus", "consul")) {
                assertThat(echo.refused(part)).as(part).isPositive();
            }
        });
        came("status", micado.status());
        came("vitals", micado.vitals());
        for (TargetId target : List.of(TargetId.service("coded"), TargetId.pool("ec2"), TargetId.pool("sigma"))) {
            came("explanation of " + target, micado.explain(target));
        }
        came("micado", micado);
        ask(running.uri());
    }

    private String configuration(String echo) {
        String offering =
                "{min: 1, max: 2, offerings: [{cloud: %s, instanceType: small, cpu: 1, memory: 1GiB, machine: {%s}}], "
                        + "bootstrap: {consul: package, consulKey: '" + CONSUL_KEY + "', files: {/etc/app: '"
                        + FILE_ON_WORKERS + "'}}}";
        return """
                name: secrets
                orchestrator: simulated
                passInterval: 1s
                stateDirectory: %s
                clouds:
                  ec2: {type: ec2, endpoint: '%s/ec2', regionname: r, accesskey: '%s', secretkey: '%s', list_lag: 1s}
                  nova: {type: nova, endpoint: '%s/nova/v3', username: me, password: '%s', project_id: p1, region_name: R, list_lag: 1s}
                  sigma: {type: cloudsigma, endpoint: '%s/sigma/api/2.0', email: me@example.org, password: '%s'}
                  broker: {type: cloudbroker, endpoint: '%s/broker', email: me@example.org, password: '%s'}
                  occi: {type: occi, endpoint: '%s/occi', token: '%s'}
                  ocean: {type: 'jclouds:digitalocean2', endpoint: '%s/ocean', identity: me, credential: '%s', list_lag: 1s}
                metrics:
                - simulated
                - {type: prometheus, endpoint: '%s/prometheus', token: '%s', interval: 1s}
                - {type: exporters, user: me, password: '%s', allowPlainHttp: true, nodes: all, interval: 1s}
                - {type: consul, endpoint: '%s/consul', token: '%s', interval: 1s}
                services:
                  filed: {image: shop/filed, env: {DB_PASSWORD: '%s'}}
                pools:
                """.formatted(
                                directory.resolve("state"),
                                echo,
                                ACCOUNTS.get(1),
                                ACCOUNTS.get(2),
                                echo,
                                ACCOUNTS.get(3),
                                echo,
                                ACCOUNTS.get(4),
                                echo,
                                ACCOUNTS.get(6),
                                echo,
                                ACCOUNTS.get(7),
                                echo,
                                ACCOUNTS.get(8),
                                echo,
                                ACCOUNTS.get(9),
                                ACCOUNTS.get(10),
                                echo,
                                ACCOUNTS.get(11),
                                SERVICE_ENVIRONMENT)
                + "  ec2: " + offering.formatted("ec2", "image_id: ami-1") + "\n"
                + "  nova: "
                + offering.formatted("nova", "image_id: 11111111-2222-3333-4444-555555555555, security_groups: default")
                + "\n"
                + "  sigma: "
                + offering.formatted(
                        "sigma",
                        "libdrive_id: d, pubkeys: [k], cpu: 1000, mem: 1GiB, vnc_password: '" + ACCOUNTS.get(5) + "'")
                + "\n"
                + "  broker: " + offering.formatted("broker", "deployment_id: d") + "\n"
                + "  occi: " + offering.formatted("occi", "os_tpl: os_tpl#debian") + "\n"
                + "  ocean: " + offering.formatted("ocean", "image_id: debian") + "\n";
    }

    private void check(Path file) {
        RecordingTerminal recording = new RecordingTerminal(false, 80);
        assertThat(Check.run(List.of(file.toString()), recording.terminal()))
                .as(() -> recording.errors())
                .isEqualTo(Program.OK);
        came("check", recording.output() + recording.errors());
    }

    /** Asks for everything that there is to ask for, with the token and without, and for what is refused. */
    private void ask(URI server) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String description = send(client, server.resolve("/api/v1/openapi.json"), "GET", "", true);
        Matcher paths = Pattern.compile("\"(/[^\"]*)\": \\{").matcher(description);
        int asked = 0;
        while (paths.find()) {
            String path = paths.group(1)
                    .replace("{name}", "secrets")
                    .replace("{id}", "secrets")
                    .replace("{service}", "coded")
                    .replaceAll("\\{(pool|node)}", "ec2")
                    .replaceAll("\\{[^}]*}", "1");
            send(client, server.resolve(path), "GET", "", true);
            send(client, server.resolve(path), "GET", "", false);
            asked++;
        }
        assertThat(asked).as("routes that the interface describes").isGreaterThan(20);
        for (String path : List.of(
                "api/v1/infrastructures/secrets/decisions?target=service:coded",
                "api/v1/infrastructures/secrets/decisions?target=pool:ec2",
                "api/v1/infrastructures/secrets/timeline?service=coded&back=1h",
                "monitoring/secrets/targets",
                "monitoring/secrets/prometheus.yml",
                "monitoring/secrets/alertmanager.yml",
                "")) {
            send(client, server.resolve("/" + path), "GET", "", true);
        }
        String service = "{\"name\": \"posted\", \"image\": \"shop/posted\", \"environment\": {\"KEY\": \""
                + POSTED_ENVIRONMENT + "\"}";
        URI services = server.resolve("/api/v1/infrastructures/secrets/services");
        send(client, services, "POST", service + "}", true);
        send(client, services, "POST", service + ", \"nonsense\": 1}", true);
        send(client, services, "POST", service, true);
        send(client, server.resolve("/api/v1/infrastructures/secrets/pools/ec2/scale"), "POST", "{\"count\": 2}", true);
        send(client, services, "GET", "", true);
        events(client, server.resolve("/api/v1/infrastructures/secrets/events"));
    }

    private String send(HttpClient client, URI uri, String method, String body, boolean withToken) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(30));
        if (withToken) {
            request.header("Authorization", "Bearer " + HTTP_TOKEN);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        came(method + " " + uri.getPath(), response.headers().map() + " " + response.body());
        return response.body();
    }

    /** The stream begins with what has happened so far. */
    private void events(HttpClient client, URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + HTTP_TOKEN)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", "0")
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = response.body()) {
            String told = new String(stream.readNBytes(4_000), StandardCharsets.UTF_8);
            assertThat(told).contains("data:");
            came("event stream", told);
        }
    }

    private void bootstraps() {
        WorkerCloudInit worker = WorkerCloudInit.builder()
                .consul(ConsulAgent.client(Secret.of(CONSUL_KEY)))
                .build();
        JoinInfo join = JoinInfo.of(List.of("192.0.2.1:2377"), Secret.of(JOIN_TOKEN));
        MasterCloudInit master = MasterCloudInit.builder()
                .programFile("/etc/micado/x", Secret.of(MASTER_FILE))
                .build();
        came(
                "bootstraps",
                worker + " " + join + " " + master + " " + master.userData() + " "
                        + worker.userData(new WorkerId("w1"), Map.of(), join));
    }

    /** What is wrong beside a secret, or instead of one, is told without it. */
    private void wrongFiles() throws IOException {
        String good = configuration("http://127.0.0.1:1");
        for (Map.Entry<String, String> mistake : Map.of(
                        "secretkey: '", "secretkey: ['",
                        "secretkey:", "secretkee:",
                        "credential: '", "credential: {a: '",
                        "DB_PASSWORD: '", "DB_PASSWORD: [",
                        "token: '", "tokem: '",
                        "type: ec2,", "type: ec3,",
                        "consulKey: '", "consulKey: ['",
                        "vnc_password: '", "vnc_password: {a: '")
                .entrySet()) {
            Path file = Files.writeString(
                    directory.resolve("wrong.yaml"), good.replace(mistake.getKey(), mistake.getValue()));
            refused(mistake.getValue(), file);
        }
        for (String auth : List.of(
                "resource:\n- {type: nova, auth_data: {username: me, passwrd: '" + ACCOUNTS.get(3) + "'}}\n",
                "resource:\n- {type: nova, auth_data: {username: me, password: ['" + ACCOUNTS.get(3) + "']}}\n",
                "resource:\n- {type: nova, auth_data: '" + ACCOUNTS.get(3) + "'}\n",
                "resource:\n- {type: nova, auth_data: {username: me, password: '" + ACCOUNTS.get(3) + "'}\n")) {
            Path folder = Files.createDirectories(directory.resolve("occopus"));
            Files.writeString(folder.resolve("infra.yaml"), """
                    infra_name: cluster
                    nodes: [{name: worker, type: worker, scaling: {min: 1, max: 2}}]
                    """);
            Files.writeString(folder.resolve("nodes.yaml"), """
                    'node_def:worker':
                    - resource: {type: nova, endpoint: 'https://k.example.org', image_id: i, flavor_name: f}
                    """);
            Files.writeString(folder.resolve("auth_data.yaml"), auth);
            refused(auth, folder);
        }
    }

    private void refused(String mistake, Path file) {
        RecordingTerminal recording = new RecordingTerminal(false, 80);
        int exitCode = Check.run(List.of(file.toString()), recording.terminal());
        assertThat(exitCode).as(mistake).isEqualTo(Program.FAILED);
        came("check of a file with a mistake", recording.output() + recording.errors());
        try (Micado never = Micado.fromFile(file).build()) {
            throw new AssertionError("built " + never + " in spite of " + mistake);
        } catch (ConfigurationException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            came("exception", e + " " + e.problems() + " " + trace);
        }
    }

    private void memory() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                came("memory", Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void came(String where, Object what) {
        out.add(where + ": " + what);
    }

    private static void nothingIsIn(List<String> out) {
        assertThat(out).as("something is logged of each request").anyMatch(line -> line.contains("POST 127.0.0.1"));
        assertThat(out).anyMatch(line -> line.startsWith("event: EffectFailed"));
        List<String> found = new ArrayList<>();
        for (String secret : ALL) {
            SecretForms.of(secret)
                    .forEach((form, text) -> out.stream()
                            .filter(line -> line.contains(text))
                            .map(line -> secret + " " + form + " in " + line.substring(0, Math.min(300, line.length())))
                            .limit(3)
                            .forEach(found::add));
        }
        assertThat(found).isEmpty();
    }
}

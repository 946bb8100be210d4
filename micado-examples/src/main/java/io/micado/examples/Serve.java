package io.micado.examples;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.config.ConfigurationFiles;
import io.micado.examples.Program.Failure;
import io.micado.http.AlertReceiver;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import io.micado.http.MonitoringTiming;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * The ready-made program: runs the infrastructure that a file describes, with the dashboard and the HTTP interface in front of it, until
 * it is interrupted. The infrastructure stays when the program ends, and is taken up again by the next start; {@code DELETE
 * /infrastructures/NAME} takes it away. Started as a program.
 *
 * <pre>{@code
 * mvn -q -Dquick compile exec:java -Dexec.mainClass=io.micado.examples.Serve -Dexec.args="FILE 5000 203.0.113.7"
 * }</pre>
 *
 * <p>The token is that of the environment variable {@value #TOKEN}, else the content of the file that {@value #TOKEN_FILE} names, else one
 * that is made now and printed. Prometheus and an Alertmanager find what they need below {@code /monitoring/NAME}.
 */
public final class Serve {
    private static final String USAGE =
            "usage: Serve FILE [PORT, default 5000 [ADDRESS, the IP address at which a cloud's workers reach this machine]]";
    private static final String TOKEN = "MICADO_TOKEN";
    private static final String TOKEN_FILE = "MICADO_TOKEN_FILE";
    private static final int DEFAULT_PORT = 5000;

    private Serve() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, 3, Serve::run));
    }

    static int run(List<String> arguments, Terminal terminal) throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Thread onInterrupt = new Thread(
                () -> {
                    interrupted.countDown();
                    await(closed);
                },
                "close on interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            return run(arguments, terminal, interrupted);
        } finally {
            closed.countDown();
        }
    }

    /** The JVM ends when its hooks do: closing ends within ten seconds by itself. */
    private static void await(CountDownLatch closed) {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int run(List<String> arguments, Terminal terminal, CountDownLatch end) throws InterruptedException {
        if (arguments.isEmpty()) {
            throw Failure.unusable(USAGE);
        }
        InfrastructureDescription description = ConfigurationFiles.read(Path.of(arguments.get(0)));
        MicadoBuilder builder = Micado.builder().from(description);
        if (arguments.size() > 2) {
            builder.orchestrator("swarm", advertising(description, arguments.get(2)));
        }
        int port = arguments.size() > 1 ? port(arguments.get(1)) : DEFAULT_PORT;
        AlertReceiver alerts =
                AlertReceiver.builder(description.name().orElse("unnamed")).build();
        if (description.metricSources().isEmpty()) {
            builder.metrics(ownMetrics(description)); // alone it would need no mention
        }
        builder.metrics("alerts", alerts);
        Token token = Token.given();
        try (Micado micado = builder.build();
                MicadoHttpServer server = server(micado, alerts, port, token)) {
            start(micado, arguments);
            server.add(micado);
            server.start();
            tell(terminal, micado, server, token.told());
            end.await();
        }
        return Program.OK;
    }

    /** Who has a file of MiCADO 0.3 knows no key "advertise": here it is a word behind the file. */
    private static void start(Micado micado, List<String> arguments) {
        try {
            micado.start();
        } catch (ConfigurationException e) {
            boolean isAddress =
                    e.problems().stream().anyMatch(problem -> problem.where().equals("advertise"));
            throw isAddress && arguments.size() < 3
                    ? Failure.unusable(e.getMessage() + "\nThis program takes that address behind the port: " + USAGE)
                    : e;
        }
    }

    /** The token, the file that holds it if one does, and what is told of it. */
    private record Token(Secret value, Optional<Path> file, String told) {
        static Token given() {
            String value = System.getenv(TOKEN);
            String file = System.getenv(TOKEN_FILE);
            if (value != null) {
                return new Token(Secret.of(value), Optional.empty(), "(that of " + TOKEN + ")");
            }
            if (file != null) {
                Path path = Path.of(file);
                return new Token(Secret.file(path), Optional.of(path), "(in " + file + ")");
            }
            String made = UUID.randomUUID().toString();
            return new Token(Secret.of(made), Optional.empty(), made);
        }

        @Override
        public String toString() {
            return "token";
        }
    }

    private static MicadoHttpServer server(Micado micado, AlertReceiver alerts, int port, Token token) {
        MicadoHttpServerBuilder server = MicadoHttpServer.builder().port(port).token(token.value());
        MonitoringRoutes routes = MonitoringRoutes.of(micado).alerts(alerts).timing(MonitoringTiming.MICADO_03);
        token.file().ifPresent(routes::tokenFile);
        routes.addTo(server);
        return server.build();
    }

    private static String ownMetrics(InfrastructureDescription description) {
        boolean swarm = description
                .orchestrator()
                .filter(plugin -> !plugin.type().equals("swarm"))
                .isEmpty();
        return swarm ? "docker" : description.orchestrator().orElseThrow().type();
    }

    private static void tell(Terminal terminal, Micado micado, MicadoHttpServer server, String token) {
        String curl = "curl -H 'Authorization: Bearer TOKEN' " + server.uri();
        terminal.line("running     " + micado.name());
        terminal.line("dashboard   " + server.uri());
        terminal.line("token       " + token);
        terminal.line("look        " + curl + "infrastructures/" + micado.name());
        terminal.line("deploy      docker service create …, or POST to " + server.uri() + "api/v1/infrastructures/"
                + micado.name() + "/services");
        terminal.line("delete      " + curl + "infrastructures/" + micado.name() + " -X DELETE");
        terminal.line("Ctrl-C ends this program; workers and services stay, and the next start takes them up again");
    }

    private static Settings advertising(InfrastructureDescription description, String address) {
        Settings settings = description
                .orchestrator()
                .filter(plugin -> plugin.type().equals("swarm"))
                .map(Plugin::settings)
                .orElse(Settings.EMPTY);
        return settings.with("advertise", address);
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw Failure.unusable("the port must be a number from 0 to 65535, got " + text + "\n" + USAGE);
        }
        return Integer.parseInt(text);
    }
}

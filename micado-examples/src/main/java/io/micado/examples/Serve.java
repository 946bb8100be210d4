package io.micado.examples;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.config.ConfigurationFiles;
import io.micado.examples.Program.Failure;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import java.nio.file.Path;
import java.util.List;
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
 * <p>The token is that of the environment variable {@value #TOKEN}, else one that is made now and printed.
 */
public final class Serve {
    private static final String USAGE =
            "usage: Serve FILE [PORT, default 5000 [ADDRESS by which workers reach this machine]]";
    private static final String TOKEN = "MICADO_TOKEN";
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
        String given = System.getenv(TOKEN);
        String token = given == null ? UUID.randomUUID().toString() : given;
        try (Micado micado = builder.build();
                MicadoHttpServer server = server(micado, port, token)) {
            micado.start();
            server.add(micado);
            server.start();
            tell(terminal, micado, server, given == null ? token : "(that of " + TOKEN + ")");
            end.await();
        }
        return Program.OK;
    }

    private static MicadoHttpServer server(Micado micado, int port, String token) {
        MicadoHttpServerBuilder server = MicadoHttpServer.builder().port(port).token(Secret.of(token));
        MonitoringRoutes.of(micado).addTo(server);
        return server.build();
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

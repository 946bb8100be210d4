package io.micado.examples;

import io.micado.Micado;
import io.micado.api.scaling.Behavior;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.http.MicadoHttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The dashboard in front of two services whose load comes in waves. Cluster and cloud are simulated, so that it runs anywhere;
 * everything else is real, and {@code curl} can hold, pause and deploy. Open the address that it prints, with the token beside it.
 */
public final class WatchIt {
    private static final String USAGE =
            "usage: WatchIt [port, default 5000] [seconds, default until it is interrupted]";
    private static final String DEFAULT_PORT = "5000";
    private static final Duration CALM = Duration.ofSeconds(30);

    private WatchIt() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, 2, WatchIt::run));
    }

    static int run(List<String> arguments, Terminal terminal) throws InterruptedException {
        int port = number(arguments.isEmpty() ? DEFAULT_PORT : arguments.get(0));
        String token = UUID.randomUUID().toString();
        try (Micado micado = infrastructure();
                MicadoHttpServer server = MicadoHttpServer.builder()
                        .port(port)
                        .token(Secret.of(token))
                        .build()) {
            server.add(micado);
            server.start();
            micado.start();
            terminal.line("dashboard   " + server.uri());
            terminal.line("token       " + token);
            terminal.line("with curl   curl -H 'Authorization: Bearer " + token + "' " + server.uri()
                    + "api/v1/infrastructures/demo");
            terminal.line("the first wave is at its height after a minute; Ctrl-C ends it");
            CountDownLatch never = new CountDownLatch(1);
            if (arguments.size() > 1) {
                return never.await(number(arguments.get(1)), TimeUnit.SECONDS) ? Program.FAILED : Program.OK;
            }
            never.await();
        }
        return Program.OK;
    }

    private static Micado infrastructure() {
        return Micado.builder()
                .name("demo")
                .orchestrator("simulated")
                .metrics(
                        "simulated",
                        Settings.of("load", Map.of("web", "2.4 +- 2.2 every 4m", "checkout", "0.8 +- 0.6 every 150s")))
                .cloud("cloud", "simulated", Settings.of("bootTime", "12s").with("bootTimeSigma", "0.3"))
                .pool(WorkerPool.builder("workers")
                        .between(1, 6)
                        .offering("cloud", "small", Settings.EMPTY)
                        .behavior(Behavior.WORKERS.withStabilization(Duration.ZERO, CALM.multipliedBy(2)))
                        .build())
                .service(service("web", 12))
                .service(service("checkout", 5))
                .passInterval(Duration.ofSeconds(2))
                .stateDirectory(Path.of(System.getProperty("java.io.tmpdir"), "micado-demo"))
                .build();
    }

    private static ServiceSpec service(String name, int most) {
        return ServiceSpec.builder(name)
                .image("demo/" + name)
                .limit(Resources.ofMebibytes(0.5, 128))
                .replicas(1, most)
                .behavior(Behavior.REPLICAS.withStabilization(Duration.ZERO, CALM))
                .build();
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw Program.Failure.unusable("not a number: " + text + "\n" + USAGE);
        }
        return Integer.parseInt(text);
    }
}

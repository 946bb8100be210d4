package io.micado.examples;

import io.micado.Micado;
import io.micado.Status;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program with a queue of orders that lets MiCADO scale the packers who work it off, by the policy of its own {@link OrdersPolicy}.
 * Cluster and cloud are simulated, so that it runs anywhere, here for {@value #SECONDS} seconds; in your program they are
 * {@code "swarm"} and a cloud such as {@code "local"}, and the rest stays as it is.
 */
public final class EmbeddedInYourApp {
    private static final String USAGE = "usage: EmbeddedInYourApp";
    private static final int SECONDS = 30;
    private static final int ORDERS_PER_PACKER = 20;
    private static final int PACKED_A_SECOND = 3;
    private static final Duration CALM = Duration.ofSeconds(4);

    private EmbeddedInYourApp() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, 0, EmbeddedInYourApp::run));
    }

    static int run(List<String> arguments, Terminal terminal) throws InterruptedException {
        Queue<Integer> orders = new ConcurrentLinkedQueue<>();
        try (Micado micado = Micado.builder()
                .name("shop")
                .orchestrator("simulated", Settings.of("taskStart", "300ms"))
                .cloud("cloud", "simulated", Settings.of("bootTime", "1500ms").with("joinTime", "300ms"))
                .pool(
                        "workers",
                        pool -> pool.between(1, 4)
                                .offering("cloud", "small", Settings.EMPTY)
                                .behavior(Behavior.WORKERS.withStabilization(Duration.ZERO, CALM)))
                .service(
                        "packers",
                        service -> service.image("shop/packer")
                                .limit(Resources.ofCores(1))
                                .replicas(1, 8)
                                .policy(PolicySpec.of(OrdersPolicy.TYPE, Settings.of("perReplica", ORDERS_PER_PACKER)))
                                .behavior(Behavior.REPLICAS.withStabilization(Duration.ZERO, CALM)))
                .passInterval(Duration.ofMillis(500))
                .stateDirectory(Path.of(System.getProperty("java.io.tmpdir"), "micado-shop"))
                .build()) {
            micado.gauge("orders.waiting", orders::size);
            micado.addListener(event -> tell(event, terminal));
            micado.start();
            for (int second = 1; second <= SECONDS; second++) {
                workForASecond(orders, second, micado);
                Status now = micado.status();
                terminal.line(String.format(
                        "%2d s: %3d orders wait, %d packers on %d workers",
                        second, orders.size(), packers(now), StressWatch.ready(now)));
            }
        }
        return Program.OK;
    }

    /** What your program does: orders come, many for a while, and each packer that runs packs some. */
    private static void workForASecond(Queue<Integer> orders, int second, Micado micado) throws InterruptedException {
        int arriving = second >= 3 && second <= 8 ? 30 : 2;
        int packed = packers(micado.status()) * PACKED_A_SECOND;
        for (int tenth = 0; tenth < 10; tenth++) {
            for (int i = share(arriving, tenth); i > 0; i--) {
                orders.add(second);
            }
            for (int i = share(packed, tenth); i > 0; i--) {
                orders.poll();
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static int share(int ofASecond, int tenth) {
        return ofASecond * (tenth + 1) / 10 - ofASecond * tenth / 10;
    }

    private static int packers(Status status) {
        return status.services().stream()
                .mapToInt(Status.ServiceStatus::running)
                .sum();
    }

    private static void tell(MicadoEvent event, Terminal terminal) {
        if (event instanceof MicadoEvent.Decided decided) {
            Decision decision = decided.decision();
            terminal.line("      " + DecisionWords.change(decision) + ": " + DecisionWords.reason(decision));
        }
    }
}

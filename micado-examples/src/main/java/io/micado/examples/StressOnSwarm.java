package io.micado.examples;

import io.micado.DestroyReport;
import io.micado.Micado;
import io.micado.Status;
import io.micado.api.error.MicadoException;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.examples.Program.Failure;
import io.micado.policy.TargetTracking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The test of MiCADO's guide, on real Docker and unattended: a stress service overloads its worker, replicas and workers are added, the
 * service is removed, the workers go, and in the end everything is gone. A worker is a container with an engine of its own.
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=io.micado.examples.StressOnSwarm
 * }</pre>
 *
 * <p>Ends with 0 when all of it was seen, 1 when something did not come about in time, 2 when this machine lacks something. Ctrl-C takes
 * everything away, too.
 */
public final class StressOnSwarm {
    private static final String USAGE = "usage: StressOnSwarm";
    private static final String NAME = "micado-stress";
    private static final String IMAGE = "progrium/stress";
    private static final int MOST_WORKERS = 3;
    private static final int MOST_REPLICAS = 6;
    private static final int ENOUGH_REPLICAS = 3;
    private static final Duration PHASE = Duration.ofMinutes(5);
    private static final Duration COMMAND = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofSeconds(10);
    /** Low, so that it is reached even where other programs leave the workers little of the CPU. */
    private static final double CPU = 0.4;

    private final Terminal terminal;
    private final StressEnvironment environment;
    private final StressWatch watch = new StressWatch();
    private final Micado micado;
    private final long start = System.nanoTime();
    private final List<String> seen = new ArrayList<>();
    private String lastLine = "";
    private Optional<Decision> lastDecision = Optional.empty();
    private Optional<Boolean> clean = Optional.empty();
    private volatile boolean interrupted;

    private StressOnSwarm(StressEnvironment environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
        micado = Micado.builder()
                .name(NAME)
                .orchestrator("swarm")
                .cloud("local", "local", environment.cloud())
                .pool(
                        "workers",
                        pool -> pool.between(1, MOST_WORKERS)
                                .offering("local", "0.5cpu-2g", Settings.EMPTY)
                                .policy(TargetTracking.cpu(CPU))
                                .maxDisruptedWorkers(MOST_WORKERS)
                                .behavior(Behavior.WORKERS
                                        .withStabilization(Duration.ZERO, CALM)
                                        .withRateIn(Behavior.Rate.count(MOST_WORKERS, CALM))))
                .service(service())
                .listener(watch)
                .build();
    }

    /** Without a reservation, as in the guide: any number of them fit on a worker, and its CPU alone tells that it has too many. */
    private static ServiceSpec service() {
        return ServiceSpec.builder(NAME)
                .image(IMAGE)
                .arguments("--cpu", "2", "--io", "1", "--vm", "2", "--vm-bytes", "128M")
                .replicas(1, MOST_REPLICAS)
                .policy(TargetTracking.builder()
                        .cpu(CPU)
                        .warmUp(Duration.ofSeconds(5))
                        .build())
                .build();
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, 0, StressOnSwarm::run));
    }

    static int run(List<String> arguments, Terminal terminal) throws InterruptedException {
        StressEnvironment environment = StressEnvironment.prepare(NAME, IMAGE, terminal);
        StressOnSwarm run = new StressOnSwarm(environment, terminal);
        Thread onInterrupt = new Thread(run::takeAwayOnInterrupt, "take everything away");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            run.micado.start();
        } catch (MicadoException e) {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            run.micado.close();
            throw Failure.unusable(e.getMessage() + environment.hintAfterFailedStart());
        }
        boolean reached = run.goThrough();
        boolean clean = run.takeAway();
        if (run.interrupted) {
            Thread.currentThread().join(); // the hook has the last word, and then the JVM ends
        }
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        run.tell(reached && clean);
        return reached && clean ? Program.OK : Program.FAILED;
    }

    // ---- the way there and back

    private boolean goThrough() throws InterruptedException {
        try {
            await(
                    "first worker",
                    "one ready worker and one running replica",
                    s -> StressWatch.ready(s) == 1 && StressWatch.running(s) == 1);
            await(
                    "under load",
                    MOST_WORKERS + " ready workers and " + ENOUGH_REPLICAS + " running replicas",
                    s -> StressWatch.ready(s) == MOST_WORKERS && StressWatch.running(s) >= ENOUGH_REPLICAS);
            finish(micado.remove(NAME), "removing " + NAME);
            await(
                    "service removed",
                    "one worker and no service",
                    s -> s.services().isEmpty() && s.workers().size() == 1 && StressWatch.ready(s) == 1);
            return true;
        } catch (Failure | MicadoException e) {
            if (!interrupted) {
                terminal.error(String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    private void await(String phase, String goal, Predicate<Status> reached) throws InterruptedException {
        long begin = System.nanoTime();
        Status status = micado.status();
        while (!reached.test(status)) {
            if (interrupted) {
                throw Failure.failed("interrupted");
            }
            if (since(begin).compareTo(PHASE) > 0) {
                throw Failure.failed("not reached within " + PHASE.toMinutes() + " minutes: " + goal + "; last seen: "
                        + StressBoard.line(phase, status));
            }
            TimeUnit.MILLISECONDS.sleep(terminal.interactive() ? 1000 : 250);
            status = micado.status();
            show(phase, status);
        }
        seen.add(StressWatch.seconds(since(begin)) + " to " + goal);
    }

    private void show(String phase, Status status) {
        watch.saw(status);
        if (terminal.interactive()) {
            terminal.live(StressBoard.table(phase, since(start), status, watch.latest()));
            return;
        }
        Optional<Decision> latest = watch.latest();
        if (!latest.equals(lastDecision)) {
            lastDecision = latest;
            latest.ifPresent(decision -> terminal.line(StressBoard.clock(since(start)) + "   "
                    + DecisionWords.change(decision) + ": " + DecisionWords.reason(decision)));
        }
        String line = StressBoard.line(phase, status);
        if (!line.equals(lastLine)) {
            lastLine = line;
            terminal.line(StressBoard.clock(since(start)) + " " + line);
        }
    }

    // ---- the end

    /** {@return whether everything is gone}, which is seen to by whoever comes first: the program, or Ctrl-C. */
    private synchronized boolean takeAway() {
        if (clean.isEmpty()) {
            clean = Optional.of(destroyAndLook());
        }
        return clean.get();
    }

    private boolean destroyAndLook() {
        String infrastructure = micado.status().id().orElse("");
        try {
            long begin = System.nanoTime();
            CompletableFuture<DestroyReport> destroying = micado.destroy();
            DestroyReport report = finish(destroying, "taking everything away", PHASE);
            micado.close();
            List<String> remains = infrastructure.isEmpty() ? List.of() : environment.remains(infrastructure, NAME);
            if (!report.isClean()) {
                terminal.error(report.toString());
            }
            if (!remains.isEmpty()) {
                terminal.error("left behind: " + String.join(", ", remains));
            }
            seen.add(StressWatch.seconds(since(begin)) + " to nothing at all");
            return report.isClean() && remains.isEmpty();
        } catch (Failure | MicadoException e) {
            micado.close();
            terminal.error(e.getMessage() + "; by hand: " + environment.byHand(infrastructure));
            return false;
        }
    }

    private void takeAwayOnInterrupt() {
        interrupted = true;
        terminal.line("interrupted: taking everything away …");
        if (takeAway()) {
            terminal.line("nothing was left behind");
        }
    }

    private void tell(boolean good) {
        terminal.line("");
        terminal.line((good ? "Seen: " : "Seen, but not all of it: ") + "1 → " + watch.mostWorkers() + " workers, 1 → "
                + watch.mostReplicas() + " replicas"
                + (good ? " → service removed → 1 worker → nothing left behind" : ""));
        seen.forEach(line -> terminal.line("  " + line));
        watch.timings().forEach(line -> terminal.line("  " + line));
        terminal.line("  " + StressWatch.seconds(since(start)) + " in all");
    }

    private static <T> T finish(CompletableFuture<T> future, String what) {
        return finish(future, what, COMMAND);
    }

    private static <T> T finish(CompletableFuture<T> future, String what, Duration deadline) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Failure.failed(what + " failed: " + cause.getMessage());
        } catch (TimeoutException e) {
            throw Failure.failed(what + " took longer than " + StressWatch.seconds(deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed(what + " was interrupted");
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}

package io.micado.examples.bench;

import io.micado.Defaults;
import io.micado.Micado;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerState;
import io.micado.examples.bench.CpuByThread.Part;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Measures what the engine costs its host program: how long {@code build()} takes, cold and warm, and how much of a core
 * it uses at its default pace over 100 simulated workers and 300 replicas, in its first minutes and later, and for what. Run from the
 * command line, with the type of a policy or without; takes about 18 minutes.
 */
public final class EngineBench {
    private static final int WORKERS = 100;
    private static final int BUILDS = 20;
    private static final Duration MEASURED = Duration.ofSeconds(60);
    /** Counted from when all workers are ready; those before tell of how a program starts. */
    private static final Duration[] BEGINNINGS = {
        Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofMinutes(5), Duration.ofMinutes(15)
    };
    /** Shorter than the engine's idle threads live. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private EngineBench() {}

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws Exception {
        PolicySpec policy = arguments.length == 0 ? Defaults.POLICY : PolicySpec.of(arguments[0], Settings.EMPTY);
        logging();
        builds(policy);
        loop(policy);
    }

    /** A host program has started its own logging before: what that takes is not the engine's. */
    private static void logging() {
        long start = System.nanoTime();
        LoggerFactory.getLogger(EngineBench.class).debug("logging works");
        print("starting the log back end, ms", (System.nanoTime() - start) / 1e6);
    }

    private static void builds(PolicySpec policy) throws Exception {
        double[] millis = new double[BUILDS];
        double firstCpu = 0;
        for (int i = 0; i < BUILDS; i++) {
            Path state = Files.createTempDirectory("micado-bench");
            long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long start = System.nanoTime();
            Micado micado = infrastructure(state, policy);
            millis[i] = (System.nanoTime() - start) / 1e6;
            if (i == 0) {
                firstCpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore) / 1e6;
            }
            micado.close();
        }
        double first = millis[0];
        Arrays.sort(millis);
        print("build(), first in this JVM, ms", first);
        print("build(), first in this JVM, CPU ms of the calling thread", firstCpu);
        print("build(), median of " + BUILDS + ", ms", millis[BUILDS / 2]);
    }

    private static void loop(PolicySpec policy) throws Exception {
        try (Micado micado = infrastructure(Files.createTempDirectory("micado-bench"), policy)) {
            micado.start();
            while (ready(micado) < WORKERS) {
                pause(Duration.ofSeconds(1));
            }
            long ready = System.nanoTime();
            CpuByThread cpu = new CpuByThread();
            for (Duration beginning : BEGINNINGS) {
                cpu.look();
                pauseUntil(ready + beginning.toNanos(), cpu);
                Map<Part, Long> before = cpu.byPart();
                long passesBefore = micado.vitals().passes();
                long wallBefore = System.nanoTime();
                pauseUntil(wallBefore + MEASURED.toNanos(), cpu);
                double wall = (double) (System.nanoTime() - wallBefore);
                Map<Part, Long> after = cpu.byPart();
                String when = "from " + beginning.toSeconds() + " s on, with " + policy.type() + ", % of one core: ";
                print(when + "the process", 100.0 * (sum(after) - sum(before)) / wall);
                for (Part part : Part.values()) {
                    long time = after.getOrDefault(part, 0L) - before.getOrDefault(part, 0L);
                    print("  " + part.words(), 100.0 * time / wall);
                }
                print("  passes", (double) (micado.vitals().passes() - passesBefore));
            }
        }
    }

    private static long sum(Map<Part, Long> times) {
        return times.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Micado infrastructure(Path state, PolicySpec policy) {
        return Micado.builder()
                .name("bench")
                .stateDirectory(state)
                .orchestrator("simulated")
                .defaultPolicy(policy)
                .cloud("sim", "simulated", Settings.EMPTY)
                .pool(
                        "workers",
                        pool -> pool.between(WORKERS, WORKERS)
                                .offering("sim", "small", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(WORKERS, "fixed"))))
                .service(ServiceSpec.builder("web")
                        .image("web")
                        .limit(Resources.ofMebibytes(0.5, 64))
                        .initialReplicas(3 * WORKERS)
                        .replicas(3 * WORKERS, 3 * WORKERS)
                        .build())
                .build();
    }

    private static long ready(Micado micado) {
        return micado.status().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .count();
    }

    private static void pauseUntil(long nanoTime, CpuByThread cpu) throws InterruptedException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            pause(Duration.ofNanos(Math.min(left, BETWEEN_LOOKS.toNanos())));
            cpu.look();
        }
    }

    private static void pause(Duration duration) throws InterruptedException {
        boolean counted = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        LoggerFactory.getLogger(EngineBench.class).trace("paused: {}", counted);
    }

    private static void print(String what, double value) {
        System.out.printf(Locale.ROOT, "%-95s %8.2f%n", what, value);
    }
}

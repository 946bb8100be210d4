package io.micado.examples.bench;

import io.micado.Micado;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerState;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Measures what the engine costs its host program: how long {@code build()} takes, cold and warm, and how much of a core
 * the loop uses at its default pace over 100 simulated workers. Run from the command line; takes about two minutes.
 */
public final class EngineBench {
    private static final int WORKERS = 100;
    private static final int BUILDS = 20;
    private static final Duration MEASURED = Duration.ofSeconds(60);

    private EngineBench() {}

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws Exception {
        builds();
        loop();
    }

    private static void builds() throws Exception {
        double[] millis = new double[BUILDS];
        double firstCpu = 0;
        for (int i = 0; i < BUILDS; i++) {
            Path state = Files.createTempDirectory("micado-bench");
            long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long start = System.nanoTime();
            Micado micado = infrastructure(state);
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

    private static void loop() throws Exception {
        try (Micado micado = infrastructure(Files.createTempDirectory("micado-bench"))) {
            micado.start();
            while (ready(micado) < WORKERS) {
                pause(Duration.ofSeconds(1));
            }
            // What the just-in-time compiler spends on a young program is not the loop's.
            pause(Duration.ofSeconds(30));
            var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long cpuBefore = system.getProcessCpuTime();
            long wallBefore = System.nanoTime();
            pause(MEASURED);
            double share = (system.getProcessCpuTime() - cpuBefore) / (double) (System.nanoTime() - wallBefore);
            print("process CPU at default pace over " + WORKERS + " workers, % of one core", 100 * share);
        }
    }

    private static Micado infrastructure(Path state) {
        return Micado.builder()
                .name("bench")
                .stateDirectory(state)
                .orchestrator("simulated")
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

    private static void pause(Duration duration) throws InterruptedException {
        boolean counted = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        LoggerFactory.getLogger(EngineBench.class).trace("paused: {}", counted);
    }

    private static void print(String what, double value) {
        System.out.printf(Locale.ROOT, "%-70s %8.2f%n", what, value);
    }
}

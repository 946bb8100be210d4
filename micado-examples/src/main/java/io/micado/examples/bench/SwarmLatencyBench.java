package io.micado.examples.bench;

import io.micado.Micado;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.policy.TargetTracking;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Measures on a real Docker Swarm how fast the two levels answer: from a step of load to the first new replica running, and
 * from a task that no worker has room for to that task running on a worker that joined for it. What runs is asked of the
 * {@code docker} command ten times a second, not of MiCADO. Run from the command line on a machine whose Docker may be used and
 * whose images were made by {@code micado-examples/docker/images.sh}; the number of rounds may be given, default 10.
 */
public final class SwarmLatencyBench {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int IDLE_SECONDS = 20;

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private SwarmLatencyBench() {}

    /** Runs both measurements, prints each round and the medians, and leaves nothing behind. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
        double[] replica = new double[rounds];
        double[] worker = new double[rounds];
        AtomicInteger wanted = new AtomicInteger(1);
        Micado micado = Micado.builder()
                .name("latency")
                .orchestrator("swarm")
                .cloud("local", "local", Settings.EMPTY)
                .pool(
                        "workers",
                        // As much as a node reports, so that the Swarm and MiCADO agree on what fits.
                        pool -> pool.between(1, 2)
                                .offering(
                                        "local",
                                        "whole",
                                        Settings.of(Map.of("cpus", String.valueOf(CORES), "memory", "1GiB")))
                                .policy(PolicySpec.of(in -> Recommendation.of(1, "as many as its tasks need")))
                                .behavior(Behavior.WORKERS.withStabilization(Duration.ZERO, Duration.ofSeconds(1))))
                .policy("filler", PolicySpec.of(in -> Recommendation.of(wanted.get(), "as the bench wants")))
                .build();
        micado.start();
        try {
            until("the first worker", () -> ready(micado) == 1);
            for (int round = 0; round < rounds; round++) {
                replica[round] = loadToReplica(micado, round);
                System.out.printf(
                        Locale.ROOT,
                        "round %d: load step to first new replica running %.1f s%n",
                        round + 1,
                        replica[round]);
            }
            for (int round = 0; round < rounds; round++) {
                worker[round] = pendingToRunning(micado, wanted, round);
                System.out.printf(
                        Locale.ROOT, "round %d: pending to running on a new worker %.1f s%n", round + 1, worker[round]);
            }
        } finally {
            System.out.println(micado.destroy().get(10, TimeUnit.MINUTES));
            micado.close();
        }
        System.out.printf(
                Locale.ROOT,
                "load step to first new replica running, median of %d: %.1f s (metric interval 5 s)%n",
                rounds,
                median(replica));
        System.out.printf(
                Locale.ROOT, "pending to running on a new worker, median of %d: %.1f s%n", rounds, median(worker));
    }

    /** The service idles until it has been measured, then keeps its core busy: the step is when the idling ends. */
    private static double loadToReplica(Micado micado, int round) throws Exception {
        String name = "step-" + round;
        // Another second in each round, so that the step falls anywhere between two measurements.
        Duration idle = Duration.ofSeconds(IDLE_SECONDS + round);
        micado.deploy(ServiceSpec.builder(name)
                        .image("micado/busybox")
                        .arguments("sh", "-c", "sleep " + idle.toSeconds() + "; while :; do :; done")
                        .limit(Resources.ofMebibytes(0.2, 32))
                        .replicas(1, 2)
                        .policy(TargetTracking.cpu(0.6))
                        .build())
                .get(1, TimeUnit.MINUTES);
        until("the first replica", () -> DockerSwarm.tasks(name, "Running") >= 1);
        long step = System.nanoTime() + idle.toNanos();
        until("the second replica", () -> DockerSwarm.tasks(name, "Running") >= 2);
        double seconds = (System.nanoTime() - step) / 1e9;
        micado.remove(name).get(1, TimeUnit.MINUTES);
        until("its end", () -> running(micado, name) == 0);
        return seconds;
    }

    private static double pendingToRunning(Micado micado, AtomicInteger wanted, int round) throws Exception {
        wanted.set(1);
        micado.deploy(ServiceSpec.builder("filler")
                        .image("micado/busybox")
                        .arguments("sleep", "100000")
                        .limit(Resources.ofMebibytes(0.75 * CORES, 32))
                        .replicas(1, 2)
                        .behavior(Behavior.IMMEDIATE)
                        .build())
                .get(1, TimeUnit.MINUTES);
        until(
                "one worker and one replica",
                () -> ready(micado) == 1 && workers(micado) == 1 && running(micado, "filler") == 1);
        wanted.set(2);
        until("a pending task", () -> DockerSwarm.tasks("filler", "Pending") > 0);
        long start = System.nanoTime();
        until("both replicas", () -> DockerSwarm.tasks("filler", "Running") == 2);
        double seconds = (System.nanoTime() - start) / 1e9;
        wanted.set(1);
        micado.remove("filler").get(1, TimeUnit.MINUTES);
        until("one worker after round " + round, () -> workers(micado) == 1);
        return seconds;
    }

    private static long ready(Micado micado) {
        return micado.status().workers().stream()
                .filter(worker -> worker.state().name().equals("READY"))
                .count();
    }

    private static int workers(Micado micado) {
        return micado.status().workers().size();
    }

    private static int running(Micado micado, String service) {
        return micado.status().services().stream()
                .filter(one -> one.name().equals(service))
                .mapToInt(one -> one.running())
                .sum();
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            boolean never = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            assert !never;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

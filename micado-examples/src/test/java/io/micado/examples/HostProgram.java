package io.micado.examples;

import io.micado.Micado;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerState;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A host program to be killed by a test: it keeps two workers on the local Docker and prints a line each second. On a line of
 * its standard input it destroys the infrastructure, prints what is left, and ends.
 */
public final class HostProgram {
    static final String INFRASTRUCTURE = "killed-host";
    static final int WORKERS = 2;

    private HostProgram() {}

    /**
     * Runs until it is killed or told to destroy.
     *
     * @param arguments the private directory for memory and sockets
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Micado micado = Micado.builder()
                .name(INFRASTRUCTURE)
                .stateDirectory(directory.resolve("memory"))
                .orchestrator("swarm")
                .cloud(
                        "local",
                        "local",
                        Settings.of(
                                "stateDirectory", directory.resolve("engines").toString()))
                .pool(
                        "workers",
                        pool -> pool.between(WORKERS, WORKERS)
                                .offering("local", "any", Settings.of(Map.of("cpus", "0.5", "memory", "256MiB")))
                                .policy(PolicySpec.of(in -> Recommendation.of(WORKERS, "always"))))
                .build();
        micado.start();
        while (System.in.available() == 0) {
            long ready = micado.status().workers().stream()
                    .filter(worker -> worker.state() == WorkerState.READY)
                    .count();
            System.out.println("acting=" + micado.status().acting() + " ready=" + ready);
            if (new CountDownLatch(1).await(1, TimeUnit.SECONDS)) {
                break;
            }
        }
        System.out.println("report: " + micado.destroy().get(5, TimeUnit.MINUTES));
        micado.close();
    }
}

package io.micado.examples.bench;

import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerSettings;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the Swarm by the {@code docker} command, so that what MiCADO did is judged by somebody else. Used by the benchmarks and tests of
 * the real Swarm. Not instantiable.
 */
final class DockerSwarm {
    private DockerSwarm() {}

    /** {@return how many tasks of a service are to run and are in this state, such as {@code Running}} */
    static int tasks(String service, String state) {
        return (int)
                lines("service", "ps", service, "--filter", "desired-state=running", "--format", "{{.CurrentState}}")
                        .stream()
                        .filter(line -> line.startsWith(state))
                        .count();
    }

    /** Sets the replicas of a service, as a person would. */
    static void scale(String service, int replicas) {
        lines("service", "scale", "--detach", service + "=" + replicas);
    }

    /** {@return the address at which containers reach this machine} */
    static InetAddress gateway() throws IOException {
        try (DockerEngine engine =
                DockerEngine.open(DockerConnection.at(DockerSettings.defaultHost()), new SystemTimekeeper())) {
            return InetAddress.getByName(engine.networkGateway("bridge")
                    .orElseThrow(() -> new IOException("the engine has no network \"bridge\"")));
        }
    }

    /** {@return whether the engine has an image} */
    static boolean hasImage(String image) {
        return lines("image", "inspect", "--format", "{{.Os}}", image).contains("linux");
    }

    /** {@return in which state the engine is as a member of a Swarm, such as {@code inactive}; empty when it does not answer} */
    static String membership() {
        return String.join("", lines("info", "--format", "{{.Swarm.LocalNodeState}}"));
    }

    /** {@return what the command writes; nothing when it fails} */
    static List<String> lines(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("docker", "-H", DockerSettings.defaultHost().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                return lines.lines().toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the docker command cannot be run", e);
        }
    }
}

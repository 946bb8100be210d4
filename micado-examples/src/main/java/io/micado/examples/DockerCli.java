package io.micado.examples;

import io.micado.docker.DockerSettings;
import io.micado.examples.Program.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the engine by the {@code docker} command what is there, so that what MiCADO says is checked by somebody else. Used by
 * {@link StressEnvironment}. Thread-safe.
 */
final class DockerCli {
    private static final long ANSWER_SECONDS = 20;

    private final String host = DockerSettings.defaultHost().toString();

    /** {@return the engine's address} */
    String host() {
        return host;
    }

    /**
     * {@return the lines that the command writes}
     *
     * @throws Failure when there is no such command, no answer in time, or it fails
     */
    List<String> lines(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host));
        command.addAll(List.of(arguments));
        List<String> lines = new ArrayList<>();
        int exitCode = run(command, ANSWER_SECONDS, lines::add);
        if (exitCode != 0) {
            throw Failure.unusable("\"docker " + String.join(" ", arguments) + "\" failed: " + String.join(" ", lines));
        }
        return List.copyOf(lines);
    }

    /** {@return whether the command succeeds} */
    boolean succeeds(String... arguments) {
        try {
            lines(arguments);
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    /** {@return the exit code of a command that knows the engine by {@code DOCKER_HOST}} */
    int run(List<String> command, long seconds, Consumer<String> output) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.put("DOCKER_HOST", host);
            Process process = builder.start();
            CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(output);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw Failure.unusable("the command \"" + command.get(0) + "\" cannot be run (" + e.getMessage()
                    + "); install it, this example needs it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted");
        }
    }
}

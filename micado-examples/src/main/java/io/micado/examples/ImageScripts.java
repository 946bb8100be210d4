package io.micado.examples;

import io.micado.examples.Program.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs the bundled script that makes images without a registry. Used by {@link StressEnvironment}. Not instantiable. */
final class ImageScripts {
    private static final String SCRIPT = "images.sh";
    private static final List<String> FILES = List.of(SCRIPT, "worker-entrypoint.sh");
    private static final long MOST_SECONDS = 20 * 60;

    private ImageScripts() {}

    /**
     * Makes images.
     *
     * @param names as the script calls them
     */
    static void make(DockerCli docker, List<String> names, Terminal terminal) {
        terminal.line("making the images that are missing (" + String.join(", ", names) + "), about a minute each …");
        try {
            Path directory = Files.createTempDirectory("micado-images");
            try {
                unpackTo(directory);
                List<String> command = new ArrayList<>(
                        List.of("bash", directory.resolve(SCRIPT).toString()));
                command.addAll(names);
                if (docker.run(command, MOST_SECONDS, line -> terminal.line("  " + line)) != 0) {
                    throw Failure.unusable(
                            "the images " + names + " are missing and could not be made; the lines above say why");
                }
            } finally {
                for (String file : FILES) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled scripts cannot be unpacked", e);
        }
    }

    private static void unpackTo(Path directory) throws IOException {
        for (String file : FILES) {
            String resource = "docker/" + file;
            try (InputStream in = Objects.requireNonNull(
                    ImageScripts.class.getResourceAsStream(resource), () -> "there is no resource " + resource)) {
                Files.copy(in, directory.resolve(file));
            }
        }
    }
}

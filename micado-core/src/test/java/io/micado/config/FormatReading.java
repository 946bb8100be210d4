package io.micado.config;

import io.micado.Micado;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads texts as configuration files, for the tests of this package. */
final class FormatReading {
    private FormatReading() {}

    /** {@return a resource of this package} */
    static String resource(String name) {
        try (var in = FormatReading.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a file {@code micado.yaml} in a folder} */
    static Path file(Path folder, String text) {
        try {
            return Files.writeString(folder.resolve("micado.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return every problem of a text, with the file's folder left out; none when an infrastructure can be built of it} */
    static List<String> problems(Path folder, Timekeeper time, String text) {
        Path file = file(folder, text);
        try {
            InfrastructureDescription description = ConfigurationFiles.read(file);
            Micado.builder().from(description).timekeeper(time).build().close();
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(Problem::toString)
                    .map(problem -> problem.replace(folder + "/", ""))
                    .toList();
        }
    }
}

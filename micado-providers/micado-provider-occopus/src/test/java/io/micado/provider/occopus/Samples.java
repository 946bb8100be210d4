package io.micado.provider.occopus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files in the shape of those of MiCADO 0.3 and Occopus, for the tests of this package. */
final class Samples {
    /** The file as it is published, with the blocks of all clouds commented out. */
    static final String COMMENTED = resource("micado-0.3-commented.yaml");

    private Samples() {}

    static String resource(String name) {
        try (var in = Samples.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the published file with the block under this heading uncommented, as a user does: the first "#" of each line is gone} */
    static String uncommented(String text, String heading) {
        List<String> lines = new ArrayList<>();
        boolean within = false;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("#USER DATA") || line.startsWith("#Scaling") || line.startsWith("# the agent")) {
                within = line.equals(heading);
                lines.add(line);
            } else {
                lines.add(within && line.startsWith("#") ? line.substring(1) : line);
            }
        }
        return String.join("\n", lines);
    }

    /** {@return the same with every placeholder filled in} */
    static String filledIn(String text) {
        return text.replace("YOUR_ENDPOINT", "https://cloud.example.org/v3")
                .replaceAll("UBUNTU_16.04_IMAGE_ID", "image-1")
                .replaceAll("KEY_UUID", "key-1")
                .replaceAll("PORTS_TO_BE_OPENED", "22,80")
                .replaceAll("YOUR_[A-Z_]+", "mine");
    }

    static Path write(Path folder, String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

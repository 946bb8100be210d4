package io.micado.config;

import io.micado.api.config.ConfigurationFormat;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import io.micado.internal.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an infrastructure from a file of whatever format: our own or one of a plug-in on the class path. Called by host programs, on
 * any thread. Not instantiable.
 */
public final class ConfigurationFiles {
    private ConfigurationFiles() {}

    /**
     * {@return what a file describes, and everything that is wrong with it}
     *
     * @param first the file, or a folder with all that belongs to it
     * @param others other files that belong to it; none takes those that are found beside it
     * @throws ConfigurationException when it cannot be read at all
     */
    public static InfrastructureDescription read(Path first, Path... others) {
        return read(null, first, others);
    }

    /**
     * {@return what a file describes, and everything that is wrong with it}
     *
     * @param classLoader where formats are looked for; null takes the thread's class loader, else ours
     * @param first the file, or a folder with all that belongs to it
     * @param others other files that belong to it; none takes those that are found beside it
     * @throws ConfigurationException when it cannot be read at all
     */
    public static InfrastructureDescription read(@Nullable ClassLoader classLoader, Path first, Path... others) {
        List<ConfigurationFormat> formats =
                new PluginRegistry(classLoader).formats().all();
        Found found = find(formats, first, List.of(others));
        return found.format().read(found.file());
    }

    /** The file that describes the infrastructure, and the format that recognised it. */
    private record Found(ConfigurationFile file, ConfigurationFormat format) {}

    private static Found find(List<ConfigurationFormat> formats, Path first, List<Path> others) {
        boolean folder = Files.isDirectory(first);
        List<Path> candidates = new ArrayList<>();
        if (folder) {
            candidates.addAll(ConfigurationFile.yamlFiles(first));
        } else {
            candidates.add(first);
        }
        candidates.addAll(others);
        boolean alone = !folder && others.isEmpty();
        List<Found> found = new ArrayList<>();
        for (Path candidate : candidates) {
            ConfigurationFile file = new ConfigurationFile(candidate, alone || folder ? null : candidates);
            formats.stream()
                    .filter(format -> format.recognises(file.text()))
                    .findFirst()
                    .ifPresent(format -> found.add(new Found(file, format)));
        }
        if (found.size() > 1) {
            throw failure(
                    first,
                    "several of the files describe an infrastructure: "
                            + String.join(
                                    ", ",
                                    found.stream()
                                            .map(f -> f.file().path().toString())
                                            .toList()) + "; name the one that is meant");
        }
        if (!found.isEmpty()) {
            return found.get(0);
        }
        if (alone) {
            return new Found(new ConfigurationFile(first, null), unrecognised(formats, first));
        }
        throw failure(first, "none of the files describes an infrastructure" + formatsOf(formats));
    }

    /** What no format recognises is probably meant for our own one, which then tells what is missing. */
    private static ConfigurationFormat unrecognised(List<ConfigurationFormat> formats, Path file) {
        String text = new ConfigurationFile(file, null).text().text();
        boolean plugIn = formats.stream().anyMatch(format -> format.type().equals("occopus"));
        boolean micado03 = text.contains("#cloud-config") || text.contains("write_files:");
        boolean occopus = text.contains("infra_name:") || text.contains("node_def:");
        if (!plugIn && (micado03 || occopus)) {
            throw failure(
                    file,
                    "looks like a file of " + (micado03 ? "MiCADO 0.3" : "Occopus")
                            + "; add io.micado:micado-provider-occopus to the class path");
        }
        if (text.contains("node_def:")) {
            throw failure(file, "holds node definitions; name the file with infra_name and nodes that uses them");
        }
        return formats.stream()
                .filter(format -> format.type().equals(MicadoFormat.TYPE))
                .findFirst()
                .orElseGet(MicadoFormat::new);
    }

    private static String formatsOf(List<ConfigurationFormat> formats) {
        return "; known formats: "
                + String.join(
                        ", ", formats.stream().map(ConfigurationFormat::type).toList());
    }

    private static ConfigurationException failure(Path file, String message) {
        return new ConfigurationException(
                List.of(new Problem("file", message, Optional.of(new SourcePosition(file.toString(), 1, 1)))));
    }
}

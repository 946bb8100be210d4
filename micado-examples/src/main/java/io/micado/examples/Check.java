package io.micado.examples;

import io.micado.Micado;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.config.ConfigurationFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks a configuration file of whatever format, without a network: tells everything that is wrong with it, each with its place, or
 * what of it is used and what becomes of it. Started as a program.
 *
 * <pre>{@code
 * mvn -q -Dquick compile exec:java -Dexec.mainClass=io.micado.examples.Check -Dexec.args=FILE
 * }</pre>
 */
public final class Check {
    private static final String USAGE =
            "usage: Check FILE [FILE…]   (or a folder: a MiCADO file, or the files of Occopus)";
    private static final int MOST_FILES = 100;

    private Check() {}

    /** Runs it; the arguments name the file and others that belong to it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, MOST_FILES, Check::run));
    }

    static int run(List<String> arguments, Terminal terminal) {
        if (arguments.isEmpty()) {
            terminal.error(USAGE);
            return Program.UNUSABLE;
        }
        List<Path> files = arguments.stream().map(Path::of).toList();
        List<String> changes = List.of();
        try {
            InfrastructureDescription description = ConfigurationFiles.read(
                    files.get(0), files.subList(1, files.size()).toArray(Path[]::new));
            changes = CheckReport.changes(description);
            // It opens every plug-in, which needs no network, and so finds what only the plug-ins know.
            try (Micado micado = Micado.builder().from(description).build()) {
                CheckReport.of(description).forEach(terminal::line);
                CheckedPorts.of(description, micado.cloudTraits()).forEach(terminal::line);
            }
            return Program.OK;
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> terminal.error(problem.toString()));
            changes.forEach(change -> terminal.error("read otherwise than it is written: " + change));
            int count = e.problems().size();
            terminal.error(count == 1 ? "1 problem" : count + " problems");
            return Program.FAILED;
        }
    }
}

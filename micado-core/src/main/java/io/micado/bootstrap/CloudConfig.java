package io.micado.bootstrap;

import io.micado.api.spi.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cloud-config document of cloud-init: the part of it that is needed here, as values. Immutable; shows no content.
 *
 * @param packages packages that cloud-init installs before the commands run
 * @param files files that it writes before anything else
 * @param bootCommands commands of every boot, early; each is a program and its arguments
 * @param commands commands of the first boot, last; each is a program and its arguments
 */
public record CloudConfig(
        List<String> packages,
        List<CloudConfigFile> files,
        List<List<String>> bootCommands,
        List<List<String>> commands) {

    /** Copies the lists. */
    public CloudConfig {
        packages = List.copyOf(packages);
        files = List.copyOf(files);
        bootCommands = bootCommands.stream().map(List::copyOf).toList();
        commands = commands.stream().map(List::copyOf).toList();
    }

    /** {@return the document, as user data} */
    public Secret render() {
        Map<String, Object> document = new LinkedHashMap<>();
        putUnlessEmpty(document, "packages", packages);
        putUnlessEmpty(
                document, "write_files", files.stream().map(CloudConfig::entry).toList());
        putUnlessEmpty(document, "bootcmd", bootCommands);
        putUnlessEmpty(document, "runcmd", commands);
        return Secret.of("#cloud-config\n" + YamlText.of(document));
    }

    private static Map<String, Object> entry(CloudConfigFile file) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("path", file.path());
        entry.put("permissions", file.permissions());
        entry.put("content", file.content().reveal());
        return entry;
    }

    private static void putUnlessEmpty(Map<String, Object> document, String key, List<?> value) {
        if (!value.isEmpty()) {
            document.put(key, value);
        }
    }

    @Override
    public String toString() {
        return "cloud-config with the files "
                + files.stream().map(CloudConfigFile::path).toList();
    }

    /** Starts an empty document. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a {@link CloudConfig}. Not thread-safe. */
    public static final class Builder {
        private final List<String> packages = new ArrayList<>();
        private final List<CloudConfigFile> files = new ArrayList<>();
        private final List<List<String>> bootCommands = new ArrayList<>();
        private final List<List<String>> commands = new ArrayList<>();

        private Builder() {}

        /** Adds packages of the distribution. */
        public Builder packages(List<String> names) {
            packages.addAll(names);
            return this;
        }

        /** Adds a file. */
        public Builder file(CloudConfigFile file) {
            files.add(file);
            return this;
        }

        /** Adds files. */
        public Builder files(List<CloudConfigFile> more) {
            files.addAll(more);
            return this;
        }

        /** Adds a command of every boot: a program and its arguments, of which no shell interprets anything. */
        public Builder bootCommand(List<String> programAndArguments) {
            bootCommands.add(programAndArguments);
            return this;
        }

        /** Adds a command of the first boot: a program and its arguments, of which no shell interprets anything. */
        public Builder command(List<String> programAndArguments) {
            commands.add(programAndArguments);
            return this;
        }

        /** Adds commands of the first boot. */
        public Builder commands(List<List<String>> more) {
            commands.addAll(more);
            return this;
        }

        /** {@return the document} */
        public CloudConfig build() {
            return new CloudConfig(packages, files, bootCommands, commands);
        }
    }
}

package io.micado.bootstrap;

import io.micado.api.spi.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The programs that a document brings onto a machine, and where they, their parameters and their secrets are there. Stateless. */
final class Programs {
    private static final String DIRECTORY = "/usr/local/lib/micado/";
    private static final String PARAMETERS = "/etc/micado/";
    private static final String SECRETS = "/run/micado/secrets/";
    private static final List<String> SHARED = List.of("machine.py", "consul.py");

    private Programs() {}

    /** {@return the files of a program and of what it shares with others} */
    static List<CloudConfigFile> files(String program) {
        List<CloudConfigFile> files = new ArrayList<>();
        SHARED.forEach(name -> files.add(CloudConfigFile.of(DIRECTORY + name, resource(name))));
        files.add(CloudConfigFile.of(DIRECTORY + program, resource(program)));
        return files;
    }

    static List<String> command(String program) {
        return List.of("/usr/bin/python3", DIRECTORY + program);
    }

    /** Parameters are for root alone: what a user configures may hold passwords, and addresses with tokens in them. */
    static CloudConfigFile parameters(String name, Map<String, Object> content) {
        return CloudConfigFile.secret(PARAMETERS + name, Secret.of(JsonText.of(content)));
    }

    /** A secret is in memory only, and is deleted by the program that needs it. */
    static CloudConfigFile secret(String name, Secret content) {
        return CloudConfigFile.secret(SECRETS + name, content);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(
                Programs.class.getResourceAsStream(name), () -> "there is no resource " + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a resource cannot be read", e);
        }
    }
}

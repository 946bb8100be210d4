package io.micado.swarm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CoordinationStore;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerJson;
import io.micado.docker.EngineRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps records as Docker config objects named {@code micado.NAME}, replicated by the Swarm's own consensus, for
 * {@link SwarmCluster#coordination()}. Thread-safe.
 *
 * <p>A config's data can never be changed, its labels can, and only under the version that was read: so the values are
 * labels. (A Swarm takes up to about 1.4 MB of them, limited by the size of a message between managers.)
 */
final class ConfigStore implements CoordinationStore {
    static final String PREFIX = "micado.";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,55}[a-zA-Z0-9])?");
    private static final int MOST_BYTES = 1_000_000;
    private static final String DATA = Base64.getEncoder()
            .encodeToString("A record of MiCADO; its values are the labels.\n".getBytes(StandardCharsets.UTF_8));

    private final Managers managers;

    ConfigStore(Managers managers) {
        this.managers = managers;
    }

    @Override
    public Optional<Versioned> read(String name) {
        return managers.ask(manager -> find(manager, name)).map(ConfigStore::versioned);
    }

    @Override
    public Versioned create(String name, Map<String, String> values) {
        ObjectNode body = spec(name, values);
        body.put("Data", DATA);
        return managers.ask(manager -> {
            manager.send(EngineRequest.post("/configs/create").json(body));
            return written(manager, name, values);
        });
    }

    @Override
    public Versioned update(String name, Versioned seen, Map<String, String> values) {
        String[] version = seen.version().split("@", 2);
        if (version.length != 2) {
            throw new IllegalArgumentException("this version is of another store: " + seen.version());
        }
        ObjectNode body = spec(name, values);
        EngineRequest request =
                EngineRequest.post("/configs/{}/update", version[0]).query("version", version[1]);
        return managers.ask(manager -> {
            try {
                manager.send(request.json(body));
            } catch (DockerException e) {
                if (e.kind() == ErrorKind.NOT_FOUND && find(manager, name).isPresent()) {
                    throw VersionedUpdate.conflict(
                            "record " + name + " was deleted and made anew by somebody else; read it again");
                }
                throw e;
            }
            return written(manager, name, values);
        });
    }

    /** Only a reading tells the new version; it may already be the one of somebody who was faster since. */
    private static Versioned written(DockerEngine manager, String name, Map<String, String> values) {
        Versioned now = find(manager, name)
                .map(ConfigStore::versioned)
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.NOT_FOUND, "record " + name + " was deleted by somebody else right after us"));
        if (!now.values().equals(values)) {
            throw VersionedUpdate.conflict(
                    "record " + name + " was changed by somebody else right after us; read it again");
        }
        return now;
    }

    @Override
    public void delete(String name) {
        managers.ask(manager -> {
            find(manager, name)
                    .ifPresent(config -> remove(manager, config.path("ID").asText()));
            return Boolean.TRUE;
        });
    }

    private static void remove(DockerEngine manager, String id) {
        try {
            manager.send(EngineRequest.delete("/configs/{}", id));
        } catch (DockerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Optional<ObjectNode> find(DockerEngine manager, String name) {
        try {
            return Optional.of(manager.object(EngineRequest.get("/configs/{}", configName(name))));
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Versioned versioned(ObjectNode config) {
        String version = config.path("ID").asText() + "@" + Json.version(config);
        return new Versioned(version, DockerJson.texts(config.path("Spec").path("Labels")));
    }

    private static ObjectNode spec(String name, Map<String, String> values) {
        long size = values.entrySet().stream()
                .mapToLong(e -> utf8Length(e.getKey()) + utf8Length(e.getValue()))
                .sum();
        if (size > MOST_BYTES) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "record " + name + " has " + size + " bytes; a Swarm's config takes at most " + MOST_BYTES);
        }
        ObjectNode spec = DockerJson.object();
        spec.put("Name", configName(name));
        ObjectNode labels = spec.putObject("Labels");
        values.forEach(labels::put);
        return spec;
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String configName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "a record's name must be 1 to 57 letters, digits, '_', '.' or '-', and begin and end with a letter or "
                            + "digit, got \"" + name + "\"");
        }
        return PREFIX + name;
    }
}

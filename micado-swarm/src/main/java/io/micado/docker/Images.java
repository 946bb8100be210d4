package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The images of one engine; got from {@link DockerEngine#images()}. Thread-safe.
 */
public final class Images {
    private final DockerEngine engine;

    Images(DockerEngine engine) {
        this.engine = engine;
    }

    /** {@return whether the engine has this image} */
    public boolean exists(String image) {
        return id(image).isPresent();
    }

    /** {@return the id of an image, which tells whether two engines have the same; empty when it has none} */
    public Optional<String> id(String image) {
        try {
            return Optional.of(engine.object(EngineRequest.get("/images/{}/json", image))
                    .path("Id")
                    .asText());
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Pulls an image from its registry and waits until it is there.
     *
     * @throws MicadoException of kind {@code NOT_FOUND} when the registry has no such image
     */
    public void pull(String image, Duration deadline) {
        EngineRequest request = EngineRequest.post("/images/create")
                .query("fromImage", withTag(image))
                .within(deadline);
        engine.call(request, body -> readProgress(body, "pull image " + image));
    }

    /** Loads images from a tar archive. */
    public void load(InputStream tar, Duration deadline) {
        EngineRequest request =
                EngineRequest.post("/images/load").query("quiet", true).tar(tar).within(deadline);
        engine.call(request, body -> readProgress(body, "load an image"));
    }

    /** Imports a tar archive of a root file system as an image of one layer. */
    public void importRoot(String image, InputStream tar, Duration deadline) {
        EngineRequest request = EngineRequest.post("/images/create")
                .query("fromSrc", "-")
                .query("repo", image)
                .tar(tar)
                .within(deadline);
        engine.call(request, body -> readProgress(body, "import image " + image));
    }

    /**
     * Streams an image from this engine to another one, without keeping it in memory.
     *
     * @throws MicadoException of kind {@code NOT_FOUND} when this engine has no such image
     */
    public void copyTo(DockerEngine other, String image, Duration deadline) {
        EngineRequest save = EngineRequest.get("/images/{}/get", image).within(deadline);
        engine.call(save, body -> {
            other.images().load(body, deadline);
            return Boolean.TRUE;
        });
    }

    /** The engine answers 200 before it begins, so failures come in the stream. */
    private Boolean readProgress(InputStream body, String what) throws IOException {
        FirstError error = new FirstError();
        DockerJson.readStream(body, error::look);
        String message = error.message;
        if (message != null) {
            String lower = message.toLowerCase(Locale.ROOT);
            boolean missing = lower.contains("not found") || lower.contains("manifest unknown");
            throw new MicadoException(
                    missing ? ErrorKind.NOT_FOUND : ErrorKind.TRANSIENT,
                    "Docker at " + engine.host() + " could not " + what + ": " + message);
        }
        return Boolean.TRUE;
    }

    private static String withTag(String image) {
        boolean tagged = image.contains("@") || image.lastIndexOf(':') > image.lastIndexOf('/');
        return tagged ? image : image + ":latest"; // without a tag the engine pulls all of them
    }

    /** Remembers the first error of a progress report. */
    private static final class FirstError {
        private @Nullable String message;

        void look(JsonNode line) {
            if (message == null && line.hasNonNull("error")) {
                message = line.get("error").asText();
            }
        }
    }
}

package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one engine's events, read on the thread that calls {@link #read}, which is to be one of the caller's
 * own bounded executor. Thread-safe: {@link #close} from any thread ends the reading.
 */
public final class EngineEvents implements AutoCloseable {
    /** After so long without an event a connection is made anew: it may be dead without either side knowing. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private final DockerEngine engine;
    private final Map<String, List<String>> filters;
    private DockerHttpClient.@Nullable Response open;
    private boolean closed;

    /** Prepares to read the events that pass these filters, as Docker's API knows them. */
    public EngineEvents(DockerEngine engine, Map<String, List<String>> filters) {
        this.engine = engine;
        this.filters = Map.copyOf(filters);
    }

    /**
     * Hands over events until the engine ends the stream, nothing came for five minutes, or it is closed or
     * interrupted.
     *
     * @param since from when on, in Docker's own form; empty for from now on
     * @param connected run when the engine has accepted
     * @param consumer takes each event, at once
     * @throws DockerException when the engine cannot be reached or refuses, or the connection breaks
     */
    public void read(String since, Runnable connected, Consumer<JsonNode> consumer) {
        EngineRequest request = EngineRequest.get("/events").filters(filters);
        EngineRequest from = since.isEmpty() ? request : request.query("since", since);
        String target = from.target(engine.apiPrefix());
        try (DockerHttp.Lease lease = engine.http().leaseStream(LONGEST_SILENCE);
                DockerHttpClient.Response response = lease.client()
                        .execute(DockerHttpClient.Request.builder()
                                .method("GET")
                                .path(target)
                                .build())) {
            if (!remember(response)) {
                return;
            }
            if (response.getStatusCode() >= 400) {
                byte[] answer = response.getBody().readNBytes(1024);
                throw DockerErrors.refused(
                        engine.host(), from, response.getStatusCode(), new String(answer, StandardCharsets.UTF_8));
            }
            connected.run();
            DockerJson.readStream(response.getBody(), consumer);
        } catch (DockerException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            return; // nothing happened for long: as good as an end
        } catch (IOException | RuntimeException e) {
            throw DockerErrors.failed(engine.host(), from, e);
        } finally {
            forget();
        }
    }

    private synchronized boolean remember(DockerHttpClient.Response response) {
        open = response;
        return !closed;
    }

    private synchronized void forget() {
        open = null;
    }

    /** Ends the reading for good. A second call does nothing. */
    @Override
    public void close() {
        DockerHttpClient.Response reading;
        synchronized (this) {
            closed = true;
            reading = open;
        }
        if (reading != null) {
            reading.close();
        }
    }
}

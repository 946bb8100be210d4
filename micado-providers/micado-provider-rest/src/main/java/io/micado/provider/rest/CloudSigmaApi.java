package io.micado.provider.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Secret;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import io.micado.provider.http.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls of CloudSigma's API that are needed, one method each. Used by {@link CloudSigmaCloud} and its steps on any thread. Thread-safe. */
final class CloudSigmaApi implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final int PAGE = 1_000;
    /** A list that has no end is cut here. */
    private static final int MOST_PAGES = 1_000;

    private final HttpClient http;

    CloudSigmaApi(HttpClient http) {
        this.http = http;
    }

    /** {@return all drives and servers; drives first, so that a server made meanwhile leaves no drive that looks as if it were nobody's} */
    CloudSigmaInventory inventory() {
        return CloudSigmaInventory.of(all("/drives/detail/"), all("/servers/detail/"));
    }

    private List<JsonNode> all(String path) {
        List<JsonNode> found = new ArrayList<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            HttpResponse answer =
                    http.call(HttpRequest.get(path).query("limit", PAGE).query("offset", found.size()));
            JsonNode objects = answer.json().path("objects");
            JsonNode total = answer.json().path("meta").path("total_count");
            if (!objects.isArray() || !total.isNumber()) {
                throw answer.unreadable("is no list of objects with their total count");
            }
            for (JsonNode object : objects) {
                if (object.path("uuid").asText("").isBlank()) {
                    throw answer.unreadable("lists an object without id");
                }
                found.add(object);
            }
            if (objects.isEmpty() || found.size() >= total.asInt()) {
                return found;
            }
        }
        throw new MicadoException(ErrorKind.INTERNAL, "the list " + path + " has no end");
    }

    /** {@return the id of the drive that is being cloned, with the mark in its name} */
    String cloneDrive(LaunchRequest request, Optional<EncodedUserData> userData) {
        String source = Readings.required(request.offering().settings(), CloudSigmaServer.LIBDRIVE);
        ObjectNode drive = JsonText.object().put("name", Mark.of(request).text());
        HttpRequest post = HttpRequest.post("/libdrives/{}/action/", source)
                .query("do", "clone")
                .body(JSON, JsonText.write(drive));
        return madeId(http.call(hiding(userData, post)));
    }

    /** {@return the id of the server that was made, stopped, with that drive} */
    String createServer(LaunchRequest request, String drive, Secret vncPassword, Optional<EncodedUserData> userData) {
        String password = vncPassword.reveal();
        ObjectNode server = CloudSigmaServer.asked(request, drive, password, userData.map(EncodedUserData::base64));
        ObjectNode body = JsonText.object();
        body.putArray("objects").add(server);
        HttpRequest post =
                HttpRequest.post("/servers/").body(JSON, JsonText.write(body)).hiding(password);
        return madeId(http.call(hiding(userData, post)));
    }

    private static HttpRequest hiding(Optional<EncodedUserData> userData, HttpRequest request) {
        return userData.map(data -> data.hide(request)).orElse(request);
    }

    private static String madeId(HttpResponse answer) {
        JsonNode body = answer.json();
        String id = body.path("objects").path(0).path("uuid").asText("");
        if (id.isBlank()) {
            throw answer.unreadable("names no id of what was made");
        }
        return id;
    }

    void start(String server, Optional<EncodedUserData> userData) {
        http.call(
                hiding(userData, HttpRequest.post("/servers/{}/action/", server).query("do", "start")));
    }

    void stop(String server) {
        http.call(HttpRequest.post("/servers/{}/action/", server).query("do", "stop"));
    }

    /** Deletes a server that is stopped, with its drives. */
    void deleteServer(String server) {
        http.call(HttpRequest.delete("/servers/{}/", server).query("recurse", "all_drives"));
    }

    CloudSigmaInventory.Drive drive(String drive) {
        return CloudSigmaInventory.Drive.of(
                http.call(HttpRequest.get("/drives/{}/", drive)).json());
    }

    void deleteDrive(String drive) {
        http.call(HttpRequest.delete("/drives/{}/", drive));
    }

    @Override
    public void close() {
        http.close();
    }
}

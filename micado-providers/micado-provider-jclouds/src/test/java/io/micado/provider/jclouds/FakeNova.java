package io.micado.provider.jclouds;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keystone, Nova, Glance, Neutron and Cinder as far as we use them, on one port. Thread-safe. */
final class FakeNova extends FakeApi {
    static final String LOGIN = "POST /auth/tokens";
    static final String CREATE = "POST /servers";
    static final String LIST = "GET /servers/detail";
    static final String DELETE = "DELETE /servers/ID";

    final List<JsonObject> created = new ArrayList<>();
    final List<JsonObject> logins = new ArrayList<>();
    private final Map<String, JsonObject> servers = new LinkedHashMap<>();
    final Map<String, JsonObject> floatingIps = new LinkedHashMap<>();
    final Map<String, JsonObject> volumes = new LinkedHashMap<>();
    private final List<String> validTokens = new ArrayList<>();
    private int made;
    private Optional<String> publicHost = Optional.empty();

    @Override
    String operation(Request request) {
        String path = URI.create(request.getUrl())
                .getPath()
                .replaceFirst("^/(keystone/v3|v2.1|glance/v2|neutron/v2.0|cinder)", "");
        return request.getMethod() + " " + path.replaceAll("/[0-9a-f]{8}-[0-9a-f-]{27}", "/ID");
    }

    synchronized long machines() {
        return servers.size();
    }

    /** Makes servers of an infrastructure without any request. */
    synchronized void populate(String infrastructure, int count) {
        for (int i = 0; i < count; i++) {
            add(
                    Json.of(Map.of("name", "shop-p" + i)),
                    Json.of(Map.of(
                            "micado.infrastructure",
                            infrastructure,
                            "micado.worker",
                            "p" + i,
                            "micado.pool",
                            "web",
                            "micado.format",
                            "1")));
        }
    }

    /** A server that was accepted fails while it is built. */
    synchronized void fault(String id, String message) {
        servers.get(id).addProperty("status", "ERROR");
        servers.get(id).add("fault", Json.of(Map.of("message", message, "created", "2026-01-01T00:00:01Z")));
    }

    /** The catalog names another host. */
    synchronized void publicHost(String host) {
        publicHost = Optional.of(host);
    }

    /** All tokens have run out. */
    synchronized void expireTokens() {
        validTokens.clear();
    }

    @Override
    synchronized ResponseDefinitionBuilder carryOut(String operation, Request request) {
        if (operation.equals(LOGIN)) {
            logins.add(object(request));
            String token = "token-" + logins.size();
            validTokens.add(token);
            return json(201, token()).withHeader("X-Subject-Token", token);
        }
        if (!validTokens.contains(String.valueOf(request.getHeader("X-Auth-Token")))) {
            return error(401, "error", "The request you have made requires authentication.");
        }
        String id = URI.create(request.getUrl()).getPath().replaceFirst(".*/", "");
        return switch (operation) {
            case "GET /flavors/detail" -> json(200, flavors());
            case "GET /images" -> json(200, list("images", Json.of(Map.of("id", uuid(900), "name", "debian"))));
            case "GET /networks" -> json(200, list("networks", Json.of(Map.of("id", uuid(901), "name", "net"))));
            case CREATE -> create(object(request).getAsJsonObject("server"));
            case LIST -> listServers(request);
            case DELETE ->
                servers.remove(id) == null
                        ? error(404, "itemNotFound", "Instance " + id + " could not be found.")
                        : aResponse().withStatus(204);
            case "GET /floatingips" ->
                json(200, list("floatingips", floatingIps.values().toArray(JsonObject[]::new)));
            case "GET /ports" -> json(200, ports(request));
            case "POST /floatingips" -> createFloatingIp(object(request).getAsJsonObject("floatingip"));
            case "DELETE /floatingips/ID" -> remove(floatingIps, id);
            case "GET /security-groups" -> json(200, list("security_groups"));
            case "GET /volumes/detail" ->
                json(200, list("volumes", volumes.values().toArray(JsonObject[]::new)));
            case "POST /volumes/ID/metadata" -> {
                String volume = request.getUrl().replaceFirst(".*/volumes/([^/]+)/metadata", "$1");
                volumes.get(volume).add("metadata", object(request).get("metadata"));
                yield json(200, object(request));
            }
            case "GET /volumes/ID" ->
                volumes.containsKey(id)
                        ? json(200, Json.of("volume", volumes.get(id)))
                        : error(404, "itemNotFound", "no such volume");
            case "DELETE /volumes/ID" -> remove(volumes, id);
            default -> error(404, "itemNotFound", "The resource could not be found: " + operation);
        };
    }

    private ResponseDefinitionBuilder create(JsonObject server) {
        created.add(server);
        String id = add(server, server.getAsJsonObject("metadata"));
        if (server.has("block_device_mapping_v2")) {
            String volume = uuid(++made);
            volumes.put(volume, Json.of(Map.of("id", volume, "status", "in-use")));
            JsonArray attached = new JsonArray();
            attached.add(Json.of(Map.of("id", volume)));
            servers.get(id).add("os-extended-volumes:volumes_attached", attached);
            servers.get(id).addProperty("image", "");
        }
        JsonObject answer = Json.of(Map.of("id", id, "adminPass", "marked-admin-password"));
        answer.add("links", new JsonArray());
        answer.add("security_groups", new JsonArray());
        return json(202, Json.of("server", answer));
    }

    private String add(JsonObject body, JsonObject metadata) {
        String id = uuid(++made);
        JsonObject server = Json.of(Map.of("id", id, "status", "ACTIVE", "created", "2026-01-01T00:00:00Z"));
        server.add("name", body.get("name"));
        server.add("metadata", metadata);
        server.add("flavor", Json.of(Map.of("id", "1")));
        servers.put(id, server);
        return id;
    }

    private ResponseDefinitionBuilder listServers(Request request) {
        List<JsonObject> all = new ArrayList<>(servers.values());
        String marker = request.queryParameter("marker").isPresent()
                ? request.queryParameter("marker").firstValue()
                : "";
        int from = marker.isEmpty() ? 0 : List.copyOf(servers.keySet()).indexOf(marker) + 1;
        int to = Math.min(all.size(), from + 1000);
        JsonObject answer = list("servers", all.subList(from, to).toArray(JsonObject[]::new));
        if (to < all.size()) {
            answer.add(
                    "servers_links",
                    list("x", Json.of(Map.of("rel", "next", "href", "http://nova/next")))
                            .get("x"));
        }
        return json(200, answer);
    }

    private JsonObject ports(Request request) {
        String device = request.queryParameter("device_id").firstValue();
        if (!servers.containsKey(device)) {
            return list("ports");
        }
        JsonObject port = Json.of(Map.of("id", "port-of-" + device));
        port.add(
                "fixed_ips",
                list("x", Json.of(Map.of("ip_address", "10.0.0.1"))).get("x"));
        return list("ports", port);
    }

    private ResponseDefinitionBuilder createFloatingIp(JsonObject address) {
        String id = uuid(++made);
        address.addProperty("id", id);
        floatingIps.put(id, address);
        String device = address.get("port_id").getAsString().replaceFirst("port-of-", "");
        servers.get(device)
                .add(
                        "addresses",
                        list(
                                "net",
                                Json.of(Map.of("addr", "10.0.0.1", "OS-EXT-IPS:type", "fixed")),
                                Json.of(Map.of("addr", "10.1.0.1", "OS-EXT-IPS:type", "fixed")),
                                Json.of(Map.of("addr", "198.51.100.1", "OS-EXT-IPS:type", "floating"))));
        return json(201, Json.of("floatingip", address));
    }

    private static ResponseDefinitionBuilder remove(Map<String, JsonObject> things, String id) {
        return things.remove(id) == null
                ? error(404, "NeutronError", "not found")
                : aResponse().withStatus(204);
    }

    private JsonObject token() {
        return JsonParser.parseString("""
                {"token": {"methods": ["password"], "expires_at": "2036-01-01T00:00:00.000000Z",
                 "issued_at": "2026-01-01T00:00:00.000000Z", "audit_ids": ["a"],
                 "user": {"id": "u", "name": "me", "domain": {"id": "default", "name": "Default"}},
                 "catalog": [%s, %s, %s, %s]}}
                """.formatted(
                                service("compute", "/v2.1"),
                                service("image", "/glance"),
                                service("network", "/neutron"),
                                service("volumev3", "/cinder")))
                .getAsJsonObject();
    }

    private String service(String type, String path) {
        return """
                {"type": "%s", "id": "%s", "name": "%s", "endpoints":
                 [{"id": "e", "interface": "internal", "region": "RegionOne", "region_id": "RegionOne", "url": "http://internal"},
                  {"id": "f", "interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "%s%s"}]}
                """.formatted(type, type, type, publicHost.orElseGet(this::http), path);
    }

    private static JsonObject flavors() {
        return JsonParser.parseString("""
                {"flavors": [
                 {"id": "1", "name": "m1.small", "ram": 2048, "vcpus": 1, "disk": 10, "links": []},
                 {"id": "2", "name": "m1.large", "ram": 8192, "vcpus": 4, "disk": 40, "links": []}]}
                """).getAsJsonObject();
    }

    static JsonObject list(String name, JsonObject... items) {
        JsonArray array = new JsonArray();
        for (JsonObject item : items) {
            array.add(item);
        }
        return Json.of(name, array);
    }

    static ResponseDefinitionBuilder json(int status, JsonObject body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body.toString());
    }

    static ResponseDefinitionBuilder error(int status, String name, String message) {
        JsonObject error = Json.of(Map.of("message", message));
        error.addProperty("code", status);
        return json(status, Json.of(name, error));
    }

    private static JsonObject object(Request request) {
        return JsonParser.parseString(request.getBodyAsString()).getAsJsonObject();
    }

    private static String uuid(int number) {
        return new UUID(0x1000_4000L, 0x8000_0000_0000_0000L + number).toString();
    }
}

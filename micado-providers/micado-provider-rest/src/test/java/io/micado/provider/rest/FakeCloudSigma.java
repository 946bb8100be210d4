package io.micado.provider.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** CloudSigma's API 2.0 as far as it is used: drives that take a while to clone, servers that take a while to stop. */
final class FakeCloudSigma extends FakeServer {
    static final String LIBDRIVE = "0644fb79-0a4d-4ca3-ad1e-aeca59a5d7ac";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/api/2.0";

    final Map<String, ObjectNode> drives = new LinkedHashMap<>();
    final Map<String, ObjectNode> servers = new LinkedHashMap<>();
    private int cloneLooks = 1;
    private boolean funds = true;
    private boolean drivesHidden;
    private int made;

    /** Lets clones be ready when they have been listed so often. */
    synchronized void cloningTakes(int looks) {
        cloneLooks = looks;
    }

    @Override
    synchronized void addOthers(int count) {
        for (int i = 0; i < count; i++) {
            ObjectNode drive = JSON.createObjectNode();
            drive.put("uuid", "drive-" + i).put("name", "somebody's").put("status", "unmounted");
            drives.put("drive-" + i, drive);
            ObjectNode server = JSON.createObjectNode();
            server.put("uuid", "server-" + i).put("name", "somebody's").put("status", "running");
            servers.put("server-" + i, server);
        }
    }

    /** Lets every start fail for lack of funds. */
    synchronized void refuseStarts() {
        funds = false;
    }

    @Override
    synchronized void markAsNewer() {
        servers.values().forEach(server -> ((ObjectNode) server.path("meta")).put("micado.format", "2"));
        drives.values()
                .forEach(drive -> drive.put("name", drive.path("name").asText().replace("micado:1:", "micado:2:")));
    }

    @Override
    synchronized int machines() {
        return servers.size();
    }

    @Override
    synchronized int otherThings() {
        return drives.size();
    }

    @Override
    Answer answer(Request request) {
        if (!request.headers().getOrDefault("authorization", "").startsWith("Basic ")) {
            return Answer.of(401, error("permission", "Authentication required"));
        }
        if (request.is("GET", BASE + "/drives/detail/")) {
            Answer page = page(request, drivesHidden ? List.of() : List.copyOf(drives.values()));
            drives.values().forEach(this::cloneFurther);
            return page;
        }
        if (request.is("GET", BASE + "/servers/detail/")) {
            Answer page = page(request, List.copyOf(servers.values()));
            servers.values().forEach(FakeCloudSigma::stopFurther);
            return page;
        }
        if (request.is("POST", BASE + "/servers/")) {
            return createServer(request);
        }
        String method = request.method();
        return request.between(BASE + "/libdrives/", "/action/")
                .map(id -> cloneDrive(id, request))
                .or(() -> request.between(BASE + "/servers/", "/action/").map(id -> act(id, request)))
                .or(() -> request.between(BASE + "/servers/", "/").map(id -> deleteServer(id, request)))
                .or(() -> request.between(BASE + "/drives/", "/")
                        .map(id -> method.equals("DELETE") ? deleteDrive(id) : drive(id)))
                .orElseGet(() -> Answer.of(404, error("notexist", "No such resource")));
    }

    private Answer page(Request request, List<ObjectNode> all) {
        int offset = Integer.parseInt(request.query().getOrDefault("offset", "0"));
        int limit = Integer.parseInt(request.query().getOrDefault("limit", "20"));
        int end = limit == 0 ? all.size() : Math.min(all.size(), offset + limit);
        ObjectNode body = JSON.createObjectNode();
        body.putObject("meta").put("limit", limit).put("offset", offset).put("total_count", all.size());
        ArrayNode objects = body.putArray("objects");
        all.subList(Math.min(offset, end), end).forEach(objects::add);
        return Answer.of(200, body.toString());
    }

    /** Lists do not show drives yet. */
    synchronized void hideDrives(boolean hide) {
        drivesHidden = hide;
    }

    private Answer cloneDrive(String source, Request request) {
        if (!source.equals(LIBDRIVE)) {
            return Answer.of(404, error("notexist", "Object with uuid " + source + " does not exist"));
        }
        ObjectNode drive = JSON.createObjectNode();
        drive.put("uuid", id("drive"));
        drive.put("name", read(request.body()).path("name").asText("clone"));
        drive.put("status", cloneLooks == 0 ? "unmounted" : "cloning_dst");
        drive.put("looks", cloneLooks);
        drive.putArray("mounted_on");
        drives.put(drive.path("uuid").asText(), drive);
        return made(202, drive);
    }

    private void cloneFurther(ObjectNode drive) {
        int left = drive.path("looks").asInt() - 1;
        drive.put("looks", left);
        if (left <= 0 && drive.path("status").asText().equals("cloning_dst")) {
            drive.put("status", "unmounted");
        }
    }

    private Answer createServer(Request request) {
        JsonNode asked = read(request.body()).path("objects").path(0);
        ObjectNode drive = drives.get(asked.path("drives").path(0).path("drive").asText());
        for (String key : List.of("name", "cpu", "mem", "vnc_password")) {
            if (!asked.has(key)) {
                return Answer.of(400, error("validation", "This field is required."));
            }
        }
        if (drive == null || !drive.path("status").asText().equals("unmounted")) {
            return Answer.of(403, error("permission", "Cannot attach a drive in state \"cloning_dst\""));
        }
        ObjectNode server = asked.deepCopy();
        server.put("uuid", id("server"));
        server.put("status", "stopped");
        server.put("smp", 1);
        server.putNull("runtime");
        ObjectNode attached = (ObjectNode) server.path("drives").path(0);
        attached.putObject("drive").put("uuid", drive.path("uuid").asText());
        drive.put("status", "mounted");
        drive.withArrayProperty("mounted_on")
                .addObject()
                .put("uuid", server.path("uuid").asText());
        servers.put(server.path("uuid").asText(), server);
        return made(201, server);
    }

    private Answer act(String id, Request request) {
        ObjectNode server = servers.get(id);
        if (server == null) {
            return Answer.of(404, error("notexist", "Object with uuid " + id + " does not exist"));
        }
        boolean start = "start".equals(request.query().get("do"));
        if (start && !funds) {
            return Answer.of(402, error("billing", "There are not enough funds in the account"));
        }
        String needed = start ? "stopped" : "running";
        if (!server.path("status").asText().equals(needed)) {
            return Answer.of(
                    403,
                    error(
                            "permission",
                            "Cannot " + request.query().get("do") + " guest in state \""
                                    + server.path("status").asText() + "\". Guest should be in state \"" + needed
                                    + "\""));
        }
        server.put("status", start ? "running" : "stopping");
        if (start) {
            ObjectNode runtime = server.putObject("runtime").put("active_since", "2026-01-01T10:00:00+00:00");
            runtime.putArray("nics").addObject().putObject("ip_v4").put("uuid", "198.51.100." + made);
        }
        return Answer.of(202, "{\"action\": \"" + request.query().get("do") + "\", \"result\": \"success\"}");
    }

    private static void stopFurther(ObjectNode server) {
        if (server.path("status").asText().equals("stopping")) {
            server.put("status", "stopped");
        }
    }

    private Answer deleteServer(String id, Request request) {
        ObjectNode server = servers.get(id);
        if (server == null) {
            return Answer.of(404, error("notexist", "Object with uuid " + id + " does not exist"));
        }
        if (!server.path("status").asText().equals("stopped")) {
            return Answer.of(
                    403,
                    error(
                            "permission",
                            "Cannot delete guest in state \"running\". Guest should be in state \"stopped\""));
        }
        servers.remove(id);
        server.path("drives").forEach(one -> {
            if ("all_drives".equals(request.query().get("recurse"))) {
                drives.remove(one.path("drive").path("uuid").asText());
            }
        });
        return Answer.of(204, "");
    }

    private Answer drive(String id) {
        ObjectNode drive = drives.get(id);
        return drive == null
                ? Answer.of(404, error("notexist", "Object with uuid " + id + " does not exist"))
                : Answer.of(200, drive.toString());
    }

    private Answer deleteDrive(String id) {
        return drives.remove(id) == null
                ? Answer.of(404, error("notexist", "Object with uuid " + id + " does not exist"))
                : Answer.of(204, "");
    }

    private Answer made(int status, ObjectNode object) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("objects").add(object);
        return Answer.of(status, body.toString());
    }

    private String id(String of) {
        made++;
        return UUID.nameUUIDFromBytes((of + made).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    static String error(String type, String message) {
        ObjectNode error = JSON.createObjectNode();
        error.put("error_point", (String) null);
        error.put("error_type", type);
        error.put("error_message", message);
        return "[" + error + "]";
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON was sent", e);
        }
    }
}

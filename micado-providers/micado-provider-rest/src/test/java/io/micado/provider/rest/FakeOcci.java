package io.micado.provider.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An OCCI server in the text rendering, as far as it is used. */
final class FakeOcci extends FakeServer {
    static final String MODEL = String.join(
            "\n",
            "Category: compute;scheme=\"http://schemas.ogf.org/occi/infrastructure#\";class=\"kind\";title=\"compute resource\";rel=\"http://schemas.ogf.org/occi/core#resource\";location=\"/compute/\";attributes=\"occi.compute.cores occi.compute.memory\"",
            "Category: os_tpl;scheme=\"http://schemas.ogf.org/occi/infrastructure#\";class=\"mixin\";title=\"operating system template\"",
            "Category: debian-12;scheme=\"http://occi.example.org/occi/infrastructure/os_tpl#\";class=\"mixin\";title=\"Debian 12\";rel=\"http://schemas.ogf.org/occi/infrastructure#os_tpl\";location=\"/mixin/os_tpl/debian-12/\"",
            "Category: small;scheme=\"http://schemas.fedcloud.egi.eu/occi/infrastructure/resource_tpl#\";class=\"mixin\";title=\"Small Instance - 1 core and 2 GB RAM\";rel=\"http://schemas.ogf.org/occi/infrastructure#resource_tpl http://schemas.ogf.org/occi/infrastructure#compute\";location=\"/mixin/resource_tpl/small/\"",
            "Category: public_key;scheme=\"http://schemas.openstack.org/instance/credentials#\";class=\"mixin\";attributes=\"org.openstack.credentials.publickey.name org.openstack.credentials.publickey.data\"",
            "Category: user_data;scheme=\"http://schemas.openstack.org/compute/instance#\";class=\"mixin\";title=\"user data\";attributes=\"org.openstack.compute.user_data\"");

    /** State by id. */
    final Map<String, String> states = new LinkedHashMap<>();

    private final Map<String, String> titles = new LinkedHashMap<>();
    String lastCreated = "";
    private int made;

    @Override
    synchronized void addOthers(int count) {
        for (int i = 0; i < count; i++) {
            made++;
            states.put(String.valueOf(made), "active");
            titles.put(String.valueOf(made), "somebody's vm " + i);
        }
    }

    @Override
    synchronized void markAsNewer() {
        titles.replaceAll((id, title) -> title.replace("micado:1:", "micado:2:"));
    }

    @Override
    synchronized int machines() {
        return states.size();
    }

    @Override
    Answer answer(Request request) {
        if (!request.headers().getOrDefault("authorization", "").startsWith("Bearer ")) {
            return Answer.of(401, "Not authorized");
        }
        if (request.is("GET", "/-/")) {
            return request.headers().getOrDefault("accept", "").contains("json")
                    ? Answer.of(406, "")
                    : Answer.of(200, MODEL);
        }
        if (request.is("POST", "/compute/")) {
            return create(request.body());
        }
        if (request.is("GET", "/compute/")) {
            return Answer.of(
                    200,
                    states.keySet().stream()
                            .map(id -> "X-OCCI-Location: " + address() + "/compute/" + id)
                            .collect(Collectors.joining("\n")));
        }
        return request.between("/compute/", "")
                .map(id -> request.method().equals("DELETE") ? delete(id) : show(id))
                .orElseGet(() -> Answer.of(404, "Requested entity was not found"));
    }

    private Answer create(String body) {
        lastCreated = body;
        Matcher title = Pattern.compile("occi\\.core\\.title=\"([^\"]*)\"").matcher(body);
        if (!body.contains("Category: debian-12;") || !body.contains("Category: small;") || !title.find()) {
            return Answer.of(400, "Failed to create requested entity");
        }
        made++;
        String id = String.valueOf(made);
        states.put(id, "inactive");
        titles.put(id, title.group(1));
        return new Answer(
                201, "X-OCCI-Location: " + address() + "/compute/" + id, Map.of("Content-Type", "text/plain"));
    }

    private Answer show(String id) {
        String state = states.get(id);
        if (state == null) {
            return Answer.of(404, "Requested entity was not found");
        }
        states.replace(id, "inactive", "active");
        return Answer.of(
                200,
                String.join(
                        "\n",
                        "Category: compute;scheme=\"http://schemas.ogf.org/occi/infrastructure#\";class=\"kind\";",
                        "Category: small;scheme=\"http://schemas.fedcloud.egi.eu/occi/infrastructure/resource_tpl#\";class=\"mixin\";",
                        "X-OCCI-Attribute: occi.core.id=\"" + id + "\"",
                        "X-OCCI-Attribute: occi.core.title=\"" + titles.get(id) + "\"",
                        "X-OCCI-Attribute: occi.compute.cores=1",
                        "X-OCCI-Attribute: occi.compute.memory=2.0",
                        "X-OCCI-Attribute: occi.compute.state=\"" + state + "\"",
                        "Link: </network/24>;rel=\"http://schemas.ogf.org/occi/infrastructure#network\";self=\"/networkinterface/compute_"
                                + id
                                + "_nic_0\";category=\"http://schemas.ogf.org/occi/infrastructure#networkinterface\";occi.networkinterface.interface=\"eth0\";occi.networkinterface.address=\"172.16.0.1\""));
    }

    private Answer delete(String id) {
        titles.remove(id);
        return states.remove(id) == null ? Answer.of(404, "Requested entity was not found") : Answer.of(204, "");
    }
}

package io.micado.provider.jclouds;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The security group that we own on OpenStack, one for each infrastructure, by a name that says whose it is, with the rules of the port plan. Needs
 * Neutron. Called by {@link NovaCloud} and {@link NovaLauncher} on the threads of {@link Calls}. Thread-safe; a group is made and changed by one at a time.
 */
final class NovaGroups {
    private static final NovaSession.Service NETWORK = NovaSession.Service.NETWORK;

    private final String cloud;
    private final NovaSession session;
    private final Map<InfrastructureId, PortPlan> plans = new HashMap<>();
    private final Map<InfrastructureId, String> known = new HashMap<>();

    NovaGroups(String cloud, NovaSession session) {
        this.cloud = cloud;
        this.session = session;
    }

    /** Brings the group to a plan if there is one, and takes notice of it for the one that a launch makes. */
    synchronized void plan(InfrastructureId infrastructure, PortPlan plan) {
        if (!session.has(NETWORK)) {
            throw new MicadoException(
                    ErrorKind.UNSUPPORTED, "cloud " + cloud + " has no Neutron, so that its ports are opened by hand");
        }
        plans.put(infrastructure, plan);
        find(infrastructure).ifPresent(group -> bringTo(group, plan));
    }

    /** {@return the group, made if there is none; empty as long as there is no plan} */
    synchronized Optional<String> groupFor(InfrastructureId infrastructure) {
        PortPlan plan = plans.get(infrastructure);
        if (plan == null) {
            return Optional.empty();
        }
        String id = known.get(infrastructure);
        if (id == null) {
            JsonObject group = find(infrastructure).orElseGet(() -> make(infrastructure));
            bringTo(group, plan);
            id = Json.requiredText(group, "id");
            known.put(infrastructure, id);
        }
        return Optional.of(id);
    }

    synchronized void forget(InfrastructureId infrastructure) {
        known.remove(infrastructure);
    }

    /** {@return the groups of an infrastructure} Two programs may have made two: names are not unique in Neutron. */
    List<Leftover> all(InfrastructureId infrastructure, boolean inUse) {
        return session.has(NETWORK)
                ? describe(infrastructure).stream()
                        .map(group ->
                                new Leftover(cloud, NovaCloud.GROUP, Json.requiredText(group, "id"), false, inUse))
                        .toList()
                : List.of();
    }

    synchronized void remove(String id) {
        known.values().remove(id);
        session.delete("removing security group " + id, NETWORK, "/security-groups/" + id);
    }

    private Optional<JsonObject> find(InfrastructureId infrastructure) {
        // Whoever looks takes the same one of several.
        return describe(infrastructure).stream().min(Comparator.comparing(group -> Json.requiredText(group, "id")));
    }

    private List<JsonObject> describe(InfrastructureId infrastructure) {
        String name = Json.encoded(Ownership.groupName(infrastructure));
        return session.list("looking up security groups", NETWORK, "/security-groups?name=" + name, "security_groups");
    }

    private JsonObject make(InfrastructureId infrastructure) {
        Map<String, String> group = new LinkedHashMap<>();
        group.put("name", Ownership.groupName(infrastructure));
        group.put("description", "workers of MiCADO");
        JsonObject answer = session.post(
                "making a security group", NETWORK, "/security-groups", Json.of("security_group", Json.of(group)));
        return Json.child(answer, "security_group")
                .orElseThrow(() -> new MicadoException(ErrorKind.INTERNAL, "the answer has no field security_group"));
    }

    private void bringTo(JsonObject group, PortPlan plan) {
        String id = Json.requiredText(group, "id");
        Map<Map<String, String>, String> present = new LinkedHashMap<>();
        for (JsonObject rule : Json.objects(group, "security_group_rules")) {
            if (Json.text(rule, "direction").filter("ingress"::equals).isPresent()) {
                present.put(rule(rule), Json.requiredText(rule, "id"));
            }
        }
        Set<Map<String, String>> wanted = rules(plan, id);
        JsonArray missing = new JsonArray();
        for (Map<String, String> rule : wanted) {
            if (!present.containsKey(rule)) {
                JsonObject full = Json.of(rule);
                full.addProperty("security_group_id", id);
                missing.add(full);
            }
        }
        if (!missing.isEmpty()) {
            open(id, missing);
        }
        present.forEach((rule, ruleId) -> {
            if (!wanted.contains(rule)) {
                close(ruleId);
            }
        });
    }

    private void open(String id, JsonArray rules) {
        try {
            session.post(
                    "opening ports of security group " + id,
                    NETWORK,
                    "/security-group-rules",
                    Json.of("security_group_rules", rules));
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.CONFLICT) { // another program has done the same; the next plan brings the rest
                throw e;
            }
        }
    }

    private void close(String rule) {
        try {
            session.delete("closing a port", NETWORK, "/security-group-rules/" + rule);
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Set<Map<String, String>> rules(PortPlan plan, String group) {
        Set<Map<String, String>> rules = new java.util.LinkedHashSet<>();
        for (PortRule rule : plan.rules()) {
            for (String peer : Peers.of(rule.source(), group, plan.managers())) {
                Map<String, String> fields = new LinkedHashMap<>();
                fields.put("direction", "ingress");
                fields.put("ethertype", peer.contains(":") ? "IPv6" : "IPv4");
                fields.put("protocol", rule.protocol().name().toLowerCase(Locale.ROOT));
                fields.put("port_range_min", String.valueOf(rule.from()));
                fields.put("port_range_max", String.valueOf(rule.to()));
                fields.put(peer.equals(group) ? "remote_group_id" : "remote_ip_prefix", peer);
                rules.add(fields);
            }
        }
        return rules;
    }

    /** {@return a rule of Neutron's in our form} */
    private static Map<String, String> rule(JsonObject rule) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : List.of(
                "direction",
                "ethertype",
                "protocol",
                "port_range_min",
                "port_range_max",
                "remote_group_id",
                "remote_ip_prefix")) {
            Json.text(rule, name).ifPresent(value -> fields.put(name, value));
        }
        return fields;
    }
}

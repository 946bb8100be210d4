package io.micado.provider.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CloudBroker Platform's REST interface as far as it is used. */
final class FakeCloudBroker extends FakeServer {
    static final String DEPLOYMENT = "e7491688-599d-4344-95ef-aff79a60890e";
    static final String INSTANCE_TYPE = "9b2028be-9287-4bf6-bbfe-bcbc92f065c0";

    /** Status by id. */
    final Map<String, String> statuses = new LinkedHashMap<>();

    private final Map<String, String> names = new LinkedHashMap<>();
    private boolean keepsNames = true;
    private int made;

    @Override
    synchronized void addOthers(int count) {
        for (int i = 0; i < count; i++) {
            statuses.put("other-" + i, "running");
            names.put("other-" + i, "somebody's instance " + i);
        }
    }

    synchronized void forgetNames() {
        keepsNames = false;
    }

    @Override
    synchronized void markAsNewer() {
        names.replaceAll((id, name) -> name.replace("micado:1:", "micado:2:"));
    }

    @Override
    synchronized int machines() {
        return (int) statuses.values().stream()
                .filter(status -> !status.equals("halted"))
                .count();
    }

    @Override
    Answer answer(Request request) {
        if (!request.headers().getOrDefault("authorization", "").startsWith("Basic ")) {
            return Answer.of(401, "HTTP Basic: Access denied.");
        }
        if (request.is("POST", "/instances.xml")) {
            return create(request.body());
        }
        if (request.is("GET", "/instances.xml")) {
            return list();
        }
        return request.between("/instances/", "/stop")
                .map(this::stop)
                .or(() -> request.between("/instances/", ".xml").map(this::show))
                .orElseGet(() -> Answer.of(404, ""));
    }

    private Answer create(String body) {
        if (!element(body, "deployment_id").equals(DEPLOYMENT)) {
            return Answer.of(422, errors("Deployment can't be blank"));
        }
        if (!element(body, "instance_type_id").equals(INSTANCE_TYPE)) {
            return Answer.of(422, errors("Instance type is not included in the list"));
        }
        made++;
        String id = "11111111-0000-0000-0000-" + String.format("%012d", made);
        statuses.put(id, "preparing");
        names.put(id, keepsNames ? element(body, "name") : "");
        return Answer.of(201, "<?xml version=\"1.0\"?>\n" + xml(id));
    }

    private Answer list() {
        List<String> all = new ArrayList<>();
        statuses.keySet().forEach(id -> all.add(xml(id)));
        statuses.replaceAll((id, status) -> switch (status) {
            case "preparing" -> "running";
            case "stopping" -> "halted";
            default -> status;
        });
        return Answer.of(
                200,
                all.isEmpty()
                        ? "<nil-classes type=\"array\"/>"
                        : "<instances type=\"array\">" + String.join("\n", all) + "</instances>");
    }

    private Answer show(String id) {
        return statuses.containsKey(id) ? Answer.of(200, xml(id)) : Answer.of(404, "");
    }

    private Answer stop(String id) {
        String status = statuses.get(id);
        if (status == null) {
            return Answer.of(404, "");
        }
        if (status.equals("stopping") || status.equals("halted")) {
            return Answer.of(422, errors("Status does not allow to stop the instance"));
        }
        statuses.put(id, "stopping");
        return Answer.of(200, "");
    }

    private String xml(String id) {
        return "<instance><id>" + id + "</id><name>" + names.get(id) + "</name><status>" + statuses.get(id)
                + "</status><internal-ip-address>10.0.0." + made + "</internal-ip-address>"
                + "<external-ip-address nil=\"true\"></external-ip-address><instance-type-id>" + INSTANCE_TYPE
                + "</instance-type-id></instance>";
    }

    private static String errors(String error) {
        return "<?xml version=\"1.0\"?><errors><error>" + error + "</error></errors>";
    }

    private static String element(String body, String name) {
        Matcher matcher =
                Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }
}

package io.micado.provider.jclouds;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * EC2's query API as far as we use it, with what the emulator does not do: client tokens, filters by them, pages, errors. Thread-safe.
 */
final class FakeEc2 extends FakeApi {
    private final Map<String, Map<String, String>> instances = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> tags = new LinkedHashMap<>();
    private final List<Map<String, String>> forms = new ArrayList<>();
    private int made;

    @Override
    String operation(Request request) {
        return form(request).getOrDefault("Action", "");
    }

    /** {@return the forms of all requests of an action} */
    synchronized List<Map<String, String>> forms(String action) {
        return forms.stream().filter(form -> action.equals(form.get("Action"))).toList();
    }

    /** {@return how many machines exist} */
    synchronized long machines() {
        return instances.values().stream()
                .filter(instance -> !"terminated".equals(instance.get("state")))
                .count();
    }

    /** EC2 ends a machine by itself. */
    synchronized void end(String id, String code, String message) {
        instances.get(id).put("state", "terminated");
        instances.get(id).put("reason", "<code>" + code + "</code><message>" + message + "</message>");
    }

    synchronized Map<String, String> tagsOf(String id) {
        return Map.copyOf(tags.getOrDefault(id, Map.of()));
    }

    /** Makes machines of an infrastructure without any request. */
    synchronized void populate(String infrastructure, int count) {
        for (int i = 0; i < count; i++) {
            Map<String, String> instance = new TreeMap<>();
            instance.put("ClientToken", infrastructure + "/p" + i);
            instance.put("InstanceType", "t3.micro");
            String id = add(instance);
            tags.put(
                    id,
                    new TreeMap<>(Map.of(
                            "micado.infrastructure",
                            infrastructure,
                            "micado.worker",
                            "p" + i,
                            "micado.pool",
                            "web",
                            "micado.format",
                            "1",
                            "Name",
                            "shop-p" + i)));
        }
    }

    @Override
    synchronized ResponseDefinitionBuilder carryOut(String operation, Request request) {
        Map<String, String> form = form(request);
        forms.add(form);
        return switch (operation) {
            case "RunInstances" -> run(form);
            case "DescribeInstances" -> describe(form);
            case "TerminateInstances" -> terminate(form);
            case "CreateTags" -> createTags(form);
            case "DescribeInstanceTypes" ->
                ok(
                        operation,
                        "<instanceTypeSet><item><instanceType>t3.micro</instanceType>"
                                + "<vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo>"
                                + "<memoryInfo><sizeInMiB>1024</sizeInMiB></memoryInfo></item></instanceTypeSet>");
            case "DescribeSecurityGroups" -> ok(operation, "<securityGroupInfo/>");
            case "DescribeVolumes" -> ok(operation, "<volumeSet/>");
            default -> error(400, "InvalidAction", "The action " + operation + " is not valid");
        };
    }

    private ResponseDefinitionBuilder run(Map<String, String> form) {
        if (form.get("InstanceType").startsWith("no.")) {
            return error(400, "InvalidParameterValue", "Invalid value '" + form.get("InstanceType") + "'");
        }
        String id = instances.entrySet().stream()
                .filter(entry -> form.get("ClientToken").equals(entry.getValue().get("ClientToken")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> add(form));
        for (int i = 1; form.containsKey("TagSpecification." + i + ".ResourceType"); i++) {
            if (form.get("TagSpecification." + i + ".ResourceType").equals("instance")) {
                tags.put(id, tags(form, "TagSpecification." + i + ".Tag."));
            }
        }
        return ok("RunInstances", "<reservationId>r-1</reservationId><instancesSet>" + item(id) + "</instancesSet>");
    }

    private String add(Map<String, String> form) {
        made++;
        String id = String.format("i-%017x", made);
        Map<String, String> instance = new TreeMap<>(form);
        instance.put("state", "running");
        instances.put(id, instance);
        return id;
    }

    private ResponseDefinitionBuilder describe(Map<String, String> form) {
        List<String> found = new ArrayList<>();
        instances.keySet().stream().filter(id -> matches(id, form)).forEach(found::add);
        int from = Integer.parseInt(form.getOrDefault("NextToken", "").replaceFirst("^$", "0"));
        int to = Math.min(found.size(), from + Integer.parseInt(form.getOrDefault("MaxResults", "1000")));
        StringBuilder body = new StringBuilder("<reservationSet>");
        found.subList(from, to)
                .forEach(id -> body.append("<item><reservationId>r-1</reservationId><instancesSet>")
                        .append(item(id))
                        .append("</instancesSet></item>"));
        body.append("</reservationSet>");
        if (to < found.size()) {
            body.append("<nextToken>").append(to).append("</nextToken>");
        }
        return ok("DescribeInstances", body.toString());
    }

    private boolean matches(String id, Map<String, String> form) {
        for (int i = 1; form.containsKey("Filter." + i + ".Name"); i++) {
            List<String> values = list(form, "Filter." + i + ".Value.");
            Predicate<String> value = actual -> actual != null
                    && values.stream()
                            .anyMatch(v -> v.endsWith("*") ? actual.startsWith(v.replace("*", "")) : v.equals(actual));
            String name = form.get("Filter." + i + ".Name");
            String actual = switch (name) {
                case "instance-state-name" -> instances.get(id).get("state");
                case "client-token" -> instances.get(id).get("ClientToken");
                default -> tags.getOrDefault(id, Map.of()).get(name.replaceFirst("^tag:", ""));
            };
            if (!value.test(actual)) {
                return false;
            }
        }
        return true;
    }

    private ResponseDefinitionBuilder terminate(Map<String, String> form) {
        List<String> ids = list(form, "InstanceId.");
        List<String> unknown =
                ids.stream().filter(id -> !instances.containsKey(id)).toList();
        if (!unknown.isEmpty()) {
            return error(
                    400,
                    "InvalidInstanceID.NotFound",
                    unknown.size() == 1
                            ? "The instance ID '" + unknown.get(0) + "' does not exist"
                            : "The instance IDs '" + String.join(", ", unknown) + "' do not exist");
        }
        StringBuilder body = new StringBuilder("<instancesSet>");
        for (String id : ids) {
            end(id, "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
            body.append("<item><instanceId>")
                    .append(id)
                    .append("</instanceId><currentState><code>48</code><name>terminated")
                    .append(
                            "</name></currentState><previousState><code>16</code><name>running</name></previousState></item>");
        }
        return ok("TerminateInstances", body.append("</instancesSet>").toString());
    }

    private ResponseDefinitionBuilder createTags(Map<String, String> form) {
        list(form, "ResourceId.").forEach(id -> tags.put(id, tags(form, "Tag.")));
        return ok("CreateTags", "<return>true</return>");
    }

    private String item(String id) {
        Map<String, String> instance = instances.get(id);
        StringBuilder item = new StringBuilder("<item><instanceId>")
                .append(id)
                .append("</instanceId><instanceState><code>16</code><name>")
                .append(instance.get("state"))
                .append("</name></instanceState><stateReason>")
                .append(instance.getOrDefault("reason", ""))
                .append("</stateReason><clientToken>")
                .append(instance.get("ClientToken"))
                .append("</clientToken><instanceType>")
                .append(instance.get("InstanceType"))
                .append("</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime><privateIpAddress>10.0.0.1")
                .append("</privateIpAddress><tagSet>");
        tags.getOrDefault(id, Map.of())
                .forEach((key, value) -> item.append("<item><key>")
                        .append(key)
                        .append("</key><value>")
                        .append(value)
                        .append("</value></item>"));
        return item.append("</tagSet></item>").toString();
    }

    static ResponseDefinitionBuilder ok(String action, String content) {
        return aResponse()
                .withHeader("Content-Type", "text/xml;charset=UTF-8")
                .withBody("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + action
                        + "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>req-1</requestId>"
                        + content
                        + "</" + action + "Response>");
    }

    static ResponseDefinitionBuilder error(int status, String code, String message) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/xml;charset=UTF-8")
                .withBody(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>" + code
                                + "</Code><Message>" + message
                                + "</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>");
    }

    private static Map<String, String> tags(Map<String, String> form, String prefix) {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 1; form.containsKey(prefix + i + ".Key"); i++) {
            tags.put(form.get(prefix + i + ".Key"), form.getOrDefault(prefix + i + ".Value", ""));
        }
        return tags;
    }

    private static List<String> list(Map<String, String> form, String prefix) {
        List<String> values = new ArrayList<>();
        for (int i = 1; form.containsKey(prefix + i); i++) {
            values.add(form.get(prefix + i));
        }
        return values;
    }

    private static Map<String, String> form(Request request) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : request.getBodyAsString().split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}

package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.Secret;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every route that leaves an infrastructure as it was, in front of a small simulated one that all of them share. */
class RoutesTest {
    private static final String ONE = "/api/v1/infrastructures/shop";

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop(
                        "shop",
                        server -> server.token(Secret.of(Shop.TOKEN))
                                .endpoint(
                                        "POST",
                                        "/alerts/{infrastructure}",
                                        request -> Reply.json(Map.of(
                                                "heard", request.variable("infrastructure"), "body", request.json()))))
                .settled();
        shop.server.look();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void whatThereIsIsTold() throws Exception {
        Map<String, Object> status = Shop.object(shop.get(ONE));
        assertThat(status)
                .containsEntry("name", "shop")
                .containsEntry("acting", true)
                .containsEntry("stuck", false);
        assertThat(status.get("problems")).isEqualTo(List.of());
        assertThat(shop.get(ONE).body()).doesNotContain("do-not-show", Shop.TOKEN);

        Map<String, Object> web = Shop.object(shop.get(ONE + "/services/web"));
        assertThat(web)
                .containsEntry("running", 2)
                .containsEntry("desired", 2)
                .containsEntry("min", 1)
                .containsEntry("max", 6)
                .containsEntry("policy", "custom");
        assertThat(web.get("load")).isEqualTo(Map.of("name", "cpu", "value", 42.0, "target", 60.0, "unit", "%"));
        assertThat(Shop.list(shop.get(ONE + "/services"))).hasSize(1);

        String worker = shop.micado.status().workers().get(0).id().value();
        assertThat(Shop.object(shop.get(ONE + "/workers/" + worker)))
                .containsEntry("state", "ready")
                .containsEntry("pool", "worker")
                .containsEntry("runs", Map.of("web", 2));
        assertThat(Shop.list(shop.get(ONE + "/pools")).toString()).contains("desired=1", "min=1", "max=4");
        assertThat(shop.get(ONE + "/workers/nobody").statusCode()).isEqualTo(404);
        assertThat(shop.get(ONE + "/services/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> unknown = shop.get("/api/v1/infrastructures/nothing");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("there is no infrastructure \\\"nothing\\\"; there are [shop]");
        String id = shop.micado.status().id().orElseThrow();
        assertThat(Shop.object(shop.get("/api/v1/infrastructures/" + id))).containsEntry("name", "shop");
    }

    @Test
    void decisionsAreExplainedThoseThatChangeNothingIncluded() throws Exception {
        List<Object> all = Shop.list(shop.get(ONE + "/decisions"));
        assertThat(all).hasSize(2);
        List<Object> ofWeb = Shop.list(shop.get(ONE + "/decisions?target=service:web"));
        assertThat(ofWeb.toString()).contains("reason=", "steps=", "binding=", "cpu.utilisation.percent=42.0");
        assertThat(Shop.list(shop.get(ONE + "/decisions?target=service:web&limit=1")))
                .hasSize(1);
        assertThat(shop.get(ONE + "/decisions?target=service:nothing").statusCode())
                .isEqualTo(404);
        assertThat(shop.get(ONE + "/decisions?target=nonsense").statusCode()).isEqualTo(400);
        assertThat(shop.get(ONE + "/decisions?target=service:%20").statusCode()).isEqualTo(400);
        assertThat(shop.get(ONE + "/decisions?limit=x").statusCode()).isEqualTo(400);
        List<Object> changes = Shop.list(shop.get(ONE + "/events?type=decided&limit=500"));
        assertThat(changes)
                .isNotEmpty()
                .allMatch(event -> ((Map<?, ?>) event).get("type").equals("decided"));
        assertThat(shop.get(ONE + "/events?type=nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void theTimelineHasAColumnForEachNumber() throws Exception {
        Map<String, Object> timeline = Shop.object(shop.get(ONE + "/timeline?service=web&back=1h"));
        int points = ((List<?>) timeline.get("at")).size();
        assertThat(points).isPositive();
        assertThat(((Map<?, ?>) timeline.get("service")).keySet().toString())
                .isEqualTo("[desired, running, pending, load, target]");
        assertThat((List<?>) ((Map<?, ?>) timeline.get("workers")).get("ready")).hasSize(points);
        assertThat(shop.get(ONE + "/timeline?back=soon").statusCode()).isEqualTo(400);
        assertThat(shop.get(ONE + "/timeline?back=99999999999999d").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aServiceIsDeployedHeldReleasedAndRemoved() throws Exception {
        String json = """
                {"name": "extra", "image": "shop/extra", "arguments": ["-v"], "environment": {"SECRET": "s3cr3t"},
                 "limit": {"cpu": 0.1, "memory": "32MiB"}, "replicas": {"min": 1, "max": 3, "initial": 1},
                 "ports": [{"published": 8080, "target": 80}], "labels": {"team": "a"}}
                """;
        HttpResponse<String> deployed = shop.post(ONE + "/services", json);
        assertThat(deployed.statusCode()).isEqualTo(200);
        assertThat(deployed.body()).isEqualTo("{\"state\":\"done\"}");
        Shop.until(() -> running("extra") == 1);

        assertThat(shop.post(ONE + "/services/extra/scale", "{\"count\": 2, \"for\": \"10m\"}")
                        .statusCode())
                .isEqualTo(200);
        Shop.until(() -> running("extra") == 2);
        Shop.until(() -> shop.micado.vitals().holds().containsKey(TargetId.service("extra")));
        assertThat(shop.get(ONE).body()).contains("held at 2 until").doesNotContain("s3cr3t");

        assertThat(shop.post(ONE + "/services/extra/release", "").statusCode()).isEqualTo(200);
        Shop.until(() -> !shop.micado.vitals().holds().containsKey(TargetId.service("extra")));
        assertThat(shop.delete(ONE + "/services/extra").statusCode()).isEqualTo(200);
        Shop.until(() -> shop.micado.status().services().size() == 1);
        assertThat(shop.delete(ONE + "/services/extra").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsWrongWithAServiceIsSaidInOneSentence() throws Exception {
        assertRefused(
                "/services",
                "{\"name\": \"x\", \"imagee\": \"y\"}",
                "\\\"imagee\\\" is not known; did you mean \\\"image\\\"?");
        assertRefused(
                "/services",
                "{\"name\": \"x\", \"image\": \"y\", \"policy\": {\"type\": \"target-tracking\", \"warmUpp\": \"1s\"}}",
                "policy of service:x.warmUpp: is not known; did you mean \\\"warmUp\\\"?");
        assertRefused(
                "/services", "{\"name\": \"x\", \"image\": \"y\", \"policy\": \"target-trackin\"}", "target-tracking");
        assertThat(shop.micado.status().services()).hasSize(1);
        assertRefused("/services/web/scale", "{\"count\": 1, \"fro\": \"1h\"}", "did you mean \\\"for\\\"?");
        assertRefused("/services", "{\"name\": \"x\"}", "image");
        assertRefused("/services", "{\"name\": \"-x\", \"image\": \"y\"}", "name must be 1 to 63");
        assertRefused(
                "/services",
                "{\"name\": \"x\", \"image\": \"y\", \"replicas\": {\"min\": 3, \"max\": 1}}",
                "max must not be less than min");
        assertRefused(
                "/services", "{\"name\": \"x\", \"image\": \"y\", \"ports\": [80]}", "ports[0] must be an object");
        assertRefused("/services/web/scale", "{}", "count is required");
        assertRefused("/services/web/scale", "{\"count\": -1}", "count must lie within the bounds");
        assertRefused("/services/web/scale", "{\"count\": 2000000000}", "of service:web, got 2000000000");
        assertRefused("/pools/worker/scale", "{\"count\": 2000000000}", "of pool:worker, got 2000000000");
        assertRefused("/services/web/scale", "{\"count\": 1, \"for\": \"soon\"}", "for");
        assertRefused("/dry-run", "{}", "dryRun is required");
        assertRefused(
                "/services/web/scale", "{\"count\": 1, \"for\": \"99999999999999999d\"}", "for must be 366d at most");
        assertRefused(
                "/services/web/scale",
                "{\"count\": 1, \"for\": \"" + "1s".repeat(300_000) + "\"}",
                "for must be 366d at most");
        assertRefused(
                "/services",
                "{\"name\": \"x\", \"image\": \"y\", \"limit\": {\"cpu\": \"NaN\"}}",
                "limit: cpuCores must be 0 or more");
        assertThat(shop.post(ONE + "/services/nothing/scale", "{\"count\": 1}").statusCode())
                .isEqualTo(404);
        for (String strange : List.of("%20x", "%3Cscript%3E", "a%22b", "%F0%9F%90%B3", "x".repeat(1_500))) {
            assertThat(shop.post(ONE + "/services/" + strange + "/scale", "{\"count\": 1}")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(shop.post(ONE + "/services/" + strange + "/release", "").statusCode())
                    .as(strange)
                    .isLessThan(500);
            assertThat(shop.delete(ONE + "/workers/" + strange).statusCode()).isEqualTo(404);
            assertThat(shop.get(ONE + "/decisions?target=service:" + strange).statusCode())
                    .isEqualTo(404);
        }
        assertThat(shop.delete(ONE + "/workers/%20").statusCode()).isEqualTo(400);
        assertThat(shop.post(ONE + "/pools/nothing/scale", "{\"count\": 1}").statusCode())
                .isEqualTo(404);
    }

    private void assertRefused(String path, String json, String why) throws Exception {
        HttpResponse<String> answer = shop.post(ONE + path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(why);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void itIsPausedResumedAndRunDry() throws Exception {
        assertThat(shop.post(ONE + "/pause", "").body()).isEqualTo("{\"paused\":true}");
        Shop.until(() -> shop.micado.vitals().paused());
        assertThat(shop.get(ONE).body()).contains("paused: it recommends only");
        assertThat(shop.post(ONE + "/resume", "").body()).isEqualTo("{\"paused\":false}");
        Shop.until(() -> !shop.micado.vitals().paused());
        assertThat(shop.post(ONE + "/dry-run", "{\"dryRun\": true}").statusCode())
                .isEqualTo(200);
        Shop.until(() -> shop.micado.vitals().dryRun());
        HttpResponse<String> refused = shop.post(ONE + "/services/web/scale", "{\"count\": 3}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("this is a dry run");
        shop.post(ONE + "/dry-run", "{\"dryRun\": false}");
    }

    @Test
    void occopusRefusalsHaveItsShapeAndAnHonestStatus() throws Exception {
        HttpResponse<String> noFactory = shop.post("/infrastructures/", "infra_name: x");
        assertThat(noFactory.statusCode()).isEqualTo(403);
        assertThat(Shop.object(noFactory))
                .containsEntry("status_code", 403)
                .containsEntry("message", "")
                .containsEntry(
                        "reason",
                        "infrastructures cannot be made over HTTP here: the host program has given no factory for them");
        assertThat(shop.get("/infrastructures/nothing").statusCode()).isEqualTo(404);
        assertThat(shop.post("/infrastructures/shop/scaleup/nothing", "").body())
                .contains("node 'nothing' does not exist in infrastructure 'shop'");
        assertThat(shop.post("/infrastructures/shop/scaleto/worker/many", "").statusCode())
                .isEqualTo(404);
        assertThat(shop.post("/infrastructures/shop/scaledown/worker/nobody", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(shop.post("/infrastructures/shop/notify", "{}").statusCode()).isEqualTo(501);
    }

    @Test
    void metricsAreInTheFormatOfPrometheus() throws Exception {
        HttpResponse<String> answer = shop.get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("micado_acting{infrastructure=\"shop\"} 1\n")
                .contains("micado_service_running_replicas{infrastructure=\"shop\",service=\"web\"} 2\n")
                .contains("micado_workers{infrastructure=\"shop\",pool=\"worker\",state=\"ready\"} 1\n")
                .contains("micado_source_up{infrastructure=\"shop\",source=\"cloud \\\"sim\\\"\"} 1\n")
                .contains("micado_policy_input{infrastructure=\"shop\",level=\"service\",target=\"web\","
                        + "input=\"cpu.utilisation.percent\"} 42\n")
                .contains("micado_effects_total{infrastructure=\"shop\",effect=\"launch\"} 1\n")
                .containsPattern("micado_passes_total\\{infrastructure=\"shop\"} [1-9][0-9]*\n")
                .containsPattern(
                        "micado_decisions_total\\{infrastructure=\"shop\",direction=\"out\",level=\"service\"");
        String name = "[a-z_]+";
        String label = name + "=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
        String sample = name + "(?:\\{" + label + "(?:," + label + ")*})? [-+0-9.eEInf]+";
        TreeSet<String> families = new TreeSet<>();
        for (String line : answer.body().split("\n")) {
            if (line.startsWith("# TYPE ")) {
                assertThat(families.add(line.split(" ")[2])).as(line).isTrue();
            }
            assertThat(line).matches("# (?:HELP|TYPE) .+|" + sample);
        }
    }

    @Test
    void healthAnswersWithoutATokenAndTellsNoNames() throws Exception {
        for (String path : List.of("/-/healthy", "/-/ready")) {
            HttpResponse<String> answer = shop.send(
                    java.net.http.HttpRequest.newBuilder(shop.server.uri().resolve(path)));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("shop");
        }
        shop.server.add(Shop.infrastructure("never-started"));
        assertThat(shop.get("/-/ready").statusCode()).isEqualTo(503);
        assertThat(shop.get("/-/healthy").statusCode()).isEqualTo(200);
        shop.server.remove("never-started");
        assertThat(shop.get("/-/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void anEndpointOfTheHostProgramStandsBehindTheSameDoor() throws Exception {
        assertThat(Shop.object(shop.post("/alerts/shop", "{\"a\": 1}")))
                .isEqualTo(Map.of("heard", "shop", "body", Map.of("a", 1)));
        assertThat(shop.send(java.net.http.HttpRequest.newBuilder(
                                        shop.server.uri().resolve("/alerts/shop"))
                                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void theDescriptionOfTheInterfaceIsTheInterface() throws Exception {
        Map<String, Object> document = Shop.object(shop.get("/api/v1/openapi.json"));
        assertThat(document.get("openapi")).isEqualTo("3.1.0");
        Map<String, TreeSet<String>> described = new TreeMap<>();
        ((Map<?, ?>) document.get("paths")).forEach((path, item) -> {
            TreeSet<String> methods = new TreeSet<>();
            ((Map<?, ?>) item).keySet().forEach(key -> {
                if (!key.equals("parameters")) {
                    methods.add(key.toString().toUpperCase(java.util.Locale.ROOT));
                }
            });
            described.put(withoutSlash(path.toString()), methods);
        });
        Map<String, TreeSet<String>> registered = new TreeMap<>();
        for (Route route : shop.server.routes()) {
            if (!route.path().startsWith("/dashboard.")
                    && !route.path().equals("/icon.svg")
                    && !route.path().startsWith("/alerts")) {
                registered
                        .computeIfAbsent(withoutSlash(route.path()), path -> new TreeSet<>())
                        .add(route.method());
            }
        }
        assertThat(described).isEqualTo(registered);
        String text = JSON.std.asString(document);
        java.util.regex.Matcher references = java.util.regex.Pattern.compile("\"#/components/(\\w+)/(\\w+)\"")
                .matcher(text);
        Map<?, ?> components = (Map<?, ?>) document.get("components");
        while (references.find()) {
            assertThat(((Map<?, ?>) components.get(references.group(1))).get(references.group(2)))
                    .as(references.group())
                    .isNotNull();
        }
        assertFields(components, "Status", Shop.object(shop.get(ONE)));
        assertFields(components, "Service", Shop.object(shop.get(ONE + "/services/web")));
        assertFields(components, "Pool", (Map<?, ?>)
                Shop.list(shop.get(ONE + "/pools")).get(0));
        assertFields(components, "Worker", (Map<?, ?>)
                Shop.list(shop.get(ONE + "/workers")).get(0));
        assertFields(components, "Decision", (Map<?, ?>)
                Shop.list(shop.get(ONE + "/decisions")).get(0));
        assertFields(components, "Summary", (Map<?, ?>)
                Shop.list(shop.get("/api/v1/infrastructures")).get(0));
        assertFields(components, "Timeline", Shop.object(shop.get(ONE + "/timeline?service=web")));
    }

    private static void assertFields(Map<?, ?> components, String schema, Map<?, ?> answer) {
        Map<?, ?> properties =
                (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) components.get("schemas")).get(schema)).get("properties");
        assertThat(properties.keySet()).as(schema).isEqualTo(answer.keySet());
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private int running(String service) {
        return shop.micado.status().services().stream()
                .filter(one -> one.name().equals(service))
                .mapToInt(io.micado.Status.ServiceStatus::running)
                .sum();
    }
}

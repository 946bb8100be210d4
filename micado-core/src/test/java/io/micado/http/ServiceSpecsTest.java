package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Behavior.Rate;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service over HTTP: all that can be said of one, and what is wrong in plain words. */
class ServiceSpecsTest {
    private static final String EVERYTHING = """
            {"name": "web", "image": "shop/web:2", "arguments": ["-v", "8"], "environment": {"MODE": "fast"},
             "ports": [{"published": 8080, "target": 80}, {"target": 53, "protocol": "udp", "mode": "host"}],
             "limit": {"cpu": 0.5, "memory": "128MiB"}, "reservation": {"cpu": 0.25, "memory": "64MiB"},
             "constraints": ["node.labels.disk==ssd"], "labels": {"team": "a"}, "attributes": {"network": "shop"},
             "replicas": {"min": 2, "max": 8, "initial": 3},
             "policy": {"type": "target-tracking", "cpu": 0.7},
             "behavior": {"out": {"tolerance": 0.2, "stabilization": "15s", "cooldown": "30s",
                                  "rates": [{"percent": 50, "per": "1m"}, {"count": 2, "per": "1m"}]},
                          "in": {"stabilization": "10m"}},
             "surgeOnDrain": true, "keepWorker": true, "openToWorld": false}
            """;

    private static ServiceSpec read(String json) throws IOException {
        return ServiceSpecs.read(JSON.std.mapFrom(json));
    }

    @Test
    void everythingThatAServiceHasCanBeSaid() throws Exception {
        ServiceSpec expected = ServiceSpec.builder("web")
                .image("shop/web:2")
                .arguments("-v", "8")
                .environment("MODE", "fast")
                .publish(8080, 80)
                .publish(new PublishedPort(0, 53, PublishedPort.Protocol.UDP, PublishedPort.Mode.HOST))
                .limit(Resources.ofMebibytes(0.5, 128))
                .reservation(Resources.ofMebibytes(0.25, 64))
                .constraint("node.labels.disk==ssd")
                .label("team", "a")
                .attribute("network", "shop")
                .replicas(2, 8)
                .initialReplicas(3)
                .policy(PolicySpec.of("target-tracking", Settings.of("cpu", 0.7)))
                .behavior(new Behavior(
                        new Behavior.Direction(
                                0.2,
                                Duration.ofSeconds(15),
                                List.of(Rate.percent(50, Duration.ofMinutes(1)), Rate.count(2, Duration.ofMinutes(1))),
                                Duration.ofSeconds(30)),
                        Behavior.REPLICAS.in().withStabilization(Duration.ofMinutes(10))))
                .surgeOnDrain(true)
                .keepWorker(true)
                .openToWorld(false)
                .build();
        ServiceSpec read = read(EVERYTHING);
        assertThat(read).usingRecursiveComparison().isEqualTo(expected);

        // What is added to services one day has to be added above.
        ServiceSpec plain = read("{\"name\": \"x\", \"image\": \"y\"}");
        List<Method> fields = Arrays.stream(ServiceSpec.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0 && Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.getName().equals("toString"))
                .toList();
        assertThat(fields).hasSizeGreaterThan(14);
        for (Method field : fields) {
            assertThat(field.invoke(read)).as(field.getName()).isNotEqualTo(field.invoke(plain));
        }
    }

    @Test
    void aPolicyIsItsTypeOrHasItsSettingsBesideItOrInside() throws Exception {
        String start = "{\"name\": \"x\", \"image\": \"y\", \"policy\": ";
        assertThat(read(start + "\"target-tracking\"}").policy()).contains(PolicySpec.of("target-tracking"));
        PolicySpec tracking = PolicySpec.of("target-tracking", Settings.of("cpu", 0.7));
        assertThat(read(start + "{\"type\": \"target-tracking\", \"cpu\": 0.7}}")
                        .policy())
                .contains(tracking);
        assertThat(read(start + "{\"type\": \"target-tracking\", \"settings\": {\"cpu\": 0.7}}}")
                        .policy())
                .contains(tracking);
        assertThatThrownBy(() -> read(start + "{\"type\": \"target-tracking\", \"cpu\": 0.7, \"settings\": {}}}"))
                .hasMessageContaining("\"policy.cpu\" is not known");
        assertThat(read("{\"name\": \"x\", \"image\": \"y\", \"behavior\": \"immediate\"}")
                        .behavior())
                .contains(Behavior.IMMEDIATE);
    }

    @Test
    void aReferenceToASecretOfTheHostIsAText() throws Exception {
        ServiceSpec spec = read("{\"name\": \"x\", \"image\": \"y\", \"environment\": {\"A\": \"${env:PATH}\"},"
                + " \"arguments\": [\"${file:/etc/hostname}\"],"
                + " \"policy\": {\"type\": \"t\", \"key\": \"${env:PATH}\"}}");
        assertThat(spec.environment()).containsEntry("A", "${env:PATH}");
        assertThat(spec.arguments()).containsExactly("${file:/etc/hostname}");
        assertThat(spec.policy()).contains(PolicySpec.of("t", Settings.of("key", "${env:PATH}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                "imgae": "y"                                            | "imgae" is not known; did you mean "image"?
                "replicas": {"minn": 1}                                 | "replicas.minn" is not known; did you mean "min"?
                "limit": {"cpus": 1}                                    | "limit.cpus" is not known; did you mean "cpu"?
                "limit": {"cpu": -1}                                    | limit: cpu
                "arguments": ["a", ["b"]]                               | arguments must be text
                "environment": {"A": {"b": 1}}                          | environment.A must be text
                "labels": {"a": [1]}                                    | labels.a must be text
                "limit": 1                                              | limit must be an object
                "ports": [{"target": 80}, {}]                           | ports[1].target is required
                "ports": [{"targets": 80}]                              | "ports[0].targets" is not known; did you mean "target"?
                "ports": [{"target": 80, "mode": "routed"}]             | ports[0]: "routed" is none of [ingress, host]
                "ports": [{"target": 70000}]                            | ports[0]:
                "ports": {"target": 80}                                 | ports must be a list of objects
                "behavior": {"inn": {}}                                 | "behavior.inn" is not known; did you mean "in"?
                "behavior": {"in": {"rates": [{"count": 1}]}}           | behavior.in.rates[0]: must hold either percent or count
                "behavior": {"in": {"rates": [{"count": 1.5}]}}         | behavior.in.rates[0].count must be a whole number
                "behavior": {"out": {"tolerance": 2}}                   | behavior.out: tolerance must be 0 to 1
                "behavior": {"out": {"cooldown": "soon"}}               | behavior.out.cooldown must be a time span
                "behavior": "eventually"                                | behavior must be "immediate" or an object
                "policy": {"target": 1}                                 | policy.type is required
                "labels": {"micado.hold": "5"}                          | labels that begin with "micado." are reserved
                "keepWorker": "maybe"                                   | keepWorker must be true or false
                "replicas": {"min": 1, "max": 100001}                   | replicas: max must be 100000 or less, got 100001
                "replicas": {"min": 3, "max": 2}                        | replicas:""", quoteCharacter = '\'')
    void whatIsWrongIsSaidWithThePathToIt(String member, String words) {
        assertThatThrownBy(() -> read("{\"name\": \"x\", \"image\": \"y\", " + member + "}"))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageContaining(words);
    }

    @Test
    void theDescriptionOfTheInterfaceHasTheSameKeys() throws Exception {
        Map<String, Object> schemas;
        try (var in = ServiceSpecs.class.getResourceAsStream("openapi.json")) {
            Map<?, ?> components = (Map<?, ?>) JSON.std.mapFrom(in).get("components");
            schemas = cast(components.get("schemas"));
        }
        assertThat(keys(schemas, "ServiceSpec")).isEqualTo(known("\"zzzzzzzz\": 1"));
        assertThat(keys(schemas, "Replicas")).isEqualTo(known("\"replicas\": {\"zzzzzzzz\": 1}"));
        assertThat(keys(schemas, "Resources")).isEqualTo(known("\"limit\": {\"zzzzzzzz\": 1}"));
        assertThat(keys(schemas, "Port")).isEqualTo(known("\"ports\": [{\"target\": 1, \"zzzzzzzz\": 1}]"));
        assertThat(keys(schemas, "Behavior")).isEqualTo(known("\"behavior\": {\"zzzzzzzz\": 1}"));
        assertThat(keys(schemas, "Direction")).isEqualTo(known("\"behavior\": {\"in\": {\"zzzzzzzz\": 1}}"));
        assertThat(keys(schemas, "Rate")).isEqualTo(known("\"behavior\": {\"in\": {\"rates\": [{\"zzzzzzzz\": 1}]}}"));
        assertThat(keys(schemas, "Policy"))
                .isEqualTo(known("\"policy\": {\"type\": \"t\", \"settings\": {}, \"zzzzzzzz\": 1}"));
    }

    private static TreeSet<String> keys(Map<String, Object> schemas, String schema) {
        return new TreeSet<>(cast(cast(schemas.get(schema)).get("properties")).keySet());
    }

    @SuppressWarnings("unchecked") // the keys of JSON objects are texts
    private static Map<String, Object> cast(Object json) {
        return (Map<String, Object>) json;
    }

    /** {@return the keys that are told to be known where there is an unknown one} */
    private static TreeSet<String> known(String member) {
        try {
            read("{\"name\": \"x\", \"image\": \"y\", " + member + "}");
        } catch (HttpProblem e) {
            assertThat(e.detail()).contains("zzzzzzzz\" is not known");
            return new TreeSet<>(List.of(
                    e.detail().substring(e.detail().indexOf("known: ") + 7).split(", ")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was not refused: " + member);
    }
}

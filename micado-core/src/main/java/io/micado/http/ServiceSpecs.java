package io.micado.http;

import io.micado.api.error.MicadoException;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the specification of a service from JSON. Stateless. */
final class ServiceSpecs {
    private static final Set<String> KEYS = new TreeSet<>(List.of(
            "name",
            "image",
            "arguments",
            "environment",
            "ports",
            "limit",
            "reservation",
            "constraints",
            "labels",
            "replicas",
            "policy",
            "surgeOnDrain",
            "openToWorld"));

    private ServiceSpecs() {}

    /**
     * {@return the specification}
     *
     * @throws HttpProblem with status 400 and one sentence that says what is wrong
     */
    static ServiceSpec read(Map<String, Object> json) {
        for (String key : json.keySet()) {
            if (!KEYS.contains(key)) {
                throw HttpProblem.badRequest("\"" + key + "\" is not known; known are " + KEYS);
            }
        }
        try {
            return spec(Settings.of(json));
        } catch (MicadoException | IllegalArgumentException e) {
            throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static ServiceSpec spec(Settings json) {
        ServiceSpec.Builder spec = ServiceSpec.builder(json.requiredString("name"))
                .image(json.requiredString("image"))
                .arguments(json.list("arguments").toArray(String[]::new))
                .surgeOnDrain(json.bool("surgeOnDrain", false))
                .openToWorld(json.bool("openToWorld", true));
        json.map("environment").forEach(spec::environment);
        json.map("labels").forEach(spec::label);
        json.list("constraints").forEach(spec::constraint);
        if (json.raw("limit").isPresent()) {
            spec.limit(resources(inner(json, "limit")));
        }
        if (json.raw("reservation").isPresent()) {
            spec.reservation(resources(inner(json, "reservation")));
        }
        if (json.raw("ports").orElse(List.of()) instanceof List<?> ports) {
            ports.forEach(port -> spec.publish(port(settings(port, "ports"))));
        } else {
            throw new IllegalArgumentException("ports must be a list of objects");
        }
        Settings replicas = inner(json, "replicas");
        spec.replicas(replicas.integer("min", 1), replicas.integer("max", 10));
        replicas.integer("initial").ifPresent(spec::initialReplicas);
        if (json.raw("policy").isPresent()) {
            Settings policy = inner(json, "policy");
            spec.policy(PolicySpec.of(policy.requiredString("type"), inner(policy, "settings")));
        }
        return spec.build();
    }

    private static Resources resources(Settings json) {
        return Resources.of(json.number("cpu", 0), json.bytes("memory").orElse(0L));
    }

    private static PublishedPort port(Settings json) {
        return new PublishedPort(
                json.integer("published", 0),
                json.integer("target").orElseThrow(() -> new IllegalArgumentException("ports.target is required")),
                constant(PublishedPort.Protocol.class, json.string("protocol", "tcp")),
                constant(PublishedPort.Mode.class, json.string("mode", "ingress")));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("ports: \"" + word + "\" is none of "
                    + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
        }
    }

    private static Settings inner(Settings json, String key) {
        return settings(json.raw(key).orElse(Map.of()), key);
    }

    @SuppressWarnings("unchecked") // the keys of JSON objects are texts
    private static Settings settings(Object value, String key) {
        if (value instanceof Map<?, ?> map) {
            return Settings.of((Map<String, ?>) map);
        }
        throw new IllegalArgumentException(key + " must be an object");
    }
}

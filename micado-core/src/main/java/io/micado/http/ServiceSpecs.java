package io.micado.http;

import io.micado.Defaults;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Behavior.Direction;
import io.micado.api.scaling.Behavior.Rate;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the specification of a service from JSON: everything that {@link ServiceSpec} has. Stateless. */
final class ServiceSpecs {
    private static final String IMMEDIATE = "immediate";

    private ServiceSpecs() {}

    /**
     * {@return the specification}
     *
     * @throws HttpProblem with status 400 and one sentence that says what is wrong
     */
    static ServiceSpec read(Map<String, Object> json) {
        JsonReader body = JsonReader.of(json);
        String name = body.requiredText("name");
        ServiceSpec.Builder spec = body.make(() -> ServiceSpec.builder(name));
        spec.image(body.requiredText("image"));
        spec.arguments(body.texts("arguments").toArray(String[]::new));
        body.textMap("environment").forEach(spec::environment);
        body.textMap("labels").forEach((key, value) -> body.make(() -> spec.label(key, value)));
        body.textMap("attributes").forEach(spec::attribute);
        body.texts("constraints").forEach(spec::constraint);
        body.objects("ports").forEach(port -> spec.publish(port(port)));
        body.object("limit").map(ServiceSpecs::resources).ifPresent(spec::limit);
        body.object("reservation").map(ServiceSpecs::resources).ifPresent(spec::reservation);
        body.object("replicas").ifPresent(replicas -> replicas(replicas, spec));
        policy(body).ifPresent(spec::policy);
        behavior(body).ifPresent(spec::behavior);
        body.bool("surgeOnDrain").ifPresent(spec::surgeOnDrain);
        body.bool("keepWorker").ifPresent(spec::keepWorker);
        body.bool("openToWorld").ifPresent(spec::openToWorld);
        body.end();
        return body.make(spec::build);
    }

    private static void replicas(JsonReader replicas, ServiceSpec.Builder spec) {
        int min = replicas.integer("min").orElse(Defaults.REPLICAS.min());
        int max = replicas.integer("max").orElse(Defaults.REPLICAS.max());
        replicas.make(() -> spec.replicas(min, max));
        replicas.integer("initial").ifPresent(count -> replicas.make(() -> spec.initialReplicas(count)));
        replicas.end();
    }

    private static Resources resources(JsonReader amount) {
        double cpu = amount.number("cpu").orElse(0.0);
        long memory = amount.bytes("memory").orElse(0L);
        amount.end();
        return amount.make(() -> Resources.of(cpu, memory));
    }

    private static PublishedPort port(JsonReader port) {
        int published = port.integer("published").orElse(0);
        int target = port.requiredInteger("target");
        PublishedPort.Protocol protocol =
                constant(PublishedPort.Protocol.class, port, "protocol").orElse(PublishedPort.Protocol.TCP);
        PublishedPort.Mode mode =
                constant(PublishedPort.Mode.class, port, "mode").orElse(PublishedPort.Mode.INGRESS);
        port.end();
        return port.make(() -> new PublishedPort(published, target, protocol, mode));
    }

    private static <E extends Enum<E>> Optional<E> constant(Class<E> type, JsonReader of, String key) {
        return of.text(key)
                .map(word -> of.make(() -> {
                    for (E one : type.getEnumConstants()) {
                        if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                            return one;
                        }
                    }
                    throw new IllegalArgumentException("\"" + word + "\" is none of "
                            + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
                }));
    }

    /** Its type alone, or an object with the policy's settings beside its type, or inside {@code settings}. */
    private static Optional<PolicySpec> policy(JsonReader body) {
        if (body.isText("policy")) {
            return body.text("policy").map(type -> body.make(() -> PolicySpec.of(type)));
        }
        return body.object("policy").map(policy -> {
            String type = policy.requiredText("type");
            Optional<JsonReader> inside = policy.object("settings");
            if (inside.isPresent()) {
                policy.end();
            }
            return policy.make(
                    () -> PolicySpec.of(type, inside.map(JsonReader::rest).orElseGet(policy::rest)));
        });
    }

    private static Optional<Behavior> behavior(JsonReader body) {
        if (body.isText("behavior")) {
            if (body.text("behavior").filter(IMMEDIATE::equals).isEmpty()) {
                throw HttpProblem.badRequest("behavior must be \"" + IMMEDIATE + "\" or an object of out and in");
            }
            return Optional.of(Behavior.IMMEDIATE);
        }
        return body.object("behavior").map(behavior -> {
            Direction out = direction(behavior, "out", Behavior.REPLICAS.out());
            Direction in = direction(behavior, "in", Behavior.REPLICAS.in());
            behavior.end();
            return new Behavior(out, in);
        });
    }

    private static Direction direction(JsonReader behavior, String key, Direction defaults) {
        return behavior.object(key)
                .map(direction -> {
                    double tolerance = direction.number("tolerance").orElse(defaults.tolerance());
                    Duration stabilization = direction.duration("stabilization").orElse(defaults.stabilization());
                    Duration cooldown = direction.duration("cooldown").orElse(defaults.cooldown());
                    List<Rate> rates = direction.has("rates")
                            ? direction.objects("rates").stream()
                                    .map(ServiceSpecs::rate)
                                    .toList()
                            : defaults.rates();
                    direction.end();
                    return direction.make(() -> new Direction(tolerance, stabilization, rates, cooldown));
                })
                .orElse(defaults);
    }

    private static Rate rate(JsonReader rate) {
        Optional<Double> percent = rate.number("percent");
        Optional<Integer> count = rate.integer("count");
        Optional<Duration> per = rate.duration("per");
        rate.end();
        return rate.make(() -> {
            if (percent.isPresent() == count.isPresent() || per.isEmpty()) {
                throw new IllegalArgumentException("must hold either percent or count, and per, such as 15s");
            }
            return percent.isPresent()
                    ? Rate.percent(percent.get(), per.get())
                    : Rate.count(count.orElseThrow(), per.get());
        });
    }
}

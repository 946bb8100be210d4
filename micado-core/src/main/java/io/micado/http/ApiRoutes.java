package io.micado.http;

import io.micado.Defaults;
import io.micado.Micado;
import io.micado.Status;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Our own interface, {@code /api/v1}, as {@code openapi.json} describes it. Thread-safe. */
final class ApiRoutes {
    private static final String ALL = "/api/v1/infrastructures";
    private static final String ONE = ALL + "/{name}";
    private static final Duration TIMELINE = Duration.ofHours(6);

    private final Registry registry;
    private final Orders orders;
    private final Timekeeper time;

    ApiRoutes(Registry registry, Orders orders, Timekeeper time) {
        this.registry = registry;
        this.orders = orders;
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                Route.get(ALL, this::list),
                Route.get(ONE, request -> Reply.json(Views.status(shown(request), time.nanoTime()))),
                Route.delete(ONE, request -> orders.carriedOut(registry.destroy(shown(request)))),
                Route.get(ONE + "/services", request -> Reply.json(Views.services(micado(request)))),
                Route.post(ONE + "/services", this::deploy),
                Route.get(ONE + "/services/{service}", this::service),
                Route.delete(ONE + "/services/{service}", this::remove),
                Route.post(ONE + "/services/{service}/scale", request -> scale(request, service(request, "service"))),
                Route.post(
                        ONE + "/services/{service}/release", request -> release(request, service(request, "service"))),
                Route.get(ONE + "/pools", request -> Reply.json(Views.pools(micado(request)))),
                Route.post(ONE + "/pools/{pool}/scale", request -> scale(request, pool(request))),
                Route.post(ONE + "/pools/{pool}/release", request -> release(request, pool(request))),
                Route.get(
                        ONE + "/workers",
                        request -> Reply.json(Views.workers(micado(request).status()))),
                Route.get(ONE + "/workers/{worker}", this::worker),
                Route.delete(
                        ONE + "/workers/{worker}",
                        request ->
                                orders.carriedOut(micado(request).sendAway(new WorkerId(request.variable("worker"))))),
                Route.get(ONE + "/decisions", this::decisions),
                Route.get(ONE + "/events", this::events),
                Route.get(ONE + "/timeline", this::timeline),
                Route.post(ONE + "/pause", this::pause),
                Route.post(ONE + "/resume", this::resume),
                Route.post(ONE + "/dry-run", this::dryRun));
    }

    private Shown shown(Request request) {
        return registry.find(request.variable("name"));
    }

    private Micado micado(Request request) {
        return shown(request).micado();
    }

    private Reply list(Request request) {
        return Reply.json(registry.all().stream()
                .map(shown -> Views.summary(shown, time.nanoTime()))
                .toList());
    }

    private Reply service(Request request) {
        return Reply.json(named(Views.services(micado(request)), "name", "service", request.variable("service")));
    }

    private Reply worker(Request request) {
        return Reply.json(named(Views.workers(micado(request).status()), "id", "worker", request.variable("worker")));
    }

    private static Map<String, @Nullable Object> named(
            List<Map<String, @Nullable Object>> all, String key, String kind, String name) {
        return all.stream()
                .filter(one -> name.equals(String.valueOf(one.get(key))))
                .findFirst()
                .orElseThrow(() -> HttpProblem.notFound("there is no " + kind + " \"" + name + "\""));
    }

    private Reply deploy(Request request) {
        ServiceSpec spec = ServiceSpecs.read(request.json());
        return orders.carriedOut(micado(request).deploy(spec));
    }

    /** Removing what is not there is a success for the engine; here a name that nobody knows is a mistake. */
    private Reply remove(Request request) {
        Micado micado = micado(request);
        String name = request.variable("service");
        Status status = micado.status();
        boolean isKnown = status.services().stream().anyMatch(one -> one.name().equals(name))
                || status.tasks().stream().anyMatch(task -> task.service().equals(name));
        if (!isKnown) {
            throw HttpProblem.notFound("there is no service \"" + name + "\"");
        }
        return orders.carriedOut(micado.remove(name));
    }

    private static TargetId service(Request request, String variable) {
        return TargetId.service(request.variable(variable));
    }

    private TargetId pool(Request request) {
        String name = request.variable("pool");
        List<String> pools =
                micado(request).status().pools().stream().map(WorkerPool::name).toList();
        if (!pools.contains(name)) {
            throw HttpProblem.notFound("there is no pool \"" + name + "\"; there are " + pools);
        }
        return TargetId.pool(name);
    }

    private Reply scale(Request request, TargetId target) {
        JsonReader json = JsonReader.of(request.json());
        int count = json.requiredInteger("count");
        bounds(request, target).filter(bounds -> !bounds.contains(count)).ifPresent(bounds -> {
            throw HttpProblem.badRequest(
                    "count must lie within the bounds " + bounds + " of " + target + ", got " + count);
        });
        Duration howLong = json.duration("for").orElse(Defaults.HOLD);
        json.end();
        if (howLong.isNegative()) {
            throw HttpProblem.badRequest("for must be a duration such as \"30m\"; \"0s\" holds until it is released");
        }
        return orders.carriedOut(micado(request).scale(target, count, howLong));
    }

    /** {@return the bounds; empty for a service that is not seen yet, which the engine knows or refuses} */
    private Optional<Bounds> bounds(Request request, TargetId target) {
        Status status = micado(request).status();
        return target.level() == TargetId.Level.POOL
                ? status.pools().stream()
                        .filter(pool -> pool.name().equals(target.name()))
                        .map(WorkerPool::bounds)
                        .findFirst()
                : status.services().stream()
                        .filter(service -> service.name().equals(target.name()))
                        .map(Status.ServiceStatus::bounds)
                        .findFirst();
    }

    private Reply release(Request request, TargetId target) {
        return orders.carriedOut(micado(request).release(target));
    }

    private Reply decisions(Request request) {
        Micado micado = micado(request);
        int limit = number(request, "limit", 100);
        List<Decision> decisions = new ArrayList<>();
        Optional<String> target = request.query("target");
        if (target.isPresent()) {
            decisions.addAll(micado.explain(target(target.get())));
            if (decisions.isEmpty()) {
                throw HttpProblem.notFound("there is no decision on \"" + target.get() + "\"");
            }
        } else {
            Status status = micado.status();
            status.services()
                    .forEach(service -> micado.explain(TargetId.service(service.name())).stream()
                            .limit(1)
                            .forEach(decisions::add));
            status.pools()
                    .forEach(pool -> micado.explain(TargetId.pool(pool.name())).stream()
                            .limit(1)
                            .forEach(decisions::add));
        }
        return Reply.json(decisions.stream().limit(limit).map(Views::decision).toList());
    }

    private static TargetId target(String text) {
        boolean isNamed = !text.substring(text.indexOf(':') + 1).isBlank();
        if (text.startsWith("service:") && isNamed) {
            return TargetId.service(text.substring("service:".length()));
        }
        if (text.startsWith("pool:") && isNamed) {
            return TargetId.pool(text.substring("pool:".length()));
        }
        throw HttpProblem.badRequest("target must be service:NAME or pool:NAME, got \"" + text + "\"");
    }

    /** A stream for those who ask for one, else the latest ones as a list. */
    private Reply events(Request request) {
        EventLog log = shown(request).events();
        if (!request.header("Accept").orElse("").contains("text/event-stream")) {
            int after = number(request, "after", 0);
            int limit = number(request, "limit", 100);
            List<EventLog.Heard> latest = switch (request.query("type").orElse("")) {
                case "" -> log.latest(limit);
                case "decided" -> log.decisions(limit);
                default -> throw HttpProblem.badRequest("type must be decided, or left out");
            };
            return Reply.json(latest.stream()
                    .filter(heard -> heard.id() > after)
                    .map(Views::event)
                    .toList());
        }
        long after = request.header("Last-Event-ID")
                .filter(id -> id.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElseGet(log::latestId);
        // Proxies must hand events on as they come.
        return Reply.stream(() -> log.stream(after)).with("X-Accel-Buffering", "no");
    }

    private Reply timeline(Request request) {
        Duration back = request.query("back")
                .flatMap(text -> JsonReader.of(Map.of("back", text)).duration("back"))
                .orElse(TIMELINE);
        return Reply.json(shown(request).timeline().json(request.query("service"), back));
    }

    private Reply pause(Request request) {
        micado(request).pause();
        return Reply.json(Map.of("paused", true));
    }

    private Reply resume(Request request) {
        micado(request).resume();
        return Reply.json(Map.of("paused", false));
    }

    private Reply dryRun(Request request) {
        JsonReader json = JsonReader.of(request.json());
        boolean dryRun =
                json.bool("dryRun").orElseThrow(() -> HttpProblem.badRequest("dryRun is required: true or false"));
        json.end();
        micado(request).dryRun(dryRun);
        return Reply.json(Map.of("dryRun", dryRun));
    }

    private static int number(Request request, String name, int defaultValue) {
        String text = request.query(name).orElse(Integer.toString(defaultValue));
        if (!text.matches("[0-9]{1,9}")) {
            throw HttpProblem.badRequest(name + " must be a whole number, got \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}

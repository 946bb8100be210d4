package io.micado.http;

import io.micado.Micado;
import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.telemetry.Fleet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes of Occopus' own service, with its answers, for scripts and tools that know them. A node is a pool of workers here;
 * what is scaled through these routes is a hold. Thread-safe.
 */
final class OccopusRoutes {
    private static final String ONE = "/infrastructures/{id}";

    private final Registry registry;
    private final Orders orders;
    private final @Nullable InfrastructureFactory factory;

    OccopusRoutes(Registry registry, Orders orders, @Nullable InfrastructureFactory factory) {
        this.registry = registry;
        this.orders = orders;
        this.factory = factory;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/infrastructures", this::list),
                Route.post("/infrastructures", this::create),
                Route.get(ONE, this::report),
                Route.delete(ONE, this::destroy),
                Route.post(ONE + "/scaleup/{node}", this::scaleUp),
                Route.post(ONE + "/scaleup/{node}/{count}", this::scaleUp),
                Route.post(ONE + "/scaledown/{node}", this::scaleDown),
                Route.post(ONE + "/scaledown/{node}/{nodeid}", this::dropNode),
                Route.post(ONE + "/scaleto/{node}/{count}", this::scaleTo),
                Route.post(ONE + "/attach", this::attach),
                Route.post(ONE + "/detach", this::detach),
                Route.post(ONE + "/notify", this::notifications));
    }

    /** {@return a refusal as Occopus words it; unlike there, the status of the answer is the same} */
    static Reply refusal(int status, String detail) {
        return Reply.json(status, Json.object("status_code", status, "reason", detail, "message", ""));
    }

    private Reply list(Request request) {
        return Reply.json(Map.of(
                "infrastructures", registry.all().stream().map(Shown::name).toList()));
    }

    private Reply create(Request request) {
        if (factory == null) {
            throw new HttpProblem(
                    403,
                    "infrastructures cannot be made over HTTP here: the host program has given no factory for them");
        }
        String description = request.text();
        if (description.isBlank()) {
            throw HttpProblem.badRequest("Empty POST data");
        }
        Micado made = factory.create(description);
        try {
            registry.add(made);
        } catch (IllegalArgumentException e) {
            made.close();
            throw new HttpProblem(409, String.valueOf(e.getMessage()));
        }
        try {
            if (made.vitals().passes() == 0) {
                made.start();
            }
        } catch (IllegalStateException startedByTheFactory) {
            return Reply.json(Map.of("infraid", made.name()));
        } catch (RuntimeException e) {
            registry.remove(made.name());
            made.close();
            throw e;
        }
        return Reply.json(Map.of("infraid", made.name()));
    }

    private Reply report(Request request) {
        Micado micado = infrastructure(request);
        Status status = micado.status();
        Map<String, Object> nodes = new LinkedHashMap<>();
        for (WorkerPool pool : status.pools()) {
            List<Worker> workers = workersOf(status, pool);
            Map<String, Object> instances = new LinkedHashMap<>();
            workers.forEach(worker -> instances.put(
                    worker.id().value(),
                    Json.object("resource_address", Views.address(worker), "state", stateOf(worker))));
            nodes.put(
                    pool.name(),
                    Map.of(
                            "instances",
                            instances,
                            "scaling",
                            Map.of(
                                    "actual", workers.size(),
                                    "target", Fleet.wanted(micado, pool, workers),
                                    "min", pool.bounds().min(),
                                    "max", pool.bounds().max())));
        }
        return Reply.json(nodes);
    }

    /** The states that Occopus knows. */
    private static String stateOf(Worker worker) {
        return switch (worker.state()) {
            case REQUESTED, BOOTING, JOINING -> "pending";
            case READY, CORDONED -> "ready";
            case DRAINING, LEAVING, TERMINATING, GONE -> "shutdown";
            case LOST -> "fail";
        };
    }

    private Reply destroy(Request request) {
        Shown shown = registry.find(request.variable("id"));
        orders.isDone(registry.destroy(shown));
        return Reply.json(Map.of("infraid", request.variable("id")));
    }

    private Reply scaleUp(Request request) {
        int count = request.optional("count").map(OccopusRoutes::count).orElse(1);
        Micado micado = infrastructure(request);
        WorkerPool pool = pool(micado, request);
        hold(micado, pool, target(micado, pool) + count);
        return answer(request, "scaleup", "count", count);
    }

    private Reply scaleDown(Request request) {
        Micado micado = infrastructure(request);
        WorkerPool pool = pool(micado, request);
        hold(micado, pool, target(micado, pool) - 1);
        return answer(request, "scaledown", "nodeid", Optional.empty());
    }

    private Reply dropNode(Request request) {
        Micado micado = infrastructure(request);
        WorkerPool pool = pool(micado, request);
        String node = request.variable("nodeid");
        // As with Occopus, a worker may be named by its address, too.
        WorkerId worker = workersOf(micado.status(), pool).stream()
                .filter(one -> one.id().value().equals(node)
                        || Views.address(one).filter(node::equals).isPresent())
                .findFirst()
                .map(Worker::id)
                .orElseThrow(() ->
                        HttpProblem.notFound("ERROR: node '" + pool.name() + "' has no instance '" + node + "'!"));
        orders.isDone(micado.sendAway(worker));
        return answer(request, "scaledown", "nodeid", node);
    }

    private Reply scaleTo(Request request) {
        int count = count(request.variable("count"));
        Micado micado = infrastructure(request);
        hold(micado, pool(micado, request), count);
        return answer(request, "scaleto", "count", count);
    }

    /** To maintain an infrastructure is to act on it. */
    private Reply attach(Request request) {
        infrastructure(request).resume();
        return Reply.json(Map.of("infraid", request.variable("id")));
    }

    private Reply detach(Request request) {
        infrastructure(request).pause();
        return Reply.json(Map.of("infraid", request.variable("id")));
    }

    private Reply notifications(Request request) {
        infrastructure(request);
        throw new HttpProblem(
                501,
                "no mail is sent from here; read /api/v1/infrastructures/NAME/events, or add a listener in the host program");
    }

    private Micado infrastructure(Request request) {
        return registry.find(request.variable("id")).micado();
    }

    private static WorkerPool pool(Micado micado, Request request) {
        String node = request.variable("node");
        return micado.status().pools().stream()
                .filter(pool -> pool.name().equals(node))
                .findFirst()
                .orElseThrow(() -> HttpProblem.notFound("ERROR: node '" + node + "' does not exist in infrastructure '"
                        + micado.name() + "'! It has "
                        + micado.status().pools().stream().map(WorkerPool::name).toList()));
    }

    private static List<Worker> workersOf(Status status, WorkerPool pool) {
        return status.workers().stream()
                .filter(worker -> worker.pool().equals(pool.name()))
                .toList();
    }

    /** What was asked for last counts, not what is there yet: two requests in a row add up. */
    private static int target(Micado micado, WorkerPool pool) {
        Vitals.Held hold = micado.vitals().holds().get(TargetId.pool(pool.name()));
        return hold == null
                ? Fleet.wanted(micado, pool, workersOf(micado.status(), pool))
                : pool.bounds().clamp(hold.count());
    }

    private void hold(Micado micado, WorkerPool pool, int count) {
        orders.isDone(micado.scale(TargetId.pool(pool.name()), pool.bounds().clamp(count)));
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw HttpProblem.notFound("a count must be a whole number, got \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private static Reply answer(Request request, String method, String key, Object value) {
        return Reply.json(Json.object(
                "method", method, "infraid", request.variable("id"), "nodename", request.variable("node"), key, value));
    }
}

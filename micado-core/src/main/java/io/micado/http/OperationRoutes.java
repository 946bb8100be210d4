package io.micado.http;

import io.micado.api.time.Timekeeper;
import java.util.List;
import java.util.function.Supplier;

/** For those who run the program: metrics and health. Health answers without a token and tells no names. Thread-safe. */
final class OperationRoutes {
    private final Registry registry;
    private final Timekeeper time;
    private final Supplier<String> ownMetrics;

    OperationRoutes(Registry registry, Timekeeper time, Supplier<String> ownMetrics) {
        this.registry = registry;
        this.time = time;
        this.ownMetrics = ownMetrics;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        "/metrics",
                        request -> Reply.text(
                                MetricsText.TYPE, MetricsPage.of(registry.all(), time.nanoTime()) + ownMetrics.get())),
                Route.get("/-/healthy", request -> healthy()).open(),
                Route.get("/-/ready", request -> ready()).open());
    }

    private Reply healthy() {
        boolean stuck = registry.all().stream().anyMatch(shown -> shown.isStuck(time.nanoTime()));
        return stuck
                ? Reply.text(503, "text/plain", "a control loop makes no progress\n")
                : Reply.text("text/plain", "healthy\n");
    }

    private Reply ready() {
        boolean ready = registry.all().stream()
                .allMatch(shown -> shown.micado().status().at().isPresent());
        return ready
                ? Reply.text("text/plain", "ready\n")
                : Reply.text(503, "text/plain", "an infrastructure has not seen its cluster yet\n");
    }
}

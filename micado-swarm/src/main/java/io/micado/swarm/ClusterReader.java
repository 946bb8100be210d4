package io.micado.swarm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Node;
import io.micado.docker.DockerEngine;
import io.micado.docker.EngineRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Observes a Swarm in four calls, for {@link SwarmCluster}. Thread-safe; each observation is confined to its caller.
 *
 * <p>All calls of one observation share one deadline. Services are read before tasks, so that a task's service is
 * known; a service that was removed in between leaves its id as its tasks' service.
 */
final class ClusterReader {
    private final Timekeeper timekeeper;
    private final Duration deadline;

    ClusterReader(Timekeeper timekeeper, Duration deadline) {
        this.timekeeper = timekeeper;
        this.deadline = deadline;
    }

    ClusterView observe(DockerEngine manager) {
        long started = timekeeper.nanoTime();
        ObjectNode info = manager.object(EngineRequest.get("/info").within(remaining(started)));
        Instant observedAt = Json.instant(info.path("SystemTime"), timekeeper.wallClock());

        List<Node> nodes = new ArrayList<>();
        ManagerCount managers = new ManagerCount();
        manager.each(EngineRequest.get("/nodes").within(remaining(started)), json -> {
            nodes.add(NodeMapping.node(json));
            managers.count(NodeMapping.isManager(json), NodeMapping.isReachableManager(json));
        });

        List<ServiceState> services = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        manager.each(EngineRequest.get("/services").within(remaining(started)), json -> {
            ServiceState service = ServiceMapping.service(json);
            services.add(service);
            names.put(service.id(), service.name());
        });

        TaskCollector tasks = new TaskCollector(names, observedAt);
        manager.each(EngineRequest.get("/tasks").within(remaining(started)), tasks::add);

        String clusterId = info.path("Swarm").path("Cluster").path("ID").asText("");
        return new ClusterView(clusterId, observedAt, managers.quorum(), nodes, services, tasks.tasks());
    }

    private Duration remaining(long started) {
        Duration left = deadline.minusNanos(timekeeper.nanoTime() - started);
        return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
    }

    /** Counts managers, of which more than half have to answer. */
    private static final class ManagerCount {
        private int all;
        private int reachable;

        void count(boolean manager, boolean answers) {
            all += manager ? 1 : 0;
            reachable += manager && answers ? 1 : 0;
        }

        boolean quorum() {
            return reachable * 2 > all;
        }
    }
}

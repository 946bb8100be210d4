package io.micado.simulation;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.simulation.ScenarioResult.Point;
import io.micado.simulation.ScenarioResult.ServicePoint;
import io.micado.simulation.ScenarioResult.ServiceResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down what happens in a scenario. Confined to the scenario's thread. */
final class ScenarioRecorder {
    private final SimulatedCluster cluster;
    private final SimulatedCloud cloud;
    private final SimulatedMetrics metrics;
    private final List<MicadoEvent> events = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Point> timeline = new ArrayList<>();
    private final Map<String, ServedWork> workBefore = new HashMap<>();
    private final Map<String, Double> replicaHours = new LinkedHashMap<>();
    private final Map<String, Integer> peaks = new HashMap<>();
    private Duration sampledAt = Duration.ZERO;

    ScenarioRecorder(SimulatedCluster cluster, SimulatedCloud cloud, SimulatedMetrics metrics) {
        this.cluster = cluster;
        this.cloud = cloud;
        this.metrics = metrics;
    }

    void hear(MicadoEvent event) {
        events.add(event);
        if (event instanceof MicadoEvent.Decided decided) {
            decisions.add(decided.decision());
        }
    }

    List<MicadoEvent> events() {
        return List.copyOf(events);
    }

    void sample(Duration at, Instant wallClock) {
        ClusterView view = cluster.look();
        Map<String, Integer> running = new HashMap<>();
        for (TaskState task : view.tasks()) {
            if (task.phase() == TaskState.Phase.RUNNING) {
                running.merge(task.service(), 1, Integer::sum);
            }
        }
        double seconds = at.minus(sampledAt).toMillis() / 1000.0;
        Map<String, ServicePoint> services = new LinkedHashMap<>();
        for (ServiceState service : view.services()) {
            String name = service.name();
            ServedWork work = metrics.work(name);
            ServedWork since = work.since(workBefore.getOrDefault(name, ServedWork.NOTHING));
            workBefore.put(name, work);
            int now = running.getOrDefault(name, 0);
            replicaHours.merge(name, now * seconds / 3600, Double::sum);
            peaks.merge(name, now, Math::max);
            services.put(
                    name,
                    new ServicePoint(
                            seconds == 0 ? 0 : since.offered() / seconds,
                            seconds == 0 ? 0 : since.served() / seconds,
                            service.desiredReplicas(),
                            now));
        }
        int ready = (int) view.nodes().stream()
                .filter(node -> !node.manager() && node.takesTasks())
                .count();
        timeline.add(new Point(at, wallClock, services, ready, cloud.look().size()));
        sampledAt = at;
    }

    ScenarioResult result(Duration duration, long seed) {
        Map<String, ServiceResult> services = new LinkedHashMap<>();
        replicaHours.forEach((name, hours) ->
                services.put(name, new ServiceResult(metrics.work(name), hours, peaks.getOrDefault(name, 0))));
        return new ScenarioResult(
                seed,
                duration,
                services,
                cloud.bill(),
                (int) cloud.launches().stream()
                        .filter(l -> l.machine().isPresent())
                        .count(),
                cloud.terminations().size(),
                cluster.counters(),
                timeline,
                decisions);
    }
}

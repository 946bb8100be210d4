package io.micado.simulation;

import io.micado.api.service.ServiceState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service of a simulated cluster, with its tasks. Guarded by the lock of its {@link Swarm}. */
final class SimulatedService {
    final String name;
    final String id;
    final ServiceState.Mode mode;
    /** How long a task of a job runs. */
    final Duration jobTime;

    final Map<String, String> labels = new LinkedHashMap<>();
    final Set<SimulatedTask> tasks = new LinkedHashSet<>();

    TaskTemplate template;
    int desired;
    /** Tasks of an older generation are replaced, one after the other. */
    long generation;

    boolean updating;
    /** The replacement that the update waits for. */
    @Nullable
    SimulatedTask updateStep;

    private long version = 1;
    private @Nullable ServiceState view;

    SimulatedService(String name, String id, ServiceState.Mode mode, Duration jobTime, TaskTemplate template) {
        this.name = name;
        this.id = id;
        this.mode = mode;
        this.jobTime = jobTime;
        this.template = template;
    }

    int wanted() {
        int wanted = 0;
        for (SimulatedTask task : tasks) {
            if (task.isWanted()) {
                wanted++;
            }
        }
        return wanted;
    }

    void touch() {
        version++;
        view = null;
    }

    ServiceState view() {
        ServiceState current = view;
        if (current == null) {
            ServiceState.Builder builder = ServiceState.builder(name, id)
                    .image(template.image())
                    .mode(mode)
                    .desiredReplicas(desired)
                    .reservation(template.reservation())
                    .limit(template.limit())
                    .constraints(template.constraintTexts())
                    .ports(template.ports())
                    .labels(labels)
                    .version(version)
                    .updating(updating);
            template.maxReplicasPerNode().ifPresent(builder::maxReplicasPerNode);
            current = builder.build();
            view = current;
        }
        return current;
    }
}

package io.micado.internal.loop;

import io.micado.api.worker.Node;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.bootstrap.PortPlans;
import io.micado.internal.act.Actuator;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.plan.ClusterState;
import io.micado.internal.state.ServiceCatalog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says which ports of workers are to be open, from what is deployed and how machines become workers. Confined to the loop thread. */
final class PortDesk {
    private final String infrastructure;
    private final boolean openSsh;
    private final Coordinator coordinator;
    private final Actuator actuator;
    private final Set<PortRule> ofBootstraps = new LinkedHashSet<>();

    PortDesk(EngineConfiguration configuration, Coordinator coordinator, Actuator actuator) {
        infrastructure = configuration.name();
        openSsh = configuration.openSsh();
        this.coordinator = coordinator;
        this.actuator = actuator;
        for (WorkerPool pool : configuration.pools().values()) {
            ofBootstraps.addAll(pool.bootstrap().ports());
        }
    }

    /**
     * Sees to it before launches are carried out, so that they know what is wanted; an old view of the services closes nothing.
     *
     * @param scaled the services that are scaled
     */
    void keep(ClusterState state, Set<String> scaled) {
        if (!state.clusterKnown() || coordinator.record().isEmpty()) {
            return;
        }
        Set<String> managers = new HashSet<>();
        for (Node node : state.cluster().nodes()) {
            if (node.manager() && !node.address().isBlank()) {
                managers.add(node.address());
            }
        }
        Set<String> inUse = new HashSet<>();
        for (Worker worker : state.workers().values()) {
            worker.machine().ifPresent(machine -> inUse.add(machine.id().cloud()));
        }
        List<PortRule> rules = new ArrayList<>(PortPlans.worker(
                ServiceCatalog.openToWorld(state.cluster().services(), scaled, infrastructure), openSsh));
        rules.addAll(ofBootstraps);
        actuator.keepPorts(rules, managers, inUse, coordinator.record().get().infrastructure());
    }
}

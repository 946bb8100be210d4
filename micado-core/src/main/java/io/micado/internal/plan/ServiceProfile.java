package io.micado.internal.plan;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Tags;
import java.util.List;
import java.util.Optional;

/**
 * What each replica of a service asks of the node that it runs on. Made by {@link ClusterIndex}. Immutable.
 *
 * @param index its place in {@link ClusterIndex#services()}
 * @param state what the orchestrator reports
 * @param constraints what its nodes must satisfy
 * @param hostPorts the ports that a replica takes on its node, as {@code 8080/TCP}
 * @param use what a replica is taken to use: in each of CPU and memory what it reserves, else what was measured, else its limit;
 *     empty when nothing of it is known
 */
record ServiceProfile(
        int index, ServiceState state, List<Constraint> constraints, List<String> hostPorts, Optional<Resources> use) {

    /** The index of what is no service. */
    static final int NO_SERVICE = -1;

    /** {@return something that has to be packed and is no service} */
    static ServiceProfile demand(String name, Resources each) {
        ServiceState state = ServiceState.builder(name, name).reservation(each).build();
        return new ServiceProfile(NO_SERVICE, state, List.of(), List.of(), Optional.of(each));
    }

    static ServiceProfile of(int index, ServiceState state, MeasuredUse measured) {
        return new ServiceProfile(
                index,
                state,
                state.constraints().stream().map(Constraint::parse).toList(),
                state.ports().stream()
                        .filter(port -> port.mode() == PublishedPort.Mode.HOST && port.published() != 0)
                        .map(port -> port.published() + "/" + port.protocol())
                        .toList(),
                use(state, measured));
    }

    /** {@return the service's name} */
    String name() {
        return state.name();
    }

    /** {@return what a replica reserves, which is what the orchestrator places it by} */
    Resources reservation() {
        return state.reservation();
    }

    /** {@return the same service, taken to reserve this much} */
    ServiceProfile reserving(Resources each) {
        ServiceState other = new ServiceState(
                state.name(),
                state.id(),
                state.image(),
                state.mode(),
                state.desiredReplicas(),
                each,
                state.limit(),
                state.constraints(),
                state.ports(),
                state.labels(),
                state.version(),
                state.updating(),
                state.maxReplicasPerNode(),
                state.attributes());
        return new ServiceProfile(index, other, constraints, hostPorts, use);
    }

    /** {@return whether it runs once on every node, and so never needs a place elsewhere} */
    boolean isGlobal() {
        return state.mode() == ServiceState.Mode.GLOBAL;
    }

    /** {@return whether its tasks run to an end, so that moving one loses its work} */
    boolean isJob() {
        return state.mode() == ServiceState.Mode.JOB;
    }

    /** {@return whether no worker that runs a replica may be released} */
    boolean keepsWorker() {
        return Boolean.parseBoolean(state.labels().get(Tags.SERVICE_KEEP_WORKER));
    }

    /** {@return whether a node takes only so many of its replicas, however much room there is} */
    boolean isLimitedPerNode() {
        return !hostPorts.isEmpty() || state.maxReplicasPerNode().isPresent();
    }

    /** {@return the most replicas on one node} */
    int mostPerNode() {
        return hostPorts.isEmpty() ? state.maxReplicasPerNode().orElse(Integer.MAX_VALUE) : 1;
    }

    /** {@return whether the node satisfies its constraints} */
    boolean accepts(NodeTraits node) {
        return Constraint.allMatch(constraints, node);
    }

    private static Optional<Resources> use(ServiceState state, MeasuredUse measured) {
        Resources reserved = state.reservation();
        Resources fallback = measured.orElse(state.limit());
        if (reserved.isZero() && fallback.isZero() && measured.equals(MeasuredUse.UNKNOWN)) {
            return Optional.empty();
        }
        return Optional.of(new Resources(
                reserved.cpuCores() > 0 ? reserved.cpuCores() : fallback.cpuCores(),
                reserved.memoryBytes() > 0 ? reserved.memoryBytes() : fallback.memoryBytes()));
    }
}

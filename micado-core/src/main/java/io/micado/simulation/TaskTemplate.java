package io.micado.simulation;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all tasks of one version of a service have in common; a change of it starts them anew. Immutable.
 *
 * @param image the image
 * @param arguments the entry point's arguments
 * @param environment the environment variables
 * @param reservation what a task reserves
 * @param limit what a task may use at most
 * @param constraintTexts the placement constraints as they were written
 * @param constraints the same, parsed
 * @param ports the published ports
 * @param hostPorts those that are taken on the node itself
 * @param maxReplicasPerNode the most tasks on one node
 * @param nanoCpus reserved CPU in billionths of a core, as the scheduler counts
 * @param memory reserved bytes
 */
record TaskTemplate(
        String image,
        List<String> arguments,
        Map<String, String> environment,
        Resources reservation,
        Resources limit,
        List<String> constraintTexts,
        List<PlacementConstraint> constraints,
        List<PublishedPort> ports,
        Set<String> hostPorts,
        Optional<Integer> maxReplicasPerNode,
        long nanoCpus,
        long memory) {
    /** The attribute of a {@link ServiceSpec} that sets the most replicas on one node. */
    static final String MAX_REPLICAS_PER_NODE = "maxReplicasPerNode";

    static TaskTemplate of(ServiceSpec spec) {
        return new TaskTemplate(
                spec.image(),
                spec.arguments(),
                spec.environment(),
                spec.reservation(),
                spec.limit(),
                spec.constraints(),
                spec.constraints().stream().map(PlacementConstraint::parse).toList(),
                spec.ports(),
                spec.ports().stream()
                        .filter(port -> port.mode() == PublishedPort.Mode.HOST && port.published() != 0)
                        .map(port -> port.published() + "/" + port.protocol())
                        .collect(Collectors.toUnmodifiableSet()),
                Optional.ofNullable(spec.attributes().get(MAX_REPLICAS_PER_NODE))
                        .map(Integer::valueOf),
                nanoCpus(spec.reservation()),
                spec.reservation().memoryBytes());
    }

    static long nanoCpus(Resources resources) {
        return Math.round(resources.cpuCores() * 1e9);
    }

    boolean allows(SimulatedNode node) {
        for (PlacementConstraint constraint : constraints) {
            if (!constraint.allows(node)) {
                return false;
            }
        }
        return true;
    }
}

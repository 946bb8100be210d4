package io.micado.internal.plan;

import io.micado.api.worker.Node;
import io.micado.api.worker.Tags;
import java.util.HashMap;
import java.util.Map;

/**
 * What placement constraints can ask of a node, of one that exists or of one that a pool would bring. Made by
 * {@link ClusterIndex} and {@link Market}. Immutable.
 *
 * @param id its id; empty for one that does not exist yet, and so is equal to none
 * @param hostname its host name; empty for one that does not exist yet
 * @param manager whether it is a manager
 * @param labels the node's labels
 * @param engineLabels the labels of its engine
 * @param attributes what the orchestrator tells of its platform, as {@code platform.os} and {@code platform.arch}
 */
record NodeTraits(
        String id,
        String hostname,
        boolean manager,
        Map<String, String> labels,
        Map<String, String> engineLabels,
        Map<String, String> attributes) {

    /** {@return those of a node} */
    static NodeTraits of(Node node) {
        return new NodeTraits(
                node.id().value(),
                node.hostname(),
                node.manager(),
                node.labels(),
                node.engineLabels(),
                node.attributes());
    }

    /** {@return those of a node that a pool would bring, of which nothing is known but the pool} */
    static NodeTraits comingTo(String pool) {
        return new NodeTraits("", "", false, Map.of(Tags.POOL, pool), Map.of(), Map.of());
    }

    /** {@return those of a node that a pool would bring, like one that it has: whatever a machine brings along is the same} */
    static NodeTraits like(Node sibling, String pool) {
        Map<String, String> engineLabels = new HashMap<>(sibling.engineLabels());
        engineLabels.remove(Tags.WORKER);
        return new NodeTraits("", "", false, Map.of(Tags.POOL, pool), engineLabels, sibling.attributes());
    }
}

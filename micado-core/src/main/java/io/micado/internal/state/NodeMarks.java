package io.micado.internal.state;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Node;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The labels by which a node is known as one of our workers. Not instantiable. */
public final class NodeMarks {
    private NodeMarks() {}

    /** {@return the labels of a worker's node} */
    public static Map<String, String> of(InfrastructureId infrastructure, WorkerId worker, String pool) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        labels.put(Tags.INFRASTRUCTURE, infrastructure.value());
        labels.put(Tags.WORKER, worker.value());
        labels.put(Tags.POOL, pool);
        return labels;
    }

    /** {@return whether a node carries the mark of an infrastructure} */
    static boolean isMarked(Node node, InfrastructureId infrastructure) {
        return infrastructure.value().equals(node.labels().get(Tags.INFRASTRUCTURE));
    }

    /** {@return the node as it will be once its labels are written} */
    static Node marked(Node node, Map<String, String> marks) {
        Map<String, String> labels = new HashMap<>(node.labels());
        labels.putAll(marks);
        return new Node(
                node.id(),
                node.hostname(),
                node.address(),
                node.manager(),
                node.status(),
                node.availability(),
                node.capacity(),
                labels,
                node.engineLabels(),
                node.version(),
                node.attributes());
    }
}

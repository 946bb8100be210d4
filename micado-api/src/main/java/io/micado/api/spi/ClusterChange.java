package io.micado.api.spi;

import io.micado.api.service.ServiceSpec;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** One change to a cluster, as a value. Immutable. */
public sealed interface ClusterChange {

    /** {@return what is changed, for people: {@code service web}, {@code node x1y2}} */
    String subject();

    /**
     * Makes a service, or brings one of that name to this specification, without losing what others set on it. The replicas of a service that exists
     * stay as they are.
     *
     * @param spec the specification
     * @param labels all labels by which MiCADO tells what the service is deployed with
     */
    record Deploy(ServiceSpec spec, Map<String, String> labels) implements ClusterChange {
        /** Copies the labels. */
        public Deploy {
            Objects.requireNonNull(spec, "spec");
            labels = Map.copyOf(labels);
        }

        /**
         * {@return all labels that the service is to have} What the last deployment told and this one does not is taken back
         * ({@link Tags#isOfDeployment}); what others set stays, and so does what tells of the service's life.
         *
         * @param present the labels that the service has now; none when it does not exist yet
         */
        public Map<String, String> labelsOver(Map<String, String> present) {
            Map<String, String> all = new LinkedHashMap<>(present);
            all.keySet().removeIf(Tags::isOfDeployment);
            all.putAll(spec.labels());
            all.putAll(labels);
            return all;
        }

        @Override
        public String subject() {
            return "service " + spec.name();
        }
    }

    /**
     * Sets the replicas of a service, and labels in the same update. {@code CONFLICT} when it does not have the expected number any more.
     *
     * @param service the service's name
     * @param expected how many replicas it is asked for now
     * @param replicas how many it is to be asked for
     * @param labels labels to set; an empty value removes one
     */
    record Scale(String service, int expected, int replicas, Map<String, String> labels) implements ClusterChange {
        /** Checks the range and copies the labels. */
        public Scale {
            Objects.requireNonNull(service, "service");
            if (replicas < 0) {
                throw new IllegalArgumentException("replicas must be 0 or more, got " + replicas);
            }
            labels = Map.copyOf(labels);
        }

        @Override
        public String subject() {
            return "service " + service;
        }
    }

    /**
     * Sets labels of a service.
     *
     * @param service the service's name
     * @param labels labels to set; an empty value removes one
     */
    record LabelService(String service, Map<String, String> labels) implements ClusterChange {
        /** Copies the labels. */
        public LabelService {
            Objects.requireNonNull(service, "service");
            labels = Map.copyOf(labels);
        }

        @Override
        public String subject() {
            return "service " + service;
        }
    }

    /**
     * Removes a service; none of that name is a success.
     *
     * @param service the service's name
     */
    record Remove(String service) implements ClusterChange {
        /** Checks that nothing is null. */
        public Remove {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String subject() {
            return "service " + service;
        }
    }

    /**
     * Starts all replicas of a service anew, as its update settings say, so that they spread over all nodes.
     *
     * @param service the service's name
     */
    record Rebalance(String service) implements ClusterChange {
        /** Checks that nothing is null. */
        public Rebalance {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String subject() {
            return "service " + service;
        }
    }

    /**
     * Sets the availability and labels of a node in one update.
     *
     * @param node the node
     * @param availability whether it is to take tasks
     * @param labels labels to set; an empty value removes one
     */
    record SetAvailability(NodeId node, Node.Availability availability, Map<String, String> labels)
            implements ClusterChange {
        /** Copies the labels. */
        public SetAvailability {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(availability, "availability");
            labels = Map.copyOf(labels);
        }

        @Override
        public String subject() {
            return "node " + node;
        }
    }

    /**
     * Sets labels of a node.
     *
     * @param node the node
     * @param labels labels to set; an empty value removes one
     */
    record LabelNode(NodeId node, Map<String, String> labels) implements ClusterChange {
        /** Copies the labels. */
        public LabelNode {
            Objects.requireNonNull(node, "node");
            labels = Map.copyOf(labels);
        }

        @Override
        public String subject() {
            return "node " + node;
        }
    }

    /**
     * Removes a node for good; none of that id is a success.
     *
     * @param node the node
     */
    record RemoveNode(NodeId node) implements ClusterChange {
        /** Checks that nothing is null. */
        public RemoveNode {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String subject() {
            return "node " + node;
        }
    }

    /** Replaces the secret by which machines join, so that the old one is of no use any more. */
    record RotateJoinToken() implements ClusterChange {
        @Override
        public String subject() {
            return "join token";
        }
    }
}

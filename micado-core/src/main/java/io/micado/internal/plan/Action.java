package io.micado.internal.plan;

import io.micado.api.spi.Leftover;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One thing to do, as a value: idempotent, and bound to the identity of what it is done to. Immutable. */
public sealed interface Action {

    /** {@return what it is done to, as in {@link ClusterState#busy()}: {@code service:web}, {@code worker:w1}, {@code launch:pool/offering} …} */
    String subject();

    /** {@return why, for people} */
    String reason();

    /** {@return the subject of everything that is done to a service} */
    static String subjectOfService(String service) {
        return "service:" + service;
    }

    /** {@return the subject of everything that is done to a worker} */
    static String subjectOf(WorkerId worker) {
        return "worker:" + worker;
    }

    /** {@return the subject of launches of an offering of a pool; with an empty name, what those of all its offerings begin with} */
    static String subjectOfLaunch(String pool, String offering) {
        return "launch:" + pool + "/" + offering;
    }

    /**
     * Sets the replicas of a service.
     *
     * @param service its name
     * @param expected how many it is asked for now, a surge included
     * @param replicas how many it is to be asked for, a surge included
     * @param labels labels to set in the same update; an empty value removes one
     * @param reason why
     */
    record ScaleService(String service, int expected, int replicas, Map<String, String> labels, String reason)
            implements Action {
        @Override
        public String subject() {
            return subjectOfService(service);
        }
    }

    /**
     * Launches workers of one offering. The actuator chooses their ids, saves the intents, and then calls the cloud; what the cloud
     * surely did not launch it asks of the alternatives, one after the other, without another pass.
     *
     * @param pool the pool
     * @param offering what to buy
     * @param count how many, at least 1
     * @param reason why
     * @param alternatives what serves instead, the best first
     */
    record Launch(String pool, Offering offering, int count, String reason, List<Alternative> alternatives)
            implements Action {
        /** Copies the list. */
        public Launch {
            alternatives = List.copyOf(alternatives);
        }

        /** {@return every cloud on which it may launch} */
        public Set<String> clouds() {
            Set<String> clouds = new LinkedHashSet<>();
            clouds.add(offering.cloud());
            alternatives.forEach(
                    alternative -> clouds.add(alternative.offering().cloud()));
            return clouds;
        }

        @Override
        public String subject() {
            return subjectOfLaunch(pool, offering.name());
        }
    }

    /**
     * What may be bought instead of a launch.
     *
     * @param offering the offering
     * @param count how many of it serve what the whole launch was to serve, at least 1
     */
    record Alternative(Offering offering, int count) {}

    /** Writes our labels on the node of a worker that was matched for the first time. */
    record LabelNode(WorkerId worker, NodeId node, Map<String, String> labels, String reason) implements Action {
        @Override
        public String subject() {
            return subjectOf(worker);
        }
    }

    /** Makes a worker take no new tasks, as the first step of its way out. */
    record Cordon(WorkerId worker, NodeId node, String reason) implements Action {
        @Override
        public String subject() {
            return subjectOf(worker);
        }
    }

    /** Moves the tasks of a cordoned worker away. */
    record Drain(WorkerId worker, NodeId node, String reason) implements Action {
        @Override
        public String subject() {
            return subjectOf(worker);
        }
    }

    /** Makes a cordoned or draining worker take tasks again. */
    record CancelDrain(WorkerId worker, NodeId node, String reason) implements Action {
        @Override
        public String subject() {
            return subjectOf(worker);
        }
    }

    /**
     * Takes a worker away for good: its leave is written down, then its node is removed, then its machine is terminated, and then seen gone. Planned again in every
     * pass until it is.
     *
     * @param worker the worker
     * @param node its node; empty when it has none (any more)
     * @param machine its machine; empty when it has none (any more)
     * @param reason why
     */
    record Retire(WorkerId worker, Optional<NodeId> node, Optional<MachineId> machine, String reason)
            implements Action {
        @Override
        public String subject() {
            return subjectOf(worker);
        }
    }

    /** Deletes something else that we own on a cloud and that nothing uses any more. */
    record RemoveLeftover(Leftover leftover, String reason) implements Action {
        @Override
        public String subject() {
            return "leftover:" + leftover.cloud() + "/" + leftover.id();
        }
    }

    /** Replaces the secret by which machines join; no launch goes on meanwhile, since its machines would come with the old one. */
    record RotateJoinToken(String reason) implements Action {
        /** The subject of them all. */
        public static final String SUBJECT = "join token";

        @Override
        public String subject() {
            return SUBJECT;
        }
    }

    /** Starts the replicas of a service anew so that they spread over workers that joined lately. */
    record Rebalance(String service, String reason) implements Action {
        @Override
        public String subject() {
            return subjectOfService(service);
        }
    }
}

package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Worker;
import java.util.Optional;

/**
 * A place where tasks run, or will: a worker or a foreign node. Made by {@link ClusterIndex}. Immutable.
 *
 * @param index its place in {@link ClusterIndex#hosts()}
 * @param role what it is to a plan
 * @param traits what placement constraints see of it
 * @param capacity what it has in all
 * @param worker the worker that it is; empty for a foreign node
 */
record Host(int index, Role role, NodeTraits traits, Resources capacity, Optional<Worker> worker) {

    /** What a host is to a plan. */
    enum Role {
        /** It takes tasks now. */
        TAKES_TASKS,
        /** It will take tasks soon: it has not joined yet, or its drain was cancelled only just now. */
        ARRIVES,
        /** It keeps its tasks and takes no new ones; somebody else cordoned it, or nobody can tell how it is. */
        KEEPS_TASKS,
        /** Its tasks leave it, or have. */
        LOSES_TASKS
    }

    /** {@return whether it belongs to this pool} */
    boolean isOf(String pool) {
        return worker.isPresent() && worker.get().pool().equals(pool);
    }
}

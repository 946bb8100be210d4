package io.micado.api.worker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the user data by which a fresh machine becomes a worker. Called off the loop thread, once for every launch; must be
 * thread-safe.
 */
@FunctionalInterface
public interface Bootstrap {
    /** No user data: the cloud plug-in itself sees to it that the machine joins. */
    Bootstrap BY_CLOUD = (worker, labels, join) -> Optional.empty();

    /**
     * {@return the user data of one machine; empty for none}
     *
     * @param worker the identity of the worker to be
     * @param engineLabels the labels that its Docker Engine has to be started with
     * @param join how to join the cluster
     */
    Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join);
}

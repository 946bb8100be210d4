package io.micado.api.worker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the user data by which a fresh machine becomes a worker. Called off the loop thread, once for every launch; must be
 * thread-safe.
 */
@FunctionalInterface
@SuppressWarnings("ClassInitializationDeadlock") // its own kinds are reached through this interface alone
public interface Bootstrap {
    /**
     * The engine's own bootstrap: cloud-init user data that installs a Docker Engine where there is none and joins the cluster; nothing on a
     * cloud that sees to it itself ({@link io.micado.api.spi.CloudTraits#userDataLimit()} is 0).
     */
    Bootstrap DEFAULT = StandardBootstrap.DEFAULT;

    /** No user data: the cloud plug-in, or the image, sees to it that the machine joins. */
    Bootstrap BY_CLOUD = StandardBootstrap.BY_CLOUD;

    /** {@return the engine's own bootstrap with these settings}; they are checked when the infrastructure is built */
    static Bootstrap configured(Settings settings) {
        return new ConfiguredBootstrap(settings);
    }

    /**
     * {@return the user data of one machine; empty for none}
     *
     * @param worker the identity of the worker to be
     * @param engineLabels the labels that its Docker Engine has to be started with
     * @param join how to join the cluster
     */
    Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join);

    /** {@return what its machines take from outside beyond what every worker does, and from whom; default nothing} */
    default List<PortRule> ports() {
        return List.of();
    }
}

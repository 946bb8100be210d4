package io.micado.provider.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.docker.DockerException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which rights worker containers get, and what was learned when the host engine refused them; one for each cloud, used by
 * {@link WorkerLauncher}. Thread-safe.
 */
final class Rights {
    /**
     * The least that an engine inside needs to set up mounts, cgroups and networks for its tasks. What a container has anyway comes
     * on top. The host's cgroups are not shared: tasks have to stay below the worker's own, so that its bounds hold for them.
     */
    private static final List<String> CAPABILITIES = List.of("SYS_ADMIN", "NET_ADMIN");

    private static final List<String> SECURITY_OPTIONS = List.of("seccomp=unconfined", "apparmor=unconfined");

    private final Mode mode;
    private final AtomicBoolean privilegedRefused = new AtomicBoolean();

    /** How the rights are chosen. */
    enum Mode {
        /** Privileged, unless the engine refuses. */
        AUTO,
        /** Privileged. */
        PRIVILEGED,
        /** The capabilities that are needed, one by one. */
        CAPABILITIES
    }

    Rights(Mode mode) {
        this.mode = Objects.requireNonNull(mode, "mode");
    }

    /** {@return whether the next container is to be privileged} */
    boolean privileged() {
        return switch (mode) {
            case AUTO -> !privilegedRefused.get();
            case PRIVILEGED -> true;
            case CAPABILITIES -> false;
        };
    }

    /** Takes notice that the engine cannot run privileged containers; {@return whether another try with fewer rights makes sense} */
    boolean fallBack() {
        privilegedRefused.set(true);
        return mode == Mode.AUTO;
    }

    /** {@return whether the failure says that the host engine itself lacks rights that a privileged container would get} */
    static boolean refusesPrivileged(DockerException failure) {
        return String.valueOf(failure.getMessage()).contains("unable to apply caps");
    }

    static void write(ObjectNode hostConfig, boolean privileged) {
        if (privileged) {
            hostConfig.put("Privileged", true);
            return;
        }
        CAPABILITIES.forEach(hostConfig.putArray("CapAdd")::add);
        SECURITY_OPTIONS.forEach(hostConfig.putArray("SecurityOpt")::add);
    }
}

package io.micado.swarm;

import io.micado.api.service.TaskState.PendingCause;
import java.util.Locale;

/**
 * Reads the scheduler's explanation of a task that it could not place, for {@link TaskCollector}. Stateless.
 *
 * <p>The scheduler puts nodes through its filters in a fixed order and counts, for each filter, the nodes that it was
 * the first to reject: availability, resources, plug-ins, constraints, platform, host port, replicas per node. So of
 * several causes the one that names what one more worker would change is the most telling.
 */
final class PendingReasons {
    private PendingReasons() {}

    static PendingCause of(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        if (!words.contains("no suitable node")) {
            return PendingCause.OTHER;
        }
        if (words.contains("insufficient resources")) {
            return PendingCause.INSUFFICIENT_RESOURCES;
        }
        if (words.contains("host-mode port already in use")) {
            return PendingCause.PORT_TAKEN;
        }
        if (words.contains("max replicas per node")) {
            return PendingCause.MAX_REPLICAS_PER_NODE;
        }
        if (words.contains("scheduling constraints not satisfied")) {
            return PendingCause.CONSTRAINTS;
        }
        if (words.contains("unsupported platform")
                || words.contains("missing plugin")
                || words.contains("volume mounts")) {
            return PendingCause.UNSUPPORTED_PLATFORM;
        }
        boolean nothingElse =
                words.contains("not available for new tasks") || words.strip().endsWith("no suitable node");
        return nothingElse ? PendingCause.NO_NODES : PendingCause.OTHER;
    }
}

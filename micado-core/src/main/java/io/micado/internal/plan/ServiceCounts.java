package io.micado.internal.plan;

import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.internal.plan.Host.Role;
import org.jspecify.annotations.Nullable;

/** How the tasks of each service are doing, by the service's index. Filled and then only read by {@link ClusterIndex}. */
final class ServiceCounts {
    private final int[] placed;
    private final int[] runningToStay;
    private final int[] active;
    private final int[] pending;
    private final int[] beyondHelp;
    private final int[] failed;

    ServiceCounts(int services) {
        placed = new int[services];
        runningToStay = new int[services];
        active = new int[services];
        pending = new int[services];
        beyondHelp = new int[services];
        failed = new int[services];
    }

    void count(int service, TaskState task, @Nullable Host host) {
        Phase phase = task.phase();
        if (phase == Phase.PENDING) {
            pending[service]++;
            beyondHelp[service] += isBeyondHelp(task.pending().orElse(PendingCause.OTHER)) ? 1 : 0;
        } else if (phase == Phase.FAILED) {
            failed[service]++;
        } else if (phase != Phase.STOPPING) {
            active[service]++;
            boolean stays = host != null && host.role() != Role.LOSES_TASKS;
            placed[service] += stays ? 1 : 0;
            runningToStay[service] += stays && phase == Phase.RUNNING ? 1 : 0;
        }
    }

    /** More workers of the same kind do not help, or nobody can tell. */
    private static boolean isBeyondHelp(PendingCause cause) {
        return cause == PendingCause.UNSUPPORTED_PLATFORM || cause == PendingCause.OTHER;
    }

    /** {@return how many tasks have a place that they need not leave} */
    int placed(ServiceProfile service) {
        return placed[service.index()];
    }

    /** {@return how many tasks run in a place that they need not leave} */
    int runningToStay(ServiceProfile service) {
        return runningToStay[service.index()];
    }

    /** {@return how many tasks run or are being started, anywhere} */
    int active(ServiceProfile service) {
        return active[service.index()];
    }

    /** {@return how many tasks wait for a node} */
    int pending(ServiceProfile service) {
        return pending[service.index()];
    }

    /** {@return how many of the waiting tasks wait for something that no new worker brings} */
    int beyondHelp(ServiceProfile service) {
        return beyondHelp[service.index()];
    }

    /** {@return how many tasks failed and are to be started again} */
    int failed(ServiceProfile service) {
        return failed[service.index()];
    }
}

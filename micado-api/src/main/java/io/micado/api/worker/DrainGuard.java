package io.micado.api.worker;

import io.micado.api.service.TaskState;
import java.util.List;

/**
 * The host program's word on whether a worker may go now. Asked once a worker is cordoned, before its tasks are moved; called
 * off the loop thread, and no answer in time counts as "not now". Never asked for a worker that is lost.
 */
@FunctionalInterface
public interface DrainGuard {
    /** Any worker may go at any time. */
    DrainGuard ALWAYS = (worker, tasks) -> true;

    /**
     * {@return whether the worker may be drained now; if not, it takes tasks again and is asked for again later}
     *
     * @param worker the worker, which is cordoned
     * @param tasks what runs on it
     */
    boolean mayDrain(Worker worker, List<TaskState> tasks);
}

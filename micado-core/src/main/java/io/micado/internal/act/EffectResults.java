package io.micado.internal.act;

import io.micado.api.error.MicadoException;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.Action;

/** Hears what became of effects. Called on the loop thread. */
public interface EffectResults {

    /** A cloud accepted a launch. */
    void launched(Action.Launch action, WorkerId worker, Machine machine);

    /** A launch failed in one way for so many workers; the kind tells whether there may be machines all the same. */
    void launchFailed(Action.Launch action, int workers, MicadoException error);

    /** What could not be launched is asked of another offering, or in a smaller number, right now. */
    void launchedInstead(Action.Launch failed, Action.Launch next);

    /** A cloud did not open the ports that are wanted; the next pass tries again. */
    void portsFailed(String cloud, MicadoException error);

    /** A cloud did not give machines what their launch could not; the next list tries again. */
    void finishFailed(String cloud, MicadoException error);

    /** An effect was carried out. */
    void done(Action action);

    /** An effect failed; a pass that still wants it tries again, once its subject has rested. */
    void failed(Action action, MicadoException error);

    /** An effect failed as the one before it on the same subject did, so that there is nothing new to tell. */
    void failedAgain(Action action, MicadoException error);
}

package io.micado.internal.loop;

import io.micado.internal.lease.Coordinator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the engine acts, and if not, why. Confined to the loop thread. */
final class Mode {
    private boolean paused;
    private boolean dryRun;
    private @Nullable Destroyer destroyer;

    Mode(boolean dryRun) {
        this.dryRun = dryRun;
    }

    void pause(boolean value) {
        paused = value;
    }

    void dryRun(boolean value) {
        dryRun = value;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isDryRun() {
        return dryRun;
    }

    void destroy(Destroyer by) {
        destroyer = by;
    }

    boolean isDestroying() {
        return destroyer != null;
    }

    Optional<Destroyer> destroyer() {
        return Optional.ofNullable(destroyer);
    }

    /** {@return why nothing is acted on now; empty when everything is} */
    Optional<String> whyNotActing(Coordinator coordinator) {
        if (dryRun) {
            return Optional.of("dry run");
        }
        if (paused) {
            return Optional.of("paused");
        }
        if (isDestroying()) {
            return Optional.of("the infrastructure is being destroyed");
        }
        if (!coordinator.mayActNow()) {
            return Optional.of(coordinator.whyNotActing());
        }
        return Optional.empty();
    }
}

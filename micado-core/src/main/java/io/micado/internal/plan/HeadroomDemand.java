package io.micado.internal.plan;

import io.micado.api.service.Resources;
import java.util.List;
import java.util.Optional;

/**
 * Turns spare capacity that a pool lacks into something that can be packed: many small pieces of it, which may lie on several workers.
 * Used by {@link ServePendingTasks}, {@link FollowPolicy} and {@link CheaperWorkers}. Not instantiable.
 */
final class HeadroomDemand {
    private static final String NAME = "headroom";
    /** So many pieces fill the smallest worker: what is bought for rounding is less than one of them. */
    private static final int PIECES_OF_A_WORKER = 16;

    private HeadroomDemand() {}

    /** {@return the pieces; none when nothing is lacking} */
    static Optional<TaskGroup> of(Resources lacking, List<Offer> offers) {
        if (lacking.isZero()) {
            return Optional.empty();
        }
        double most = 1;
        for (Offer offer : offers) {
            double workers = TaskGroup.share(lacking, offer.free().orElse(Resources.ZERO));
            most = Math.max(most, workers);
        }
        int pieces = (int) Math.min(100_000, Math.ceil(most * PIECES_OF_A_WORKER));
        Resources piece = Resources.of(
                lacking.cpuCores() / pieces,
                lacking.memoryBytes() / pieces + (lacking.memoryBytes() % pieces > 0 ? 1 : 0));
        return Optional.of(new TaskGroup(ServiceProfile.demand(NAME, piece), pieces));
    }

    /** {@return whether these are pieces of headroom rather than tasks} */
    static boolean is(TaskGroup group) {
        return group.service().index() == ServiceProfile.NO_SERVICE;
    }
}

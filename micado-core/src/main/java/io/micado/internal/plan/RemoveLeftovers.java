package io.micado.internal.plan;

import io.micado.api.spi.Leftover;

/** Deletes what we own on the clouds and no machine needs any more. A step of {@link FleetPlanner}. */
final class RemoveLeftovers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (Leftover leftover : pass.state().leftovers()) {
            if (!leftover.inUse() && !pass.state().unknownClouds().contains(leftover.cloud())) {
                pass.draft().act(new Action.RemoveLeftover(leftover, "no machine needs it any more"));
            }
        }
    }
}

package io.micado.internal.plan;

/**
 * One step of planning the workers of all pools. Called by {@link FleetPlanner} in its order, on the loop thread. Stateless.
 *
 * <p>The first step that acts on a worker ends the pass for that worker: an action whose subject is taken is not planned.
 */
@FunctionalInterface
interface FleetStep {

    /** Does this step's part. */
    void take(FleetPass pass);
}

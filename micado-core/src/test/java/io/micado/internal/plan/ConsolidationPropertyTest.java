package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.Resources;
import io.micado.api.worker.Consolidation;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.testing.ForSeeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;

/** What holds of replacing workers by cheaper ones, whatever the cluster is like: it has come to rest without, then it is asked for. */
class ConsolidationPropertyTest {
    private static final int LONGEST = 3_000;

    @ForSeeds(24)
    void endsSoonCostsNoMoreAndLeavesNoTaskWithoutAPlace(long seed) {
        World world = RandomWorld.calm(seed);
        change(world, pool -> priced(pool, new Random(seed)));
        comeToRest(world, new ArrayList<>());
        double costBefore = cost(world);
        long waitingBefore = waiting(world);
        int workersBefore = world.members.size();
        change(world, pool -> copy(pool, pool.offerings()).consolidation(Consolidation.ON));

        List<Action> actions = new ArrayList<>();
        long mostWaiting = comeToRest(world, actions);

        assertThat(cost(world)).isLessThanOrEqualTo(costBefore + 1e-9);
        assertThat(mostWaiting).isLessThanOrEqualTo(waitingBefore);
        assertThat(actions)
                .filteredOn(action ->
                        action instanceof Action.Launch && action.reason().contains("in place of"))
                .as("one worker may be replaced by several kinds of them")
                .hasSizeLessThanOrEqualTo(2 * workersBefore);
    }

    /** Until nothing has happened for an hour; {@return how many tasks were without a place at most}. */
    private static long comeToRest(World world, List<Action> actions) {
        long waiting = 0;
        int quiet = 0;
        for (int pass = 0; quiet < 120; pass++) {
            assertThat(pass).as("passes until it comes to rest").isLessThan(LONGEST);
            List<Action> planned = world.pass().actions();
            actions.addAll(planned);
            quiet = planned.isEmpty() ? quiet + 1 : 0;
            world.later(planned.isEmpty() ? Duration.ofSeconds(30) : Duration.ofSeconds(5));
            waiting = Math.max(waiting, waiting(world));
        }
        return waiting;
    }

    private static double cost(World world) {
        return world.members.values().stream()
                .mapToDouble(member -> world.pools.get(member.pool).offerings().stream()
                        .filter(offering -> offering.name().equals(member.offering.name()))
                        .findFirst()
                        .orElseThrow()
                        .pricePerHour()
                        .orElseThrow())
                .sum();
    }

    private static long waiting(World world) {
        return world.tasks.stream().filter(task -> task.node.isEmpty()).count();
    }

    private static void change(World world, Function<WorkerPool, WorkerPool.Builder> how) {
        for (WorkerPool pool : List.copyOf(world.pools.values())) {
            world.with(how.apply(pool).build());
        }
    }

    /** The pool with at least two offerings, and sizes and prices of all. */
    private static WorkerPool.Builder priced(WorkerPool pool, Random random) {
        List<Offering> offerings = new ArrayList<>();
        for (Offering offering : pool.offerings()) {
            Resources capacity = offering.capacity().orElse(World.SMALL);
            offerings.add(new Offering(
                    offering.name(),
                    offering.cloud(),
                    offering.instanceType(),
                    offering.zone(),
                    Optional.of(capacity),
                    OptionalDouble.of(capacity.cpuCores() * (0.05 + 0.1 * random.nextDouble())),
                    offering.settings()));
        }
        offerings.add(Offering.builder("north", "tiny")
                .name("tiny")
                .capacity(Resources.ofMebibytes(2, 4096))
                .pricePerHour(0.1)
                .build());
        return copy(pool, offerings).between(pool.bounds().min(), pool.bounds().max() + 3);
    }

    private static WorkerPool.Builder copy(WorkerPool pool, List<Offering> offerings) {
        WorkerPool.Builder copy = WorkerPool.builder(pool.name())
                .between(pool.bounds().min(), pool.bounds().max())
                .headroom(pool.headroom());
        offerings.forEach(copy::offering);
        pool.behavior().ifPresent(copy::behavior);
        return copy;
    }
}

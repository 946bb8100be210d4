package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoLevelPlannerTest {
    private final World world = new World();

    @Test
    void launchesWorkersForReplicasThatTheSamePassDecidesOn() {
        world.withPool("pool", 1, 10, 1);
        world.service("web", 2);
        world.settle();
        world.say(TargetId.service("web"), 10);
        world.say(TargetId.pool("pool"), 1);

        Plan plan = world.pass();

        assertThat(plan.actions()).hasSize(2);
        Action.Launch launch = only(plan, Action.Launch.class);
        assertThat(launch.count()).isEqualTo(2);
        Action.ScaleService scale = only(plan, Action.ScaleService.class);
        assertThat(scale.replicas()).isEqualTo(10);
        assertThat(scale.labels()).containsKey(Tags.SERVICE_LAST_CHANGE);
        Decision pool = decision(plan, TargetId.pool("pool"));
        assertThat(pool.from()).isEqualTo(1);
        assertThat(pool.to()).isEqualTo(3);
        assertThat(pool.binding()).isEqualTo(Rule.PENDING_TASKS);
    }

    @Test
    void decidesOnEveryTargetAlsoWhenNothingChanges() {
        world.withPool("pool", 1, 10, 2);
        world.service("web", 2);
        world.settle();
        world.say(TargetId.service("web"), 2);
        world.say(TargetId.pool("pool"), 2);

        Plan plan = world.plan();

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.decisions())
                .extracting(Decision::target)
                .containsExactlyInAnyOrder(TargetId.service("web"), TargetId.pool("pool"));
        assertThat(plan.decisions()).allMatch(it -> !it.changesSomething() && it.binding() == Rule.NONE);
    }

    @Test
    void saysThatTheBoundsDecidedWhenAPoolWhosePolicyKnowsNothingIsBroughtToItsMinimum() {
        world.withPool("pool", 1, 10, 0);
        world.recommendations.put(TargetId.pool("pool"), Recommendation.unknown("there are no workers yet"));

        Plan plan = world.plan();

        Decision pool = decision(plan, TargetId.pool("pool"));
        assertThat(pool.to()).isEqualTo(1);
        assertThat(pool.binding()).isEqualTo(Rule.BOUNDS);
        assertThat(pool.reason()).contains("must lie within", "there are no workers yet");
    }

    @Test
    void plansNothingWhileTheClusterIsUnknownButWhatAPolicyAsksForOfAPool() {
        world.withPool("pool", 1, 10, 2);
        world.service("web", 2);
        world.settle();
        world.clusterKnown = false;
        world.say(TargetId.service("web"), 8);
        world.say(TargetId.pool("pool"), 4);

        Plan plan = world.plan();

        assertThat(plan.actions()).hasSize(1);
        assertThat(only(plan, Action.Launch.class).count()).isEqualTo(2);
        assertThat(decision(plan, TargetId.service("web")).binding()).isEqualTo(Rule.UNKNOWN);
    }

    @Test
    void scalesAWorkerInStepByStepAndMovesItsTasksFirst() {
        world.withPool("pool", 1, 10, 3);
        world.service("web", 3);
        world.settle();
        world.say(TargetId.service("web"), 3);
        world.say(TargetId.pool("pool"), 2);

        assertThat(world.pass().actions()).singleElement().isInstanceOf(Action.Cordon.class);
        world.later(Duration.ofSeconds(5));
        assertThat(world.pass().actions()).singleElement().isInstanceOf(Action.Drain.class);
        world.later(Duration.ofSeconds(5));
        assertThat(world.pass().actions()).singleElement().isInstanceOf(Action.Retire.class);
        world.later(Duration.ofSeconds(5));
        assertThat(world.passes(20)).isEmpty();
        assertThat(world.members).hasSize(2);
        assertThat(world.tasks).hasSize(3).allMatch(task -> task.node.isPresent());
    }

    @Test
    void startsOneMoreReplicaBeforeTheOnlyOneIsDrainedAndGivesItBack() {
        world.withPool("pool", 1, 10, 2);
        world.service("db", 1);
        world.settle();
        world.say(TargetId.service("db"), 1);
        world.say(TargetId.pool("pool"), 1);
        // The empty one would go first: leave the one with the task as the only candidate.
        world.members.values().stream()
                .filter(member -> world.tasks.get(0).node.orElseThrow().equals(member.nodeId()))
                .forEach(member -> {
                    member.drainedByUs = true;
                    world.enter(member, WorkerState.CORDONED);
                });

        Action.ScaleService surge = only(world.pass(), Action.ScaleService.class);
        assertThat(surge.replicas()).isEqualTo(2);
        assertThat(surge.labels()).containsEntry(Tags.SERVICE_SURGE, "1");
        world.later(Duration.ofSeconds(5));
        assertThat(world.pass().actions()).singleElement().isInstanceOf(Action.Drain.class);
        world.later(Duration.ofSeconds(5));
        List<Action> rest = world.passes(5);
        assertThat(rest).filteredOn(Action.Retire.class::isInstance).hasSize(1);
        assertThat(rest)
                .filteredOn(Action.ScaleService.class::isInstance)
                .singleElement()
                .satisfies(action -> {
                    Action.ScaleService back = (Action.ScaleService) action;
                    assertThat(back.replicas()).isEqualTo(1);
                    assertThat(back.labels()).containsEntry(Tags.SERVICE_SURGE, "");
                });
        assertThat(world.passes(5)).isEmpty();
    }

    @Test
    void doesNothingForLongWhileLoadIsSteady() {
        world.withPool("pool", 1, 10, 3);
        world.service("web", 5);
        world.settle();
        world.say(TargetId.service("web"), 5);
        world.recommendations.put(TargetId.pool("pool"), Recommendation.of(3, "steady"));

        assertThat(world.passes(500)).isEmpty();
    }

    static <A extends Action> A only(Plan plan, Class<A> type) {
        List<A> found =
                plan.actions().stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).as("%s in %s", type.getSimpleName(), plan.actions()).hasSize(1);
        return found.get(0);
    }

    static Decision decision(Plan plan, TargetId target) {
        return plan.decisions().stream()
                .filter(it -> it.target().equals(target))
                .findFirst()
                .orElseThrow();
    }
}

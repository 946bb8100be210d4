package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static io.micado.internal.plan.TwoLevelPlannerTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicePlannerTest {
    private static final TargetId WEB = TargetId.service("web");

    private final World world = new World();
    private World.Service web;

    @BeforeEach
    void deploy() {
        world.withPool("pool", 1, 5, 2);
        web = world.service("web", 4);
        world.settle();
        world.say(TargetId.pool("pool"), 2);
        world.say(WEB, 4);
    }

    @Test
    void scalesToWhatThePolicySays() {
        world.say(WEB, 6);
        Action.ScaleService out = only(world.pass(), Action.ScaleService.class);
        assertThat(out.expected()).isEqualTo(4);
        assertThat(out.replicas()).isEqualTo(6);

        world.say(WEB, 3);
        assertThat(only(world.pass(), Action.ScaleService.class).replicas()).isEqualTo(3);
    }

    @Test
    void leavesGlobalServicesAndJobsAlone() {
        web.mode = ServiceState.Mode.GLOBAL;
        world.say(WEB, 6);

        assertBound(4, Rule.UNKNOWN, "only replicated services are scaled");
    }

    @Test
    void leavesEverythingAloneWithoutQuorum() {
        world.quorum = false;
        world.say(WEB, 6);

        assertBound(4, Rule.UNKNOWN, "quorum");
    }

    @Test
    void waitsForAnEarlierChange() {
        world.busy.add(Action.subjectOfService("web"));
        world.say(WEB, 6);

        assertBound(4, Rule.NOT_ACTING, "an earlier change is still on its way");
    }

    @Test
    void aHoldCountsInsideTheBounds() {
        web.bounds = Bounds.of(1, 5);
        world.memory = world.memory.withHold(WEB, new Hold(9, Optional.empty()));

        assertThat(decision(world.plan(), WEB).to()).isEqualTo(5);
        assertThat(decision(world.plan(), WEB).binding()).isEqualTo(Rule.HOLD);
    }

    @Test
    void aHoldEndsByItself() {
        world.memory = world.memory.withHold(WEB, new Hold(2, Optional.of(world.now)));

        assertThat(decision(world.plan(), WEB).binding()).isEqualTo(Rule.NONE);
    }

    @Test
    void doesNotScaleInDuringARollOutButOut() {
        web.updating = true;
        world.say(WEB, 3);
        assertBound(4, Rule.ROLL_OUT, "roll-out");

        world.say(WEB, 5);
        assertThat(decision(world.plan(), WEB).to()).isEqualTo(5);
    }

    @Test
    void addsNoReplicasThatNoWorkerCouldEverTake() {
        web.reservation = Resources.ofMebibytes(9, 1024);
        world.say(WEB, 5);

        assertBound(4, Rule.PLACEMENT, "more than any worker has or can be bought with");
    }

    @Test
    void addsNoReplicasWhileOthersWaitAndNoPoolMayGrow() {
        world.with(World.pool("pool", 1, 2)
                .offering(World.offering("small", World.SMALL))
                .build());
        web.replicas = 9;
        world.settle();
        world.say(WEB, 10);

        assertBound(9, Rule.PLACEMENT, "no pool may grow for them");
    }

    @Test
    void addsNoReplicasWhenAllOfThemFailToStart() {
        world.tasks.forEach(task -> task.phase = Phase.FAILED);
        world.say(WEB, 6);

        assertBound(4, Rule.PLACEMENT, "fail to start");
    }

    private void assertBound(int to, Rule rule, String why) {
        Plan plan = world.plan();
        Decision decision = decision(plan, WEB);
        assertThat(plan.actions()).noneMatch(Action.ScaleService.class::isInstance);
        assertThat(decision.to()).isEqualTo(to);
        assertThat(decision.binding()).isEqualTo(rule);
        assertThat(decision.reason()).contains(why);
    }
}

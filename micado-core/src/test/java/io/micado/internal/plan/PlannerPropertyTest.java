package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.testing.ForSeeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds of every plan, whatever the world is like. */
class PlannerPropertyTest {

    @ForSeeds(250)
    void keepsEveryPoolWithinItsBounds(long seed) {
        World world = RandomWorld.troubled(seed);
        ClusterState state = world.state();
        Plan plan = world.plan();
        for (WorkerPool pool : world.pools.values()) {
            int existing = 0;
            int ready = 0;
            for (Worker worker : ofPool(state, pool)) {
                boolean replaced = retired(plan).contains(worker.id());
                boolean gone = worker.state() == WorkerState.LEAVING
                        || worker.state() == WorkerState.TERMINATING
                        || worker.state() == WorkerState.GONE;
                existing += gone || replaced ? 0 : 1;
                ready += worker.state() == WorkerState.READY ? 1 : 0;
            }
            int launched = launches(plan, pool.name());
            if (launched > 0) {
                assertThat(existing + launched)
                        .isLessThanOrEqualTo(pool.bounds().max());
            }
            int cordoned = (int) ofPool(state, pool).stream()
                    .filter(worker -> cordoned(plan).contains(worker.id()))
                    .count();
            if (cordoned > 0) {
                int counting = (int) ofPool(state, pool).stream()
                        .filter(worker -> worker.state().countsAsCapacity())
                        .count();
                assertThat(counting - cordoned)
                        .isGreaterThanOrEqualTo(pool.bounds().min());
                assertThat(ready).isGreaterThanOrEqualTo(cordoned);
            }
        }
    }

    @ForSeeds(250)
    void keepsEveryServiceWithinItsBounds(long seed) {
        World world = RandomWorld.troubled(seed);
        for (Decision decision : world.plan().decisions()) {
            if (decision.target().level() == TargetId.Level.SERVICE && decision.changesSomething()) {
                assertThat(world.services.get(decision.target().name()).bounds.contains(decision.to()))
                        .isTrue();
            }
        }
    }

    @ForSeeds(250)
    void plansNothingNewWhileEverythingPlannedIsOnItsWay(long seed) {
        World world = RandomWorld.troubled(seed);
        Plan first = world.plan();
        first.actions().forEach(action -> world.busy.add(action.subject()));
        assertThat(world.plan().actions()).isEmpty();
    }

    @ForSeeds(250)
    void plansTheSameFromTheSame(long seed) {
        World world = RandomWorld.troubled(seed);
        Plan first = world.planner.plan(world.state(), world.recommendations, world.memory);
        Plan again = world.planner.plan(world.state(), world.recommendations, world.memory);
        assertThat(again).isEqualTo(first);
    }

    @ForSeeds(250)
    void plansAtMostOneActionForEachSubjectAndNoneForBusyOnes(long seed) {
        World world = RandomWorld.troubled(seed);
        List<String> subjects =
                world.plan().actions().stream().map(Action::subject).toList();
        assertThat(subjects).doesNotHaveDuplicates();
        assertThat(world.busy).noneMatch(subjects::contains);
    }

    @ForSeeds(250)
    void startsAndEndsNothingOnACloudThatDoesNotAnswer(long seed) {
        World world = RandomWorld.troubled(seed);
        for (Action action : world.plan().actions()) {
            assertThat(cloudsOf(world, action)).noneMatch(world.unknownClouds::contains);
        }
    }

    @ForSeeds(250)
    void touchesNoNodeOfOthersAndNoneThatOthersDrain(long seed) {
        World world = RandomWorld.troubled(seed);
        Set<NodeId> hands = world.foreignNodes.stream().map(Node::id).collect(Collectors.toSet());
        world.members.values().stream()
                .filter(member -> member.state.isDrainingCancellable() && !member.drainedByUs)
                .forEach(member -> hands.add(member.nodeId()));
        for (Action action : world.plan().actions()) {
            assertThat(nodesOf(action)).noneMatch(hands::contains);
        }
    }

    @ForSeeds(250)
    void neverScalesInWhatItDoesNotKnow(long seed) {
        World world = RandomWorld.troubled(seed);
        for (Decision decision : world.plan().decisions()) {
            Recommendation said = world.recommendations.get(decision.target());
            boolean unsure = said instanceof Recommendation.Unknown
                    || said instanceof Recommendation.Capacity capacity && capacity.lowerBound();
            boolean tooMany = decision.target().level() == TargetId.Level.POOL
                    && decision.from()
                            > world.pools.get(decision.target().name()).bounds().max();
            if (unsure && !tooMany) {
                assertThat(decision.to()).as(decision.reason()).isGreaterThanOrEqualTo(decision.from());
            }
        }
    }

    @ForSeeds(250)
    void launchesForTasksOnlyWhatTheyFitOn(long seed) {
        World world = RandomWorld.troubled(seed);
        world.pools.keySet().forEach(pool -> world.recommendations.remove(TargetId.pool(pool)));
        ClusterState state = world.state();
        Plan plan = world.plan();
        for (Action action : plan.actions()) {
            if (action instanceof Action.Launch launch) {
                WorkerPool pool = world.pools.get(launch.pool());
                boolean forTasks =
                        launch.reason().contains("wait") && !launch.reason().contains(";");
                if (forTasks && pool.headroom().equals(Headroom.NONE)) {
                    assertThat(waitingTasksThatFit(state, launch, plan))
                            .as("tasks that fit on %s", launch.offering())
                            .isGreaterThanOrEqualTo(launch.count());
                }
            }
        }
    }

    @ForSeeds(250)
    void releasesNoWorkerWhoseTasksWouldFitNowhere(long seed) {
        World world = RandomWorld.troubled(seed);
        ClusterState state = world.state();
        Plan plan = world.plan();
        Set<NodeId> going = new HashSet<>();
        plan.actions().forEach(action -> {
            if (action instanceof Action.Cordon cordon) {
                going.add(cordon.node());
            }
        });
        if (going.isEmpty()) {
            return;
        }
        Map<NodeId, Resources> free = freeOnReadyNodes(state);
        Resources needed = Resources.ZERO;
        for (TaskState task : state.cluster().tasks()) {
            World.Service service = world.services.get(task.service());
            if (task.occupiesNode()
                    && going.contains(task.node().orElseThrow())
                    && service.mode == io.micado.api.service.ServiceState.Mode.REPLICATED) {
                needed = needed.plus(service.reservation);
                assertThat(free.entrySet())
                        .as("room for %s", service.name)
                        .anyMatch(entry ->
                                !going.contains(entry.getKey()) && service.reservation.fitsIn(entry.getValue()));
            }
        }
        Resources left = free.entrySet().stream()
                .filter(entry -> !going.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Resources.ZERO, Resources::plus);
        assertThat(needed.fitsIn(left)).isTrue();
    }

    @ForSeeds(250)
    void asksForNoLessWhenLoadIsHigher(long seed) {
        int load = (int) (seed % 41);
        int more = (int) (seed / 41 % 21);
        int[] lower = wanted(seed, load);
        int[] higher = wanted(seed, load + more);
        assertThat(higher[0]).isGreaterThanOrEqualTo(lower[0]);
        assertThat(higher[1]).isGreaterThanOrEqualTo(lower[1]);
    }

    @ForSeeds(40)
    void comesToRestUnderSteadyLoad(long seed) {
        World world = RandomWorld.calm(seed);
        // Who has done nothing for so long has seen every window and every rest pass by.
        int restingRounds = 0;
        for (int round = 0; round < 40 && restingRounds < 6; round++) {
            restingRounds = world.passes(10).isEmpty() ? restingRounds + 1 : 0;
            world.later(java.time.Duration.ofMinutes(5));
        }
        assertThat(world.passes(200)).isEmpty();
    }

    /** One service on one pool of one offering: how many replicas and how many workers are wanted. */
    private static int[] wanted(long seed, int load) {
        World world = new World().withPool("pool", 0, 20, Math.floorMod(seed, 7));
        world.service("web", 1).bounds = io.micado.api.scaling.Bounds.of(0, 50);
        world.settle();
        world.say(TargetId.service("web"), load);
        world.say(TargetId.pool("pool"), load / 3);
        Plan plan = world.plan();
        return new int[] {
            TwoLevelPlannerTest.decision(plan, TargetId.service("web")).to(),
            TwoLevelPlannerTest.decision(plan, TargetId.pool("pool")).to()
        };
    }

    private static List<Worker> ofPool(ClusterState state, WorkerPool pool) {
        return state.workers().values().stream()
                .filter(worker -> worker.pool().equals(pool.name()))
                .toList();
    }

    private static int launches(Plan plan, String pool) {
        return plan.actions().stream()
                .filter(action ->
                        action instanceof Action.Launch launch && launch.pool().equals(pool))
                .mapToInt(action -> ((Action.Launch) action).count())
                .sum();
    }

    private static Set<WorkerId> retired(Plan plan) {
        Set<WorkerId> ids = new HashSet<>();
        plan.actions().forEach(action -> {
            if (action instanceof Action.Retire retire) {
                ids.add(retire.worker());
            }
        });
        return ids;
    }

    private static Set<WorkerId> cordoned(Plan plan) {
        Set<WorkerId> ids = new HashSet<>();
        plan.actions().forEach(action -> {
            if (action instanceof Action.Cordon cordon) {
                ids.add(cordon.worker());
            }
        });
        return ids;
    }

    private static List<String> cloudsOf(World world, Action action) {
        if (action instanceof Action.Launch launch) {
            return List.of(launch.offering().cloud());
        }
        if (action instanceof Action.RemoveLeftover leftover) {
            return List.of(leftover.leftover().cloud());
        }
        WorkerId worker = action instanceof Action.Retire retire
                ? retire.worker()
                : action instanceof Action.Cordon cordon
                        ? cordon.worker()
                        : action instanceof Action.Drain drain ? drain.worker() : null;
        return worker == null
                ? List.of()
                : List.of(world.members.get(worker).offering.cloud());
    }

    private static List<NodeId> nodesOf(Action action) {
        if (action instanceof Action.Retire retire) {
            return retire.node().stream().toList();
        }
        if (action instanceof Action.Cordon cordon) {
            return List.of(cordon.node());
        }
        if (action instanceof Action.Drain drain) {
            return List.of(drain.node());
        }
        if (action instanceof Action.CancelDrain cancel) {
            return List.of(cancel.node());
        }
        return action instanceof Action.LabelNode label ? List.of(label.node()) : List.of();
    }

    private static long waitingTasksThatFit(ClusterState state, Action.Launch launch, Plan plan) {
        Map<String, Integer> wanted = new HashMap<>();
        state.cluster().services().forEach(service -> wanted.put(service.name(), service.desiredReplicas()));
        plan.actions().forEach(action -> {
            if (action instanceof Action.ScaleService scale) {
                wanted.put(scale.service(), scale.replicas());
            }
        });
        long fitting = 0;
        for (var service : state.cluster().services()) {
            Optional<Resources> capacity = launch.offering().capacity();
            boolean fits = capacity.map(it -> service.reservation().fitsIn(it)).orElse(true);
            fitting += fits ? wanted.get(service.name()) : 0;
        }
        return fitting;
    }

    private static Map<NodeId, Resources> freeOnReadyNodes(ClusterState state) {
        Map<NodeId, Resources> free = new HashMap<>();
        for (Node node : state.cluster().nodes()) {
            if (node.takesTasks()) {
                free.put(node.id(), node.capacity());
            }
        }
        Map<String, Resources> reservations = new HashMap<>();
        state.cluster().services().forEach(service -> reservations.put(service.name(), service.reservation()));
        List<TaskState> tasks = new ArrayList<>(state.cluster().tasks());
        tasks.removeIf(task -> !task.occupiesNode());
        tasks.forEach(task -> free.computeIfPresent(
                task.node().orElseThrow(), (node, before) -> before.minus(reservations.get(task.service()))));
        return free;
    }
}

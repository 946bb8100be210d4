package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.WorkerState;
import io.micado.internal.plan.PlacementSimulation.Measure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlacementSimulationTest {
    private final World world = new World().withPool("pool", 0, 9, 2);
    private World.Service web;

    @BeforeEach
    void deploy() {
        web = world.service("web", 0);
    }

    @Test
    void placesAsManyTasksAsThereIsRoomForBesideThoseThatAreThere() {
        run(3, 0);

        assertThat(simulation(Measure.RESERVATION, false).place(service(), 9)).isEqualTo(5);
    }

    @Test
    void placesOnWorkersThatArriveOnlyWhenAskedTo() {
        world.add("pool", WorkerState.BOOTING).since = world.now;

        assertThat(simulation(Measure.RESERVATION, false).place(service(), 99)).isEqualTo(8);
        assertThat(simulation(Measure.RESERVATION, true).place(service(), 99)).isEqualTo(12);
    }

    @Test
    void placesNothingOnWorkersThatLeave() {
        world.members.firstEntry().getValue().state = WorkerState.DRAINING;

        assertThat(simulation(Measure.RESERVATION, true).place(service(), 99)).isEqualTo(4);
    }

    @Test
    void respectsConstraints() {
        world.members.firstEntry().getValue().labels.put("disk", "ssd");
        web.constraints = List.of("node.labels.disk==ssd");

        assertThat(simulation(Measure.RESERVATION, false).place(service(), 99)).isEqualTo(4);
    }

    @Test
    void respectsTheMostReplicasOfAServiceOnANode() {
        web.mostPerNode = Optional.of(3);
        run(2, 0);

        assertThat(simulation(Measure.RESERVATION, false).place(service(), 99)).isEqualTo(4);
    }

    @Test
    void evacuatesAHostOnlyIfEveryTaskFindsAPlaceAndElseLeavesEverythingAsItWas() {
        run(3, 2);
        PlacementSimulation simulation = simulation(Measure.RESERVATION, false);

        Optional<Note> stuck = simulation.evacuate(index.hosts().get(0), service -> 0);

        assertThat(stuck).map(Note::rule).contains(Rule.PLACEMENT);
        assertThat(simulation.free(index.hosts().get(1))).isEqualTo(Resources.ofMebibytes(2, 6144));
        assertThat(simulation.evacuate(index.hosts().get(1), service -> 0))
                .as("two do not fit on one core")
                .isPresent();
        assertThat(simulation.place(service(), 99))
                .as("both are open as before")
                .isEqualTo(3);
    }

    @Test
    void evacuatesAHostAndClosesIt() {
        run(2, 2);
        PlacementSimulation simulation = simulation(Measure.RESERVATION, false);

        assertThat(simulation.evacuate(index.hosts().get(0), service -> 0)).isEmpty();
        assertThat(simulation.hasReceived(index.hosts().get(1))).isTrue();
        assertThat(simulation.place(service(), 99)).isZero();
    }

    @Test
    void needsRoomForExtraReplicasToo() {
        run(2, 2);

        assertThat(simulation(Measure.RESERVATION, false).evacuate(index.hosts().get(0), service -> 1))
                .isPresent();
    }

    @Test
    void movesNoJobAndNothingWhoseUseIsUnknown() {
        run(1, 0);
        web.reservation = Resources.ZERO;
        PlacementSimulation byUse = simulation(Measure.USE, false);
        assertThat(byUse.evacuate(index.hosts().get(0), service -> 0))
                .map(Note::rule)
                .contains(Rule.UNKNOWN);

        web.mode = ServiceState.Mode.JOB;
        web.reservation = Resources.ofMebibytes(1, 1024);
        PlacementSimulation jobs = simulation(Measure.USE, false);
        assertThat(jobs.evacuate(index.hosts().get(0), service -> 0))
                .map(Note::text)
                .get()
                .asString()
                .contains("job");
    }

    @Test
    void reckonsWithMeasuredUseWhereNothingIsReserved() {
        web.reservation = Resources.ZERO;
        world.measure("web", 2, 100);

        assertThat(simulation(Measure.USE, false).place(service(), 99)).isEqualTo(4);
    }

    @Test
    void doesNotCountTasksOfGlobalServicesAsInTheWay() {
        run(1, 1);
        web.mode = ServiceState.Mode.GLOBAL;

        assertThat(simulation(Measure.RESERVATION, false).evacuate(index.hosts().get(0), service -> 0))
                .isEmpty();
    }

    private ClusterIndex index;

    private PlacementSimulation simulation(Measure measure, boolean arriving) {
        ClusterState state = world.state();
        List<PoolRoster> rosters = List.of(RollCall.of(
                state,
                world.pools.get("pool"),
                world.memory,
                List.copyOf(state.workers().values())));
        index = new ClusterIndex(state, world.memory, rosters);
        return new PlacementSimulation(index, measure, arriving);
    }

    private ServiceProfile service() {
        return index.services().get(0);
    }

    /** Lets the two workers run so many replicas. */
    private void run(int first, int second) {
        List<World.Member> members = List.copyOf(world.members.values());
        for (int i = 0; i < first + second; i++) {
            World.Member member = members.get(i < first ? 0 : 1);
            world.tasks.add(new World.Task("t" + i, "web", Phase.RUNNING, Optional.of(member.nodeId())));
        }
        web.replicas = first + second;
    }
}

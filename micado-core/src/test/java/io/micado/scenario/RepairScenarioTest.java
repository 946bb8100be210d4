package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that are lost are replaced one by one, and left alone when too many seem lost at once. */
class RepairScenarioTest {
    private final ShopWorld world = new ShopWorld(1);
    private Program program;

    @BeforeEach
    void runEightReplicasOnFourWorkers() {
        program = world.start("p1");
        world.need = 8;
        world.settleAt(8, 4);
        world.after(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        program.micado().close();
    }

    @Test
    void aMachineThatDiesIsReplaced() {
        MachineId dead = world.cloud.look().get(0).id();
        world.cloud.lose(dead);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.look()).hasSize(4).extracting(Machine::id).doesNotContain(dead);
        assertThat(world.cloud.launches()).hasSize(5);
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(workerNodes()).as("the ghost was removed").hasSize(4);
    }

    @Test
    void aMachineThatSomebodyStopsIsTerminatedAndReplaced() {
        MachineId stopped = world.cloud.look().get(0).id();
        world.cloud.stop(stopped);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.look()).hasSize(4).extracting(Machine::id).doesNotContain(stopped);
        assertThat(world.cluster.running("web")).isEqualTo(8);
    }

    @Test
    void aNodeThatIsDownIsReplacedAfterItsGraceAndNoSooner() {
        NodeId down = workerNodes().get(0).id();
        int launches = world.cloud.launches().size();
        world.cluster.faults().failNode(down);
        world.after(Duration.ofSeconds(15 + 110));
        assertThat(world.cloud.terminations()).as("within the grace").isEmpty();

        world.after(Duration.ofMinutes(2));
        assertThat(world.cloud.terminations()).hasSize(1);
        assertThat(world.cloud.look()).hasSize(4);
        assertThat(world.cloud.launches().size() - launches).isBetween(1, 2);
        assertThat(world.cluster.running("web")).isEqualTo(8);
    }

    @Test
    void aNodeThatComesBackWithinItsGraceStays() {
        NodeId down = workerNodes().get(0).id();
        world.cluster.faults().failNode(down);
        world.after(Duration.ofSeconds(60));
        world.cluster.faults().reviveNode(down);
        world.after(Duration.ofMinutes(10));

        assertThat(program.heard(MicadoEvent.WorkerChanged.class))
                .anyMatch(change -> change.from() == WorkerState.LOST && change.to() == WorkerState.READY);
        assertThat(program.heard(MicadoEvent.WorkerChanged.class))
                .noneMatch(change -> change.from() == WorkerState.LOST && change.to() == WorkerState.LEAVING);
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(world.cloud.look()).hasSize(4);
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
    }

    @Test
    void aNodeThatAPersonRemovesIsReplacedAndItsMachineTerminated() {
        Node removed = workerNodes().get(0);
        world.cluster.apply(new io.micado.api.spi.ClusterChange.RemoveNode(removed.id()));
        world.after(Duration.ofMinutes(6));

        assertThat(world.cloud.look()).hasSize(4);
        assertThat(world.cloud.terminations()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(8);
    }

    @Test
    void repairStopsWithAWarningWhenMostWorkersSeemLostAtOnceAndGoesOnAfterwards() {
        List<Node> nodes = workerNodes();
        nodes.forEach(node -> world.cluster.faults().failNode(node.id()));
        world.after(Duration.ofMinutes(15));

        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(world.cloud.look()).extracting(Machine::id).hasSizeGreaterThanOrEqualTo(4);
        assertThat(program.warnings("repair-suspended"))
                .singleElement()
                .asString()
                .contains("4 of");

        nodes.forEach(node -> world.cluster.faults().reviveNode(node.id()));
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(world.cloud.look()).hasSize(4);
    }

    @Test
    void nothingIsDoneWithoutAQuorum() {
        NodeId down = workerNodes().get(0).id();
        world.cluster.faults().loseQuorum();
        world.cluster.faults().failNode(down);
        Duration lost = world.time.sinceStart();
        world.need = 2;
        world.after(Duration.ofMinutes(20));

        assertThat(world.deeds.since(lost)).isEmpty();
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(program.latest(WEB).reason()).contains("quorum");
        assertThat(program.latest(WORKERS).changesSomething()).isFalse();

        world.need = 8;
        world.cluster.faults().regainQuorum();
        world.after(Duration.ofMinutes(10));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(world.cloud.look()).hasSize(4);
    }

    @Test
    void aWorkerThatIsLostWhileItDrainsIsTakenAwayAndNotReplaced() {
        world.cluster.taskStart("web", io.micado.simulation.RandomDuration.constant(Duration.ofSeconds(20)));
        world.need = 3;
        world.time.runUntil(
                () -> program.micado().status().workers().stream()
                        .anyMatch(worker -> worker.state() == WorkerState.DRAINING),
                Duration.ofMinutes(5));
        NodeId draining = workerNodes().stream()
                .filter(node -> node.availability() == Node.Availability.DRAIN)
                .findFirst()
                .orElseThrow()
                .id();
        int launches = world.cloud.launches().size();
        world.cluster.faults().failNode(draining);
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.launches()).hasSize(launches);
        assertThat(world.cloud.look()).hasSize(2);
        assertThat(world.cluster.running("web")).isEqualTo(3);
        assertThat(workerNodes()).hasSize(2);
    }

    private List<Node> workerNodes() {
        return world.cluster.look().nodes().stream()
                .filter(node -> node.labels().containsKey(Tags.WORKER))
                .toList();
    }
}

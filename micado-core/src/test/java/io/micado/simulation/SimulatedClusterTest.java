package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.StateStore;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedClusterTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private NodeId node(String hostname, double cores) {
        return cluster.addForeignNode(hostname, Resources.ofMebibytes(cores, 4096));
    }

    private static ServiceSpec.Builder web(int replicas) {
        return ServiceSpec.builder("web")
                .image("nginx")
                .limit(Resources.ofMebibytes(1, 256))
                .replicas(0, 1000)
                .initialReplicas(replicas);
    }

    private void deploy(ServiceSpec.Builder spec) {
        cluster.apply(new ClusterChange.Deploy(spec.build(), Map.of()));
    }

    private void scale(int from, int to) {
        cluster.apply(new ClusterChange.Scale("web", from, to, Map.of()));
    }

    private void set(NodeId node, Node.Availability availability) {
        cluster.apply(new ClusterChange.SetAvailability(node, availability, Map.of()));
    }

    private List<TaskState> tasks(Phase phase) {
        return cluster.look().tasks().stream()
                .filter(task -> task.phase() == phase)
                .toList();
    }

    private Map<String, Long> runningByNode() {
        ClusterView view = cluster.look();
        Map<NodeId, String> names = view.nodes().stream().collect(Collectors.toMap(Node::id, Node::hostname));
        return new TreeMap<>(view.tasks().stream()
                .filter(task -> task.phase() == Phase.RUNNING)
                .collect(Collectors.groupingBy(
                        task -> names.getOrDefault(task.node().orElseThrow(), "?"), Collectors.counting())));
    }

    private ServiceState service() {
        return cluster.look().services().get(0);
    }

    // ---- placement

    @Test
    void spreadsTasksOverNodesAndStartsThemAfterAWhile() {
        node("a", 4);
        node("b", 4);
        node("c", 4);
        deploy(web(5));

        assertThat(tasks(Phase.STARTING)).hasSize(5);
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 1L));
        assertThat(cluster.counters().tasksStarted()).isEqualTo(5);
    }

    @Test
    void prefersTheNodeWithTheFewestTasksOfTheSameServiceAndThenOfAll() {
        node("a", 8);
        node("b", 8);
        cluster.deployByHand(ServiceSpec.builder("other")
                .image("x")
                .replicas(0, 9)
                .initialReplicas(3)
                .build());
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 2L, "b", 1L));

        deploy(web(1));
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 2L, "b", 2L));
    }

    @Test
    void saysInSwarmsWordsWhyATaskIsPending() {
        node("a", 1);
        node("b", 1);
        deploy(web(4));

        assertThat(tasks(Phase.PENDING))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.pending()).contains(PendingCause.INSUFFICIENT_RESOURCES))
                .allSatisfy(
                        task -> assertThat(task.message())
                                .isEqualTo(
                                        "no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)"));

        node("c", 4);
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 1L, "b", 1L, "c", 2L));
    }

    @Test
    void distinguishesTheCausesOfPending() {
        NodeId a = node("a", 4);
        assertThat(pendingCause(web(1).constraint("node.labels.disk==ssd"))).isEqualTo(PendingCause.CONSTRAINTS);
        assertThat(pendingCause(
                        web(2).publish(new PublishedPort(80, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST))))
                .isEqualTo(PendingCause.PORT_TAKEN);
        assertThat(pendingCause(web(3).attribute("maxReplicasPerNode", "2")))
                .isEqualTo(PendingCause.MAX_REPLICAS_PER_NODE);
        assertThat(pendingCause(web(5))).isEqualTo(PendingCause.INSUFFICIENT_RESOURCES);
        cluster.drainByHand(a);
        assertThat(pendingCause(web(1))).isEqualTo(PendingCause.NO_NODES);
    }

    private PendingCause pendingCause(ServiceSpec.Builder spec) {
        deploy(spec);
        PendingCause cause = tasks(Phase.PENDING).get(0).pending().orElseThrow();
        cluster.apply(new ClusterChange.Remove("web"));
        time.advance(s(5));
        return cause;
    }

    @Test
    void obeysConstraints() {
        NodeId a = node("a", 8);
        node("b", 8);
        cluster.labelByHand(a, Map.of("disk", "SSD"));

        assertThat(placesWith("node.labels.disk==ssd")).containsOnlyKeys("a");
        assertThat(placesWith("node.labels.disk != ssd")).containsOnlyKeys("b");
        assertThat(placesWith("node.hostname==b")).containsOnlyKeys("b");
        assertThat(placesWith("node.id!=" + a)).containsOnlyKeys("b");
        assertThat(placesWith("node.role==worker")).containsOnlyKeys("a", "b");
        assertThat(placesWith("node.role==manager")).isEmpty();
        assertThat(placesWith("engine.labels.x!=y")).containsOnlyKeys("a", "b");
    }

    private Map<String, Long> placesWith(String constraint) {
        deploy(web(4).constraint(constraint));
        time.advance(s(2));
        Map<String, Long> placed = runningByNode();
        cluster.apply(new ClusterChange.Remove("web"));
        time.advance(s(5));
        return placed;
    }

    @Test
    void refusesConstraintsThatItDoesNotUnderstand() {
        assertThatThrownBy(() -> deploy(web(1).constraint("node.colour==red")))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessageContaining("node.labels.NAME");
        assertThat(cluster.look().services()).isEmpty();
    }

    @Test
    void theManagerRunsTasksIfItMay() {
        SimulatedCluster own =
                SimulatedCluster.builder(time).managerRunsTasks(true).build();
        own.deployByHand(web(1).build());
        time.advance(s(2));
        assertThat(own.running("web")).isEqualTo(1);
    }

    @Test
    void anIngressPortIsTakenOnce() {
        deploy(web(1).publish(80, 8080));
        ServiceSpec second =
                ServiceSpec.builder("second").image("x").publish(80, 9090).build();

        assertThatThrownBy(() -> cluster.apply(new ClusterChange.Deploy(second, Map.of())))
                .hasMessageContaining("port 80 is already in use by service web");
    }

    // ---- scaling and updating

    @Test
    void shrinkingTakesWhatDoesNotRunFirstAndThenFromTheFullestNodes() {
        node("a", 2);
        node("b", 1);
        deploy(web(4));
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 2L, "b", 1L));

        scale(4, 3);
        assertThat(tasks(Phase.PENDING)).isEmpty();
        assertThat(tasks(Phase.STOPPING)).isEmpty();
        scale(3, 2);
        assertThat(tasks(Phase.STOPPING)).hasSize(1);
        time.advance(s(1));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 1L, "b", 1L));
        assertThat(cluster.counters().tasksDrained()).isZero();
    }

    @Test
    void aStoppingTaskKeepsItsReservation() {
        node("a", 1);
        deploy(web(1));
        time.advance(s(2));
        scale(1, 0);
        scale(0, 1);

        assertThat(tasks(Phase.PENDING)).hasSize(1);
        time.advance(s(1));
        assertThat(tasks(Phase.STARTING)).hasSize(1);
    }

    @Test
    void anUpdateReplacesOneTaskAfterTheOther() {
        node("a", 4);
        deploy(web(3));
        time.advance(s(2));
        deploy(web(3).image("nginx:2"));

        assertThat(service().updating()).isTrue();
        int fewest = 3;
        for (int i = 0; i < 20; i++) {
            fewest = Math.min(fewest, cluster.running("web"));
            time.advance(s(1));
        }
        assertThat(fewest).isEqualTo(2);
        assertThat(service().updating()).isFalse();
        assertThat(service().image()).isEqualTo("nginx:2");
        assertThat(cluster.counters().tasksStarted()).isEqualTo(6);
    }

    @Test
    void anUpdateGetsPastTasksThatWillNeverFit() {
        node("a", 2);
        deploy(web(2).limit(Resources.ofMebibytes(16, 64)));
        assertThat(tasks(Phase.PENDING)).hasSize(2);

        deploy(web(2));
        time.advance(s(10));

        assertThat(cluster.running("web")).isEqualTo(2);
        assertThat(service().updating()).isFalse();
    }

    @Test
    void countsVersionsUpWithEveryChange() {
        deploy(web(1));
        long before = service().version();
        cluster.apply(new ClusterChange.LabelService("web", Map.of("a", "1")));
        long after = service().version();
        cluster.apply(new ClusterChange.LabelService("web", Map.of("a", "1")));

        assertThat(after).isGreaterThan(before);
        assertThat(service().version()).isEqualTo(after);
    }

    // ---- nodes

    @Test
    void nothingMovesWhenANodeJoins() {
        node("a", 8);
        deploy(web(4));
        time.advance(s(2));
        node("b", 8);
        time.advance(s(60));

        assertThat(runningByNode()).isEqualTo(Map.of("a", 4L));
    }

    @Test
    void aDrainStopsTasksFirstAndStartsThemElsewhere() {
        NodeId a = node("a", 4);
        node("b", 4);
        deploy(web(2));
        time.advance(s(2));

        set(a, Node.Availability.DRAIN);
        assertThat(cluster.running("web")).isEqualTo(1);
        assertThat(tasks(Phase.STOPPING)).hasSize(1);
        time.advance(s(1));
        assertThat(tasks(Phase.STOPPING)).isEmpty();
        assertThat(cluster.running("web")).isEqualTo(1);
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("b", 2L));
        assertThat(cluster.counters().tasksDrained()).isEqualTo(1);
        assertThat(cluster.counters().tasksKilledByTermination()).isZero();
    }

    @Test
    void aCordonedNodeKeepsItsTasksAndTakesNoNewOnes() {
        NodeId a = node("a", 4);
        deploy(web(1));
        time.advance(s(2));
        set(a, Node.Availability.PAUSE);
        scale(1, 2);

        assertThat(cluster.running("web")).isEqualTo(1);
        assertThat(tasks(Phase.PENDING)).hasSize(1);
        set(a, Node.Availability.ACTIVE);
        time.advance(s(2));
        assertThat(cluster.running("web")).isEqualTo(2);
    }

    @Test
    void tasksOfADeadNodeAreStartedElsewhereAndStayListedUntilItComesBack() {
        NodeId a = node("a", 4);
        node("b", 4);
        deploy(web(2));
        time.advance(s(2));

        cluster.faults().failNode(a);
        time.advance(s(14));
        assertThat(cluster.running("web")).as("nobody has noticed").isEqualTo(2);
        time.advance(s(1));
        assertThat(nodeState(a).status()).isEqualTo(Node.Status.DOWN);
        assertThat(tasks(Phase.STOPPING))
                .singleElement()
                .satisfies(task -> assertThat(task.message()).contains("down"));
        time.advance(s(7));
        assertThat(runningByNode()).isEqualTo(Map.of("b", 2L));

        cluster.faults().reviveNode(a);
        time.advance(s(1));
        assertThat(tasks(Phase.STOPPING)).isEmpty();
        assertThat(nodeState(a).status()).isEqualTo(Node.Status.READY);
        assertThat(cluster.counters().tasksLostWithNode()).isEqualTo(1);
    }

    @Test
    void aShortSilenceOfANodeGoesUnnoticed() {
        NodeId a = node("a", 4);
        deploy(web(1));
        time.advance(s(2));
        cluster.faults().failNode(a);
        time.advance(s(10));
        cluster.faults().reviveNode(a);
        cluster.faults().failNode(a);
        time.advance(s(10));
        cluster.faults().reviveNode(a);
        time.advance(s(60));

        assertThat(nodeState(a).status()).isEqualTo(Node.Status.READY);
        assertThat(cluster.counters().tasksStarted()).isEqualTo(1);
    }

    @Test
    void whatWasDrainingWhenItsNodeDiedStartsElsewhereAllTheSame() {
        NodeId a = node("a", 4);
        node("b", 4);
        deploy(web(2));
        time.advance(s(2));
        set(a, Node.Availability.DRAIN);
        cluster.faults().failNode(a);
        time.advance(s(20));

        assertThat(runningByNode()).isEqualTo(Map.of("b", 2L));
        assertThat(cluster.counters().tasksDrained()).isZero();
    }

    @Test
    void removingANodeWithRunningTasksIsCountedAsKillingThem() {
        NodeId a = node("a", 4);
        node("b", 4);
        deploy(web(2));
        time.advance(s(2));
        cluster.apply(new ClusterChange.RemoveNode(a));
        time.advance(s(2));

        assertThat(cluster.counters().tasksKilledByTermination()).isEqualTo(1);
        assertThat(runningByNode()).isEqualTo(Map.of("b", 2L));
        assertThat(cluster.look().tasks()).hasSize(2);
    }

    @Test
    void theManagerCannotBeRemoved() {
        NodeId manager = cluster.look().nodes().get(0).id();
        assertThatThrownBy(() -> cluster.apply(new ClusterChange.RemoveNode(manager)))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
    }

    private Node nodeState(NodeId id) {
        return cluster.look().nodes().stream()
                .filter(n -> n.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    // ---- failures of tasks

    @Test
    void aFailedTaskIsReplacedAfterAWhile() {
        node("a", 4);
        deploy(web(1));
        time.advance(s(2));
        cluster.faults().failTask(tasks(Phase.RUNNING).get(0).id(), "exit code 1");

        assertThat(tasks(Phase.FAILED))
                .singleElement()
                .extracting(TaskState::message)
                .isEqualTo("exit code 1");
        time.advance(s(5));
        assertThat(tasks(Phase.STARTING)).hasSize(1);
        time.advance(s(2));
        assertThat(cluster.running("web")).isEqualTo(1);
    }

    @Test
    void withoutItsImageATaskFailsAgainAndAgain() {
        node("a", 4);
        cluster.faults().removeImage("nginx");
        deploy(web(1));
        time.advance(s(60));

        assertThat(cluster.counters().tasksFailed()).isBetween(5L, 12L);
        cluster.faults().restoreImage("nginx");
        time.advance(s(10));
        assertThat(cluster.running("web")).isEqualTo(1);
    }

    @Test
    void theFirstTaskOfAnImageOnANodeWaitsForThePull() {
        SimulatedCluster own = SimulatedCluster.builder(time)
                .imagePull(RandomDuration.constant(s(30)))
                .build();
        own.addForeignNode("a", Resources.ofMebibytes(4, 4096));
        own.deployByHand(web(1).build());
        time.advance(s(31));
        assertThat(own.running("web")).isZero();
        time.advance(s(1));
        own.scaleByHand("web", 2);
        time.advance(s(2));
        assertThat(own.running("web")).isEqualTo(2);
    }

    // ---- foreign services

    @Test
    void aGlobalServiceRunsOnEveryNodeThatAllowsIt() {
        NodeId a = node("a", 4);
        cluster.deployGlobalByHand(web(1).build());
        node("b", 4);
        time.advance(s(2));
        assertThat(runningByNode()).isEqualTo(Map.of("a", 1L, "b", 1L));

        cluster.drainByHand(a);
        time.advance(s(10));
        assertThat(runningByNode()).isEqualTo(Map.of("b", 1L));
        assertThat(service().mode()).isEqualTo(ServiceState.Mode.GLOBAL);
        assertThatThrownBy(() -> scale(1, 2))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
    }

    @Test
    void aJobRunsToItsEnd() {
        node("a", 2);
        cluster.runJobByHand(web(3).build(), s(60));
        time.advance(s(10));
        assertThat(cluster.running("web")).isEqualTo(2);
        time.advance(s(60));
        assertThat(cluster.running("web")).isEqualTo(1);
        time.advance(s(60));
        assertThat(cluster.look().tasks()).isEmpty();
    }

    @Test
    void tasksOfARemovedServiceAreListedUntilTheyHaveEnded() {
        node("a", 4);
        deploy(web(2));
        time.advance(s(2));
        cluster.removeByHand("web");

        assertThat(cluster.look().services()).isEmpty();
        assertThat(tasks(Phase.STOPPING)).hasSize(2);
        deploy(web(1));
        time.advance(s(3));
        assertThat(cluster.look().tasks()).hasSize(1);
    }

    // ---- the view

    @Test
    void theViewIsTheSameUntilSomethingChanges() {
        node("a", 4);
        deploy(web(1));
        time.advance(s(10));
        ClusterView first = cluster.observe();
        time.advance(s(10));
        ClusterView second = cluster.observe();

        assertThat(second.tasks()).isSameAs(first.tasks());
        assertThat(second.nodes()).isSameAs(first.nodes());
        assertThat(Duration.between(first.observedAt(), second.observedAt())).isEqualTo(s(10));
        scale(1, 2);
        assertThat(cluster.observe().tasks()).hasSize(2);
        assertThat(second.tasks()).hasSize(1);
    }

    @Test
    void watchersAreToldOnceForManyChanges() throws Exception {
        List<Integer> calls = new ArrayList<>();
        AutoCloseable watch = cluster.watch(() -> calls.add(1));
        node("a", 4);
        deploy(web(3));
        assertThat(calls).isEmpty();
        time.advance(Duration.ZERO);
        assertThat(calls).hasSize(1);

        cluster.faults().silenceEvents(true);
        scale(3, 1);
        time.advance(s(20));
        assertThat(calls).hasSize(1);
        cluster.faults().silenceEvents(false);
        watch.close();
        scale(1, 3);
        time.advance(s(20));
        assertThat(calls).hasSize(1);
    }

    // ---- joining

    @Test
    void onlyAValidTokenJoins() {
        String old = cluster.joinInfo().token().reveal();
        cluster.apply(new ClusterChange.RotateJoinToken());
        String current = cluster.joinInfo().token().reveal();
        Resources size = Resources.ofMebibytes(1, 1024);

        assertThat(cluster.join("x", "10.1.1.1", size, Map.of(), old)).isEmpty();
        assertThat(cluster.join("x", "10.1.1.1", size, Map.of(), current)).isPresent();
        assertThat(cluster.counters().joinsRefused()).isEqualTo(1);
    }

    // ---- bad luck with calls

    @Test
    void withoutAQuorumNothingChangesAndWhatRunsGoesOn() {
        NodeId a = node("a", 4);
        node("b", 4);
        deploy(web(2));
        time.advance(s(2));
        cluster.faults().loseQuorum();
        cluster.faults().failNode(a);

        assertThat(cluster.observe().quorum()).isFalse();
        assertThatThrownBy(() -> scale(2, 3))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT));
        assertThatThrownBy(() -> cluster.coordination().read("x")).hasMessageContaining("leader");
        time.advance(s(60));
        assertThat(nodeState(a).status()).isEqualTo(Node.Status.READY);

        cluster.faults().regainQuorum();
        time.advance(s(10));
        assertThat(runningByNode()).isEqualTo(Map.of("b", 2L));
    }

    @Test
    void callsCanConflictFailHangAndTakeTime() {
        node("a", 4);
        deploy(web(1));
        cluster.faults().conflictNext(1);
        assertThat(kindOf(() -> scale(1, 2))).isEqualTo(ErrorKind.CONFLICT);

        cluster.calls().unreachable();
        assertThat(kindOf(cluster::observe)).isEqualTo(ErrorKind.TRANSIENT);
        cluster.calls().failing(ErrorKind.AUTHENTICATION);
        assertThat(kindOf(() -> scale(1, 2))).isEqualTo(ErrorKind.AUTHENTICATION);
        cluster.calls().reachable();

        cluster.calls().hangNext(2, s(100));
        Duration before = time.sinceStart();
        assertThat(kindOf(() -> scale(1, 2))).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(kindOf(cluster::observe)).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(time.sinceStart().minus(before)).isEqualTo(s(200));

        cluster.calls().callTime(s(3));
        assertThat(cluster.observe().observedAt()).isEqualTo(time.wallClock().minus(s(3)));
        assertThat(service().desiredReplicas()).isEqualTo(1);
    }

    @Test
    void theStoreIsReachedAsTheClusterIsButHangsByItself() {
        CoordinationStore store = cluster.coordination();
        cluster.calls().callTime(s(2)).hangNext(1, s(100));
        store.create("a", Map.of());
        assertThat(time.sinceStart()).isEqualTo(s(2));
        cluster.coordinationCalls().callTime(s(5)).hangNext(1, s(50));
        assertThat(kindOf(() -> store.delete("a"))).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(store.read("a")).isPresent();
        assertThat(time.sinceStart()).isEqualTo(s(57));
        cluster.calls().unreachable();
        assertThat(kindOf(() -> store.read("a"))).isEqualTo(ErrorKind.TRANSIENT);
    }

    private static ErrorKind kindOf(Runnable call) {
        try {
            call.run();
        } catch (MicadoException e) {
            return e.kind();
        }
        throw new AssertionError("did not fail");
    }

    @Test
    void stateIsKeptUntilItIsLost() {
        StateStore store = cluster.stateStore().orElseThrow();
        store.save("k", "v");
        assertThat(store.load("k")).contains("v");
        cluster.faults().forgetState();
        assertThat(store.load("k")).isEmpty();
        store.delete("k");
    }

    @Test
    void coordinationSurvivesPrograms() {
        VirtualProcess one = time.process();
        VirtualProcess two = time.process();
        CoordinationStore store = cluster.coordination();
        List<String> read = new ArrayList<>();
        one.boundedExecutor("x", 1).submit(() -> store.create("lease", Map.of("holder", "one")));
        time.advance(s(1));
        one.kill();
        two.boundedExecutor("x", 1)
                .submit(() ->
                        read.add(store.read("lease").orElseThrow().values().toString()));
        time.advance(s(1));

        assertThat(read).containsExactly("{holder=one}");
    }

    @Test
    void aWarmingTaskRunsButTheSettingIsPerService() {
        node("a", 4);
        cluster.taskStart("web", RandomDuration.constant(s(20)));
        deploy(web(1));
        time.advance(s(19));
        assertThat(cluster.running("web")).isZero();
        time.advance(s(1));
        assertThat(cluster.running("web")).isEqualTo(1);
        assertThat(cluster.running("nothing")).isZero();
        assertThat(Optional.of(cluster.toString())).isPresent();
    }
}

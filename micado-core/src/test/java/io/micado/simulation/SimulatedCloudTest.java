package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.Secret;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedCloudTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);
    private final InfrastructureId us = new InfrastructureId("us");
    private final Offering small = Offering.builder("sim", "small").build();
    private SimulatedCloud cloud = SimulatedCloud.create("sim", time, cluster);
    private int workers;

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private SimulatedCloud.Builder builder() {
        return SimulatedCloud.builder("sim", time).joins(cluster);
    }

    private LaunchRequest request(Offering offering) {
        return new LaunchRequest(
                new WorkerId("w" + ++workers), "workers", us, "demo", offering, cluster.joinInfo(), Optional.empty());
    }

    private LaunchResult launch() {
        return cloud.launch(List.of(request(small))).get(0);
    }

    private Machine launched() {
        return ((LaunchResult.Launched) launch()).machine();
    }

    private static MicadoException error(LaunchResult result) {
        return ((LaunchResult.Failed) result).error();
    }

    private List<Node> workerNodes() {
        return cluster.look().nodes().stream().filter(n -> !n.manager()).toList();
    }

    private MachineStatus status(Machine machine) {
        return cloud.list(us).machines().stream()
                .filter(m -> m.id().equals(machine.id()))
                .findFirst()
                .orElseThrow()
                .status();
    }

    @Test
    void aMachineBootsRunsAndJoinsWithItsLabels() {
        Machine machine = launched();
        assertThat(machine.status()).isEqualTo(MachineStatus.PENDING);
        assertThat(machine.worker()).contains(new WorkerId("w1"));
        assertThat(machine.pool()).contains("workers");
        assertThat(machine.addresses()).isEmpty();

        time.advance(s(30));
        assertThat(status(machine)).isEqualTo(MachineStatus.RUNNING);
        assertThat(workerNodes()).isEmpty();
        time.advance(s(5));
        assertThat(workerNodes()).singleElement().satisfies(node -> {
            assertThat(node.engineLabels()).isEqualTo(Map.of("micado.worker", "w1", "micado.pool", "workers"));
            assertThat(node.capacity()).isEqualTo(Resources.ofMebibytes(2, 4096));
            assertThat(node.hostname()).isEqualTo("demo-w1");
            assertThat(node.address())
                    .isEqualTo(cloud.list(us).machines().get(0).addresses().get(0));
        });
    }

    @Test
    void bootTimesFollowTheirDistribution() {
        cloud = builder()
                .bootTime(RandomDuration.uniform(s(20), s(60)))
                .bootTime("large", RandomDuration.constant(s(300)))
                .build();
        for (int i = 0; i < 50; i++) {
            launch();
        }
        Machine slow = ((LaunchResult.Launched) cloud.launch(
                                List.of(request(Offering.builder("sim", "large").build())))
                        .get(0))
                .machine();
        time.advance(s(40));
        long running = cloud.look().stream()
                .filter(m -> m.status() == MachineStatus.RUNNING)
                .count();
        assertThat(running).isBetween(10L, 40L);
        time.advance(s(20));
        assertThat(cloud.look())
                .filteredOn(m -> m.status() == MachineStatus.RUNNING)
                .hasSize(50);
        assertThat(status(slow)).isEqualTo(MachineStatus.PENDING);
    }

    @Test
    void withoutEngineLabelsANodeIsKnownByItsAddressOnly() {
        cloud = builder().engineLabels(false).build();
        launch();
        time.advance(s(60));
        assertThat(workerNodes())
                .singleElement()
                .satisfies(n -> assertThat(n.engineLabels()).isEmpty());
    }

    @Test
    void aTokenThatWasRotatedWhileTheMachineBootedIsRefused() {
        launch();
        cluster.apply(new ClusterChange.RotateJoinToken());
        time.advance(s(60));

        assertThat(workerNodes()).isEmpty();
        assertThat(cluster.counters().joinsRefused()).isEqualTo(1);
    }

    @Test
    void terminatingKillsWhatRunsAndIsCounted() {
        Machine machine = launched();
        time.advance(s(40));
        cluster.deployByHand(ServiceSpec.builder("web")
                .image("x")
                .replicas(0, 9)
                .initialReplicas(2)
                .build());
        time.advance(s(5));
        assertThat(cluster.running("web")).isEqualTo(2);

        cloud.terminate(Set.of(machine.id()));
        assertThat(status(machine)).isEqualTo(MachineStatus.TERMINATING);
        assertThat(cluster.counters().tasksKilledByTermination()).isEqualTo(2);
        time.advance(s(10));
        assertThat(status(machine)).isEqualTo(MachineStatus.TERMINATED);
        time.advance(s(10));
        assertThat(workerNodes())
                .singleElement()
                .satisfies(n -> assertThat(n.status()).isEqualTo(Node.Status.DOWN));
        time.advance(s(60));
        assertThat(cloud.list(us).machines()).isEmpty();
    }

    @Test
    void aMachineThatIsTerminatedWhileItBootsNeverJoins() {
        Machine machine = launched();
        time.advance(s(32));
        cloud.terminate(Set.of(machine.id()));
        time.advance(s(60));
        assertThat(workerNodes()).isEmpty();
        assertThat(cluster.counters().joinsRefused()).isZero();
    }

    @Test
    void plannedFailuresComeInTheirOrder() {
        cloud.faults().failNextLaunch(ErrorKind.TRANSIENT, 2).failNextLaunch(ErrorKind.AUTHENTICATION);

        assertThat(List.of(launch(), launch(), launch()))
                .extracting(result -> error(result).kind())
                .containsExactly(ErrorKind.TRANSIENT, ErrorKind.TRANSIENT, ErrorKind.AUTHENTICATION);
        assertThat(launch()).isInstanceOf(LaunchResult.Launched.class);
        assertThat(cloud.launches())
                .extracting(LaunchRecord::error)
                .containsExactly(
                        Optional.of(ErrorKind.TRANSIENT),
                        Optional.of(ErrorKind.TRANSIENT),
                        Optional.of(ErrorKind.AUTHENTICATION),
                        Optional.empty());
    }

    @Test
    void launchesFailAtRandomAsOftenAsAskedFor() {
        cloud.faults().failLaunches(ErrorKind.TRANSIENT, 0.3);
        IntStream.range(0, 1000).forEach(i -> launch());
        assertThat(cloud.look().size()).isBetween(650, 750);
        cloud.faults().failLaunches(ErrorKind.TRANSIENT, 0);
        assertThat(launch()).isInstanceOf(LaunchResult.Launched.class);
    }

    @Test
    void aLostAnswerLeavesAMachineOfWhichNobodyWasTold() {
        cloud.faults().loseNextLaunchAnswers(1);
        assertThat(error(launch()).kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(cloud.list(us).machines()).hasSize(1);

        cloud.faults().failNextLaunch(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(error(launch()).kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(cloud.list(us).machines()).hasSize(1);
        assertThat(cloud.launches()).extracting(l -> l.machine().isPresent()).containsExactly(true, false);
    }

    @Test
    void machinesMayFailToBootOrNeverJoin() {
        cloud.faults().failNextBoots(1);
        Machine broken = launched();
        cloud.faults().neverJoin(1);
        Machine alone = launched();
        Machine good = launched();
        time.advance(s(60));

        assertThat(status(broken)).isEqualTo(MachineStatus.ERROR);
        assertThat(status(alone)).isEqualTo(MachineStatus.RUNNING);
        assertThat(status(good)).isEqualTo(MachineStatus.RUNNING);
        assertThat(workerNodes())
                .singleElement()
                .satisfies(n -> assertThat(n.hostname()).isEqualTo("demo-w3"));
    }

    @Test
    void aLostMachineIsInNoListAndItsNodeDies() {
        Machine machine = launched();
        Machine other = launched();
        time.advance(s(60));
        cloud.lose(machine.id());
        cloud.stop(other.id());
        time.advance(s(15));

        assertThat(cloud.list(us).machines()).singleElement().satisfies(m -> {
            assertThat(m.id()).isEqualTo(other.id());
            assertThat(m.status()).isEqualTo(MachineStatus.STOPPED);
        });
        assertThat(workerNodes()).allSatisfy(n -> assertThat(n.status()).isEqualTo(Node.Status.DOWN));
        assertThat(cluster.counters().tasksKilledByTermination()).isZero();
    }

    @Test
    void limitsAndQuotasAreKept() {
        cloud.limit("small", 2);
        cloud.quota(3);
        launch();
        launch();
        assertThat(error(launch()).kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
        cloud.launchForeign(new InfrastructureId("others"), "medium");
        MicadoException quota = error(
                cloud.launch(List.of(request(Offering.builder("sim", "medium").build())))
                        .get(0));
        assertThat(quota.kind()).isEqualTo(ErrorKind.QUOTA_EXCEEDED);
        assertThat(quota.remainingQuota()).hasValue(0);
        assertThat(quota.target()).contains("w4");

        cloud.terminate(Set.of(cloud.list(us).machines().get(0).id()));
        assertThat(launch()).isInstanceOf(LaunchResult.Launched.class);
    }

    @Test
    void aLimitOfOneOfferingLeavesAnotherOfTheSameTypeAlone() {
        Offering here = Offering.builder("sim", "small").zone("a").build();
        Offering there = Offering.builder("sim", "small").zone("b").build();
        cloud.limit("sim/small/a", 1);
        cloud.launch(List.of(request(there), request(here)));

        assertThat(error(cloud.launch(List.of(request(here))).get(0)).kind())
                .isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
        assertThat(cloud.launch(List.of(request(there))).get(0)).isInstanceOf(LaunchResult.Launched.class);
    }

    @Test
    void tooManyCallsAreRefusedWithTheTimeToWait() {
        cloud.faults().rateLimit(2, s(10));
        cloud.list(us);
        time.advance(s(4));
        cloud.list(us);
        assertThatThrownBy(() -> cloud.list(us)).isInstanceOfSatisfying(MicadoException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
            assertThat(e.retryAfter()).contains(s(6));
        });
        assertThat(error(launch()).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        time.advance(s(6));
        assertThat(launch()).isInstanceOf(LaunchResult.Launched.class);
    }

    @Test
    void listsCanLagBeIncompleteLieAndFail() {
        cloud = builder().listLag(RandomDuration.constant(s(20))).build();
        Machine machine = launched();
        time.advance(s(19));
        assertThat(cloud.list(us).machines()).isEmpty();
        time.advance(s(1));
        assertThat(cloud.list(us).machines()).hasSize(1);

        cloud.faults().incompleteLists(1);
        MachineList half = cloud.list(us);
        assertThat(half.machines()).isEmpty();
        assertThat(half.complete()).isFalse();
        cloud.faults().incompleteLists(0).hide(machine.id());
        assertThat(cloud.list(us)).isEqualTo(new MachineList(List.of(), List.of(), true));
        cloud.faults().show(machine.id()).failNextList(ErrorKind.TRANSIENT, 1);
        assertThatThrownBy(() -> cloud.list(us)).hasMessageContaining("TRANSIENT");
        assertThat(cloud.list(us).machines()).hasSize(1);
    }

    @Test
    void machinesOfOthersAreNeverListed() {
        InfrastructureId others = new InfrastructureId("others");
        cloud.launchForeign(others, "small");
        launch();
        assertThat(cloud.list(us).machines()).hasSize(1);
        assertThat(cloud.list(others).machines()).hasSize(1);
        assertThat(cloud.look()).hasSize(2);
    }

    @Test
    void aSecondLaunchOfOneWorkerMakesASecondMachineUnlessTheTraitsPromiseOtherwise() {
        LaunchRequest request = request(small);
        cloud.launch(List.of(request, request));
        assertThat(cloud.look()).hasSize(2);

        cloud = builder().traits(CloudTraits.DEFAULT.withIdempotentLaunch(true)).build();
        cloud.launch(List.of(request, request));
        assertThat(cloud.look()).hasSize(1);
        assertThat(cloud.launches()).extracting(LaunchRecord::machine).doesNotContain(Optional.empty());
    }

    @Test
    void aHalfTerminatedMachineLeavesItsDriveBehind() {
        cloud = builder().drives(true).build();
        Machine one = launched();
        launch();
        Leftover drive = cloud.list(us).leftovers().get(0);
        assertThat(drive.inUse()).isTrue();
        assertThat(drive.costs()).isTrue();
        assertThatThrownBy(() -> cloud.remove(Set.of(drive))).hasMessageContaining("in use");

        cloud.faults().terminateHalfWay(1);
        assertThat(cloud.terminate(Set.of(one.id())).get(0).error())
                .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN));
        assertThat(cloud.terminate(Set.of(one.id())).get(0).error()).isEmpty();
        assertThat(cloud.list(us).leftovers()).filteredOn(l -> !l.inUse()).hasSize(1);
        cloud.remove(Set.of(drive));
        cloud.remove(Set.of(drive));
        assertThat(cloud.list(us).leftovers()).hasSize(1);
    }

    @Test
    void terminationsCanFailAndLoseTheirAnswer() {
        Machine machine = launched();
        cloud.faults().failNextTerminate(ErrorKind.TRANSIENT, 1).loseNextTerminateAnswers(1);
        assertThat(cloud.terminate(Set.of(machine.id())).get(0).error()).isPresent();
        assertThat(cloud.look()).hasSize(1);
        assertThat(cloud.terminate(Set.of(machine.id())).get(0).error()).isPresent();
        assertThat(cloud.look()).isEmpty();
        assertThat(cloud.terminate(Set.of(machine.id(), new MachineId("sim", "none"))))
                .hasSize(2)
                .allSatisfy(r -> assertThat(r.error()).isEmpty());
        assertThat(cloud.terminations())
                .extracting(TerminationRecord::ended)
                .containsExactly(false, true, false, false);
    }

    @Test
    void aBadOfferingOrTooMuchUserDataIsTheUsersMistake() {
        Offering unknown = Offering.builder("sim", "huge").build();
        MicadoException error = error(cloud.launch(List.of(request(unknown))).get(0));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(error).hasMessageContaining("[small, medium, large]");
        Offering own = Offering.builder("sim", "huge")
                .capacity(Resources.ofMebibytes(64, 1024))
                .build();
        assertThat(cloud.launch(List.of(request(own))).get(0)).isInstanceOf(LaunchResult.Launched.class);

        LaunchRequest plain = request(small);
        LaunchRequest fat = new LaunchRequest(
                plain.worker(),
                plain.pool(),
                us,
                "demo",
                small,
                plain.join(),
                Optional.of(Secret.of("x".repeat(20_000))));
        assertThat(error(cloud.launch(List.of(fat)).get(0)).kind()).isEqualTo(ErrorKind.CONFIGURATION);
    }

    @Test
    void billsByTheSecondAndByStartedHours() {
        Machine one = launched();
        time.advance(Duration.ofMinutes(90));
        cloud.terminate(Set.of(one.id()));
        launch();
        time.advance(Duration.ofMinutes(30));

        Bill bill = cloud.bill();
        assertThat(bill.machineHours()).isCloseTo(2.0, within(1e-9));
        assertThat(bill.startedMachineHours()).isEqualTo(3);
        assertThat(bill.cost()).isCloseTo(0.10, within(1e-9));
        assertThat(bill.costOfStartedHours()).isCloseTo(0.15, within(1e-9));
    }

    @Test
    void describesWhatItSells() {
        assertThat(cloud.offerings()).extracting(Offering::instanceType).containsExactly("small", "medium", "large");
        assertThat(cloud.describe(small).capacity()).contains(Resources.ofMebibytes(2, 4096));
        assertThat(cloud.describe(small).pricePerHour()).hasValue(0.05);
        SimulatedCloud own = builder()
                .offering("t3.micro", Resources.ofMebibytes(1, 1024), 0.01)
                .build();
        assertThat(own.offerings()).extracting(Offering::instanceType).containsExactly("t3.micro");
    }

    @Test
    void aHangingCallEndsAsUnknownAndHasNoEffect() {
        cloud.calls().hangNext(1, Duration.ofMinutes(10));
        assertThatThrownBy(this::launch)
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN));
        assertThat(time.sinceStart()).isEqualTo(Duration.ofMinutes(10));
        assertThat(cloud.launches()).isEmpty();
    }

    @Test
    void realThreadsMayUseItAtTheSameTime() throws InterruptedException {
        ManualTimekeeper manual = new ManualTimekeeper();
        SimulatedCloud shared = SimulatedCloud.create("sim", manual, SimulatedCluster.create(manual));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String name = "t" + t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    LaunchRequest request = new LaunchRequest(
                            new WorkerId(name + "-" + i), "p", us, "demo", small, cluster.joinInfo(), Optional.empty());
                    MachineId id = ((LaunchResult.Launched)
                                    shared.launch(List.of(request)).get(0))
                            .machine()
                            .id();
                    if (i % 2 == 0) {
                        shared.terminate(Set.of(id));
                    }
                }
            }));
        }
        LaunchRequest first = request(small);
        assertThat(first).isNotNull();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(shared.launches()).hasSize(200).doesNotHaveDuplicates();
        assertThat(shared.look()).hasSize(100);
        assertThat(shared.terminations()).allMatch(TerminationRecord::ended);
    }
}

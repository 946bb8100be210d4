package io.micado.scenario;

import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import io.micado.simulation.LaunchRecord;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools whose workers come from several clouds: what one has not got, the next one gives. */
class HybridPoolScenarioTest {
    private ShopWorld world;
    private SimulatedCloud first;
    private SimulatedCloud second;
    private SimulatedCloud third;

    HybridPoolScenarioTest() {
        build(1);
    }

    /** The first cloud is the cheapest; the third has workers of twice the size only. */
    private void build(long seed) {
        world = new ShopWorld(seed, cloud -> cloud.offering("tiny", Resources.ofMebibytes(1, 2048), 0.07));
        first = world.cloud;
        second = cloud("east", "small", 2, 0.2);
        third = cloud("west", "big", 4, 0.3);
    }

    private SimulatedCloud cloud(String name, String type, int cores, double price) {
        return SimulatedCloud.builder(name, world.time)
                .joins(world.cluster)
                .offering(type, Resources.ofMebibytes(cores, 2048L * cores), price)
                .bootTime(RandomDuration.constant(Duration.ofSeconds(10)))
                .listLag(RandomDuration.constant(Duration.ofSeconds(2)))
                .build();
    }

    @Test
    void theNextCloudServesInTheSameMomentWhenTheFirstHasNoCapacity() {
        first.limit("small", 0);
        Program program = start(firstTwo());
        world.after(Duration.ofMinutes(1));

        assertThat(first.launches()).hasSize(1);
        assertThat(second.launches()).hasSize(1);
        assertThat(between(first.launches().get(0), second.launches().get(0))).isLessThan(Duration.ofMillis(500));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.warnings("launched-instead"))
                .singleElement()
                .asString()
                .contains("1 of east/small", "sim did not give of sim/small");
        program.micado().close();
    }

    @Test
    void whatTheQuotaHasRoomForIsLaunchedAndTheRestOnTheNextCloud() {
        Program program = start(firstTwo());
        world.settleAt(1, 1);
        first.quota(3);
        world.need = 12;
        world.after(Duration.ofMinutes(1));

        assertThat(first.look()).hasSize(3);
        assertThat(second.look()).hasSize(3);
        assertThat(world.cluster.running("web")).isEqualTo(12);
        assertThat(second.launches().stream().map(LaunchRecord::at).distinct())
                .as("all at once")
                .hasSize(1);
        program.micado().close();
    }

    @Test
    void aCloudThatRefusesTheWholeOrderButTellsWhatItHasIsAskedForThat() {
        Program program = start(firstTwo());
        world.settleAt(1, 1);
        int before = first.launches().size();
        world.deeds.inject(
                failing(5, () -> new MicadoException(ErrorKind.QUOTA_EXCEEDED, "2 are left").withRemainingQuota(2)));
        world.need = 12;
        world.after(Duration.ofMinutes(1));

        assertThat(first.launches()).hasSize(before + 2);
        assertThat(second.launches()).hasSize(3);
        assertThat(world.cluster.running("web")).isEqualTo(12);
        program.micado().close();
    }

    @ParameterizedTest
    @EnumSource(
            value = MachineStatus.class,
            names = {"ERROR", "TERMINATED"})
    void theNextCloudServesWhenTheFirstAcceptsLaunchesThatComeToNothing(MachineStatus becomes) {
        first.faults()
                .failMachinesLate(
                        becomes, new MachineFailure(ErrorKind.INSUFFICIENT_CAPACITY, "No valid host was found"));
        Program program = start(firstTwo());
        world.after(Duration.ofMinutes(2));

        assertThat(first.launches()).hasSize(1);
        assertThat(first.look()).isEmpty();
        assertThat(second.look()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
                    assertThat(told.message()).contains("sim/small", "pool workers", "No valid host was found");
                });
        program.micado().close();
    }

    @ParameterizedTest
    @EnumSource(
            value = MachineStatus.class,
            names = {"ERROR", "TERMINATED"})
    void anOfferingWhoseMachinesFailRestsLongerEachTimeAndIsTakenAgainWhenItGivesSome(MachineStatus becomes) {
        first.faults()
                .failMachinesLate(becomes, new MachineFailure(ErrorKind.QUOTA_EXCEEDED, "Quota exceeded for cores"));
        Program program = start(pool().offering("sim", "small", Settings.EMPTY).build());
        world.after(Duration.ofMinutes(20));

        assertThat(gaps(first)).hasSizeBetween(3, 7).isSortedAccordingTo(Duration::compareTo);
        assertThat(first.look()).isEmpty();
        first.faults().endLateFailures();
        world.after(Duration.ofMinutes(31));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void anOfferingOfTwiceTheSizeIsLaunchedHalfAsOften() {
        Program program = start(pool().offering("sim", "small", Settings.EMPTY)
                .offering("west", "big", Settings.EMPTY)
                .build());
        world.settleAt(1, 1);
        first.limit("small", 1);
        world.need = 10;
        world.after(Duration.ofMinutes(1));

        assertThat(third.look()).hasSize(2);
        assertThat(world.cluster.running("web")).isEqualTo(10);
        program.micado().close();
    }

    @Test
    void aSmallerOfferingIsLaunchedMoreOftenButNeverBeyondThePoolsMaximum() {
        Program program = start(pool().offering("west", "big", Settings.EMPTY)
                .offering("east", "small", Settings.EMPTY)
                .between(1, 4)
                .build());
        third.limit("big", 1);
        world.settleAt(1, 0);
        world.need = 12;
        world.after(Duration.ofMinutes(1));

        assertThat(third.look()).hasSize(1);
        assertThat(second.look()).as("four would be needed").hasSize(3);
        assertThat(world.cluster.running("web")).isEqualTo(10);
        program.micado().close();
    }

    @Test
    void whenAllCloudsFailEachRestsLongerAndLongerAndTheFirstThatHasCapacityIsTaken() {
        first.limit("small", 0);
        second.limit("small", 0);
        third.limit("big", 0);
        Program program = start(all());
        world.after(Duration.ofMinutes(20));

        for (SimulatedCloud cloud : List.of(first, second, third)) {
            assertThat(gaps(cloud)).hasSizeGreaterThan(2).isSortedAccordingTo(Duration::compareTo);
        }
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.BACK_OFF);
        assertThat(program.latest(WORKERS).to()).isZero();

        third.limit("big", 5);
        world.after(Duration.ofMinutes(31));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(machines()).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void nothingIsLaunchedOnACloudThatDoesNotTellWhatItHas() {
        first.faults().failNextList(ErrorKind.TRANSIENT, 1000);
        Program program = start(all());
        world.after(Duration.ofMinutes(3));

        assertThat(first.launches()).isEmpty();
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(machines()).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aCloudThatLimitsItsCallsIsLeftAloneAsAWholeForAsLongAsItSays() {
        Duration wait = Duration.ofSeconds(100);
        Program program = start(pool().offering("sim", "small", Settings.EMPTY)
                .offering("sim", "tiny", Settings.EMPTY)
                .offering("east", "small", Settings.EMPTY)
                .build());
        world.deeds.inject(failing(
                1, () -> new MicadoException(ErrorKind.RATE_LIMITED, "too many requests").withRetryAfter(wait)));
        world.after(Duration.ofSeconds(50));
        world.need = 6;
        world.after(Duration.ofSeconds(45));

        assertThat(first.launches()).as("in the time that it asked for").isEmpty();
        assertThat(second.look()).hasSize(3);
        world.after(Duration.ofSeconds(10));
        world.need = 10;
        world.after(Duration.ofSeconds(60));
        assertThat(first.look()).as("after that").isNotEmpty();
        assertThat(world.cluster.running("web")).isEqualTo(10);
        program.micado().close();
    }

    @Test
    void aLaunchThatMayHaveHappenedIsNotMadeGoodForElsewhere() {
        first.faults().loseNextLaunchAnswers(1);
        Program program = start(firstTwo());
        world.after(Duration.ofMinutes(2));

        assertThat(first.launches()).hasSize(1);
        assertThat(second.launches()).isEmpty();
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void eachAttemptHasAnIdentityOfItsOwn() {
        first.limit("small", 0);
        second.limit("small", 0);
        Program program = start(all());
        world.after(Duration.ofMinutes(1));

        assertThat(launches())
                .extracting(launch -> launch.request().worker())
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::kind)
                .containsExactly(ErrorKind.INSUFFICIENT_CAPACITY, ErrorKind.INSUFFICIENT_CAPACITY);
        program.micado().close();
    }

    @Test
    void aProgramThatIsKilledBetweenTheFirstAndTheSecondOfferingLaunchesNothingTwice() {
        long effects = tell(process -> FaultInjector.NONE);
        assertThat(effects).isGreaterThan(5);
        List<BiFunction<Long, Runnable, FaultInjector>> moments = List.of(FaultInjector::before, FaultInjector::after);
        for (BiFunction<Long, Runnable, FaultInjector> moment : moments) {
            for (long k = 1; k <= effects; k++) {
                tell(k, moment);
                List<WorkerId> ids =
                        launches().map(launch -> launch.request().worker()).toList();
                assertThat(ids).as("killed at effect " + k).doesNotHaveDuplicates();
                assertThat(machines()).as("machines, killed at effect " + k).isEqualTo(1);
                assertThat(world.cluster.running("web"))
                        .as("killed at effect " + k)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void anOfferingWhoseSizeNobodyKnowsBringsOneWorkerFirst() {
        VirtualProcess process = world.time.process("p1");
        Program program = Program.start(
                process,
                world.withoutPool(process)
                        .cloud("silent", new SilentCloud(cloud("silent", "odd", 2, 0.1)))
                        .pool(pool().between(0, 8)
                                .offering("silent", "odd", Settings.EMPTY)
                                .build()));
        world.need = 8;
        world.after(Duration.ofSeconds(12));
        assertThat(program.micado().status().workers()).hasSize(1);
        world.after(Duration.ofMinutes(1));

        assertThat(program.micado().status().workers()).hasSize(4);
        assertThat(world.cluster.running("web")).isEqualTo(8);
        program.micado().close();
    }

    private void tell(long k, BiFunction<Long, Runnable, FaultInjector> moment) {
        tell(process -> moment.apply(k, process::kill));
    }

    /** The first cloud has no capacity, so that the second one serves; a program that dies is started again. */
    private long tell(Function<VirtualProcess, FaultInjector> fault) {
        build(1);
        first.limit("small", 0);
        VirtualProcess process = world.time.process("p1");
        world.cluster.effects().inject(fault.apply(process));
        world.deeds.inject(FaultInjector.NONE);
        start(process, firstTwo());
        world.after(Duration.ofSeconds(40));
        long effects = world.cluster.effects().count();
        if (!process.isAlive()) {
            start(world.time.process("p2"), firstTwo());
            world.after(Duration.ofMinutes(4));
        }
        return effects;
    }

    private Program start(WorkerPool pool) {
        return start(world.time.process("p1"), pool);
    }

    private Program start(VirtualProcess process, WorkerPool pool) {
        return Program.start(
                process,
                world.withoutPool(process)
                        .cloud("east", world.deeds.watching(process, second))
                        .cloud("west", world.deeds.watching(process, third))
                        .pool(pool));
    }

    private static WorkerPool.Builder pool() {
        return ShopWorld.emptyPool();
    }

    private static WorkerPool firstTwo() {
        return pool().offering("sim", "small", Settings.EMPTY)
                .offering("east", "small", Settings.EMPTY)
                .build();
    }

    private static WorkerPool all() {
        return pool().offering("sim", "small", Settings.EMPTY)
                .offering("east", "small", Settings.EMPTY)
                .offering("west", "big", Settings.EMPTY)
                .build();
    }

    private Stream<LaunchRecord> launches() {
        return Stream.of(first, second, third).map(SimulatedCloud::launches).flatMap(List::stream);
    }

    private int machines() {
        return first.look().size() + second.look().size() + third.look().size();
    }

    private static Duration between(LaunchRecord earlier, LaunchRecord later) {
        return Duration.between(earlier.at(), later.at());
    }

    private static List<Duration> gaps(SimulatedCloud cloud) {
        List<Duration> gaps = new ArrayList<>();
        List<Instant> attempts =
                cloud.launches().stream().map(LaunchRecord::at).distinct().toList();
        for (int i = 1; i < attempts.size(); i++) {
            gaps.add(Duration.between(attempts.get(i - 1), attempts.get(i)));
        }
        return gaps;
    }

    private static FaultInjector failing(int launches, Supplier<MicadoException> failure) {
        return new FaultInjector() {
            private int failed;

            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cloud.launch") && failed < launches) {
                    failed++;
                    throw failure.get();
                }
            }
        };
    }
}

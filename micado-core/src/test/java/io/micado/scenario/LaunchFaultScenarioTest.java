package io.micado.scenario;

import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.DestroyReport;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import io.micado.simulation.LaunchRecord;
import io.micado.simulation.RandomDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Launches that fail, hang, or bring machines that never join. */
class LaunchFaultScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void aLaunchThatHangsAndBringsItsMachineAllTheSameIsNotRepeated() {
        ShopWorld slow = new ShopWorld(
                1,
                cloud -> cloud.traits(CloudTraits.DEFAULT
                                .withListLag(Duration.ofSeconds(40))
                                .withUserDataLimit(0))
                        .listLag(RandomDuration.constant(Duration.ofSeconds(35))));
        Program program = slow.start("p1");
        slow.deeds.inject(onLaunch(1, () -> slow.time.elapse(Duration.ofMinutes(3))));
        slow.after(Duration.ofMinutes(10));

        assertThat(slow.cloud.launches()).hasSize(1);
        assertThat(slow.cloud.look()).hasSize(1);
        assertThat(slow.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::kind)
                .containsExactly(ErrorKind.OUTCOME_UNKNOWN);
        program.micado().close();
    }

    @Test
    void launchesThatAreAllRefusedForTheSameReasonAreOneEvent() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cloud.faults().failNextLaunch(ErrorKind.AUTHENTICATION, 2);
        world.need = 6;
        world.after(Duration.ofMinutes(1));

        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .singleElement()
                .extracting(MicadoEvent.EffectFailed::message)
                .asString()
                .startsWith("launch of 2 × sim/small for pool workers: ");
        program.micado().close();
    }

    @Test
    void aLaunchWhoseAnswerIsLostIsFoundInTheListAndNotRepeated() {
        world.cloud.faults().loseNextLaunchAnswers(1);
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.launches()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void machinesThatTheCloudNeverListsStopTheLaunchesAndAreNamed() {
        world.cloud.faults().neverJoin(1000);
        world.deeds.inject(new FaultInjector() {
            @Override
            public void after(Effect effect) {
                if (effect.name().equals("cloud.launch")) {
                    world.cloud.look().forEach(machine -> world.cloud.faults().hide(machine.id()));
                }
            }
        });
        Program program = world.start("p1");
        world.after(Duration.ofHours(2));

        List<Duration> gaps = gaps(world.cloud.launches());
        assertThat(gaps.subList(0, 2)).allMatch(gap -> gap.compareTo(Duration.ofMinutes(3)) < 0);
        assertThat(gaps.subList(2, gaps.size())).hasSizeBetween(3, 6).isSorted();
        assertThat(gaps.get(2)).isGreaterThan(Duration.ofMinutes(5));
        assertThat(program.warnings("machines-never-join")).isNotEmpty();
        List<String> named = program.warnings("machine-never-listed");
        assertThat(named).hasSizeGreaterThanOrEqualTo(gaps.size());
        for (int i = 0; i < named.size(); i++) {
            assertThat(named.get(i))
                    .contains(world.cloud.launches().get(i).request().worker().toString());
        }
        assertThat(named.get(0))
                .contains("pool workers: cloud sim accepted the launch of worker ")
                .contains("machine sim/");
        program.micado().close();
    }

    @Test
    void aMachineThatIsListedBeforeItsLaunchIsAnsweredIsGoneWhenItIsTerminated() {
        ShopWorld forgetful = new ShopWorld(1, cloud -> cloud.afterlife(Duration.ZERO));
        Program program = forgetful.start("p1");
        forgetful.deeds.inject(new FaultInjector() {
            @Override
            public void after(Effect effect) {
                if (effect.name().equals("cloud.launch")) {
                    forgetful.time.elapse(Duration.ofSeconds(25));
                }
            }
        });
        forgetful.need = 1;
        forgetful.settleAt(1, 1);
        forgetful.after(Duration.ofMinutes(1));
        CompletableFuture<DestroyReport> destroyed = program.micado().destroy();
        forgetful.after(Duration.ofMinutes(2));

        assertThat(forgetful.cloud.look()).isEmpty();
        assertThat(destroyed).succeedsWithin(Duration.ZERO).matches(DestroyReport::isClean);
        program.micado().close();
    }

    @Test
    void aLaunchThatHangsAndBringsNothingIsReplacedUnderANewIdOnceTheCloudHadTheTimeToListIt() {
        Program program = world.start("p1");
        Duration hang = Duration.ofMinutes(5);
        world.deeds.inject(new FaultInjector() {
            private boolean done;

            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cloud.launch") && !done) {
                    done = true;
                    world.time.elapse(hang);
                    throw new MicadoException(ErrorKind.OUTCOME_UNKNOWN, "no answer");
                }
            }
        });
        world.after(Duration.ofMinutes(6));

        List<Deeds.Deed> launches = world.deeds.of("cloud.launch");
        assertThat(launches).hasSize(2);
        assertThat(launches.get(1).at().minus(launches.get(0).at())).isGreaterThan(Duration.ofSeconds(60));
        assertThat(launches).extracting(Deeds.Deed::subject).doesNotHaveDuplicates();
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void theSecondOfferingHelpsWithinAMinuteAndTheFirstRestsLongerAndLonger() {
        ShopWorld shop = new ShopWorld(1, cloud -> cloud.offering("big", Resources.ofMebibytes(4, 8192), 0.2));
        shop.cloud.limit("small", 0);
        Program program = start(
                shop,
                ShopWorld.workers()
                        .between(1, 10)
                        .offering("sim", "big", Settings.EMPTY)
                        .build());
        shop.after(Duration.ofSeconds(60));
        assertThat(shop.cluster.running("web")).as("within the first minute").isEqualTo(1);

        // Every further worker is tried on the preferred offering first, unless it rests.
        for (int i = 0; i < 12; i++) {
            shop.need = Math.min(12, shop.need + 4);
            shop.after(Duration.ofMinutes(5));
            shop.need = 1;
            shop.after(Duration.ofMinutes(5));
        }
        List<Duration> gaps = gaps(shop.cloud.launches().stream()
                .filter(launch -> launch.request().offering().instanceType().equals("small"))
                .toList());
        // In whole minutes: an attempt waits for the rest to end, and then for the next load.
        assertThat(gaps.stream().map(gap -> gap.plusSeconds(30).toMinutes()))
                .hasSizeGreaterThan(3)
                .isSorted();
        assertThat(gaps.get(gaps.size() - 1)).isGreaterThan(Duration.ofMinutes(5));
        assertThat(shop.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::kind)
                .containsOnly(ErrorKind.INSUFFICIENT_CAPACITY);
        program.micado().close();
    }

    @Test
    void anOfferingThatHasCapacityAgainIsTakenAgain() {
        ShopWorld shop = new ShopWorld(1, cloud -> cloud.offering("big", Resources.ofMebibytes(4, 8192), 0.2));
        shop.cloud.limit("small", 0);
        Program program = start(
                shop, ShopWorld.workers().offering("sim", "big", Settings.EMPTY).build());
        shop.after(Duration.ofMinutes(1));
        shop.cloud.limit("small", 100);
        shop.after(Duration.ofMinutes(5));
        shop.need = 6;
        shop.after(Duration.ofMinutes(3));

        assertThat(shop.cloud.look())
                .extracting(machine -> machine.instanceType())
                .contains("small");
        program.micado().close();
    }

    @Test
    void aFullQuotaStopsLaunchesOfThatCloudAndSaysSo() {
        world.cloud.quota(2);
        Program program = world.start("p1");
        world.need = 12;
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.look()).hasSize(2);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.BACK_OFF);
        assertThat(program.latest(WORKERS).reason()).contains("no more than 2 machines");
        assertThat(world.cloud.launches().stream()
                        .filter(launch -> launch.error().isPresent())
                        .map(LaunchRecord::at)
                        .distinct())
                .as("attempts in ten minutes")
                .hasSizeLessThan(7);
        program.micado().close();
    }

    @Test
    void aRateLimitIsWaitedForAsLongAsTheCloudSays() {
        Program program = world.start("p1");
        Duration wait = Duration.ofSeconds(100);
        world.deeds.inject(new FaultInjector() {
            private boolean done;

            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cloud.launch") && !done) {
                    done = true;
                    throw new MicadoException(ErrorKind.RATE_LIMITED, "too many requests").withRetryAfter(wait);
                }
            }
        });
        world.after(Duration.ofMinutes(5));

        List<Deeds.Deed> launches = world.deeds.of("cloud.launch");
        assertThat(launches).hasSize(2);
        assertThat(launches.get(1).at().minus(launches.get(0).at())).isBetween(wait, wait.plusSeconds(11));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void credentialsThatAreRefusedAreTriedAgainEveryFiveMinutes() {
        world.cloud.faults().failLaunches(ErrorKind.AUTHENTICATION, 1);
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(21));
        assertThat(world.cloud.launches()).hasSizeBetween(4, 6);

        world.cloud.faults().failLaunches(ErrorKind.AUTHENTICATION, 0);
        world.after(Duration.ofMinutes(6));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void launchesStopWithAWarningAfterThreeMachinesThatNeverJoined() {
        world.cloud.faults().neverJoin(1000);
        Program program = start(
                world, ShopWorld.workers().joinTimeout(Duration.ofMinutes(1)).build());
        world.need = 2;
        world.after(Duration.ofMinutes(7));

        assertThat(world.cloud.launches()).hasSize(3);
        assertThat(world.cloud.look()).as("none is left behind to cost money").isEmpty();
        assertThat(program.warnings("machines-never-join"))
                .singleElement()
                .asString()
                .contains("2377");
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.BACK_OFF);

        world.after(Duration.ofMinutes(60));
        assertThat(world.cloud.launches()).as("single probes, ever more rarely").hasSizeBetween(5, 7);
        assertThat(gaps(world.cloud.launches().subList(2, world.cloud.launches().size())))
                .isSortedAccordingTo(Duration::compareTo);

        world.cloud.faults().neverJoin(0);
        world.after(Duration.ofMinutes(40));
        assertThat(world.cluster.running("web")).isEqualTo(2);
        program.micado().close();
    }

    @Test
    void machinesThatEndUpInErrorAreTerminatedAndReplaced() {
        world.cloud.faults().failNextBoots(2);
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.launches()).hasSize(3);
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aStrangerThatJoinedAfterALaunchKeepsTheMachineFromBeingReplaced() {
        world.cloud.faults().neverJoin(1000);
        Program program = start(
                world, ShopWorld.workers().joinTimeout(Duration.ofMinutes(1)).build());
        world.after(Duration.ofSeconds(30));
        world.cluster.addForeignNode("stranger", Resources.ofMebibytes(2, 4096));
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.launches()).hasSize(1);
        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(program.warnings("unmatched-node")).hasSize(1);
        program.micado().close();
    }

    @Test
    void aCrowdIsLaunchedAtOnceAndOnlyOnce() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.need = 12;
        world.after(Duration.ofMinutes(3));

        assertThat(world.cluster.running("web")).isEqualTo(12);
        assertThat(world.cloud.launches()).hasSize(6);
        assertThat(world.cloud.launches().stream()
                        .map(LaunchRecord::request)
                        .map(LaunchRequest::worker)
                        .distinct())
                .hasSize(6);
        program.micado().close();
    }

    private static Program start(ShopWorld world, WorkerPool pool) {
        var process = world.time.process("p1");
        return Program.start(process, world.withoutPool(process).pool(pool));
    }

    private static FaultInjector onLaunch(int which, Runnable what) {
        return new FaultInjector() {
            private int launches;

            @Override
            public void after(Effect effect) {
                if (effect.name().equals("cloud.launch") && ++launches == which) {
                    what.run();
                }
            }
        };
    }

    private static List<Duration> gaps(List<LaunchRecord> launches) {
        List<Duration> gaps = new ArrayList<>();
        Instant before = null;
        for (LaunchRecord launch : launches) {
            if (before != null) {
                gaps.add(Duration.between(before, launch.at()));
            }
            before = launch.at();
        }
        return gaps;
    }
}

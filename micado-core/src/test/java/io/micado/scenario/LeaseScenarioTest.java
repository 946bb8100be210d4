package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.Tags;
import io.micado.simulation.LaunchRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two programs of one name: whatever happens to either, one acts at most, and never after it has lost the lease. */
class LeaseScenarioTest {
    private static final Duration LEASE = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void onlyOneOfTwoProgramsThatStartTogetherActs(long seed) {
        ShopWorld world = new ShopWorld(seed);
        Program one = world.start("p1");
        Program two = world.start("p2");
        world.need = 6;
        world.after(Duration.ofMinutes(3));

        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(world.deeds.changes())
                .extracting(Deeds.Deed::program)
                .containsOnly(acting(one, two).process().name());
        assertNothingWasDoneTwice(world);
        Program watching = one == acting(one, two) ? two : one;
        assertThat(watching.micado().status().notActingBecause())
                .contains(acting(one, two).process().name());
        assertThat(watching.latest(WEB).to()).isEqualTo(6);
        one.micado().close();
        two.micado().close();
    }

    @Test
    void theOneThatOnlyWatchesSaysWhatItWouldDo() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(30));
        world.cluster.calls().callTime(Duration.ofMillis(10));
        one.micado().pause();
        world.need = 3;
        world.after(Duration.ofMinutes(1));

        assertThat(two.latest(WEB).binding()).isEqualTo(Rule.NOT_ACTING);
        assertThat(two.latest(WEB).to()).isEqualTo(3);
        assertThat(two.latest(WEB).reason()).contains("p1");
        one.micado().close();
        two.micado().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aHolderThatIsSuspendedForLongDoesNothingWhenItWakesUp(long seed) {
        ShopWorld world = new ShopWorld(seed);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(20));

        // Right before the first one could act on it.
        world.need = 6;
        one.process().suspend(Duration.ofSeconds(60 + seed));
        world.after(Duration.ofSeconds(40));
        assertThat(two.micado().status().acting()).as("took over").isTrue();
        world.after(Duration.ofMinutes(4));

        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(one.micado().status().acting()).isFalse();
        assertThat(one.heard(MicadoEvent.LeaseChanged.class))
                .extracting(MicadoEvent.LeaseChanged::held)
                .startsWith(true, false);
        assertNothingWasDoneTwice(world);
        one.micado().close();
        two.micado().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aHolderThatIsSuspendedInTheMiddleOfALaunchDoesNotLaunchTwice(long seed) {
        ShopWorld world = new ShopWorld(seed);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(20));
        // The intents are saved, and the call to the cloud has not been made.
        world.deeds.inject(new io.micado.simulation.FaultInjector() {
            private boolean done;

            @Override
            public void after(io.micado.simulation.Effect effect) {
                if (!done && effect.name().equals("coordination.update") && world.need > 1) {
                    done = true;
                    one.process().suspend(Duration.ofSeconds(100));
                }
            }
        });
        world.need = 6;
        world.after(Duration.ofMinutes(8));

        assertThat(two.micado().status().acting()).isTrue();
        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(world.cloud.look()).hasSize(3);
        assertNothingWasDoneTwice(world);
        one.micado().close();
        two.micado().close();
    }

    @Test
    void manyChangesOfHandsLeaveNoTrace() {
        ShopWorld world = new ShopWorld(9);
        Program one = world.start("p1");
        Program two = world.start("p2");
        for (int round = 0; round < 12; round++) {
            world.need = 1 + (round * 5) % 12;
            acting(one, two).process().suspend(Duration.ofSeconds(10 + 7 * round));
            world.after(Duration.ofSeconds(100));
        }
        world.need = 4;
        world.after(Duration.ofMinutes(5));

        assertThat(world.cluster.running("web")).isEqualTo(4);
        assertThat(world.cloud.look()).hasSize(2);
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
        assertNothingWasDoneTwice(world);
        one.micado().close();
        two.micado().close();
    }

    @Test
    void givingTheLeaseBackLetsTheNextActAtOnce() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(20));
        Duration closed = world.time.sinceStart();
        one.micado().close();
        assertThat(world.time.sinceStart().minus(closed)).as("closing took").isLessThan(Duration.ofSeconds(1));
        world.after(Duration.ofSeconds(6));

        assertThat(two.micado().status().acting()).isTrue();
        assertThat(two.heard(MicadoEvent.LeaseChanged.class))
                .last()
                .extracting(MicadoEvent.LeaseChanged::held)
                .isEqualTo(true);
        two.micado().close();
    }

    @Test
    void aProgramThatStartsAfterOneWasClosedActsInItsFirstPass() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        one.micado().close();
        world.need = 4;
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(3));

        assertThat(two.micado().status().acting()).isTrue();
        assertThat(two.latest(WEB).to()).isEqualTo(4);
        two.micado().close();
    }

    @Test
    void closingWhileTheLeaseIsBeingTakenLeavesItFree() {
        for (int millis = 0; millis < 600; millis += 50) {
            ShopWorld world = new ShopWorld(millis + 1);
            world.cluster.coordinationCalls().callTime(Duration.ofMillis(100));
            Program one = world.start("p1");
            world.after(Duration.ofMillis(millis));
            one.micado().close();
            Program two = world.start("p2");
            world.after(Duration.ofSeconds(12));
            assertThat(two.micado().status().acting())
                    .as("closed after " + millis + " ms")
                    .isTrue();
            two.micado().close();
        }
    }

    @Test
    void aRecordThatSomebodyDeletesIsMadeAgainWithItsIdentity() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        Program two = world.start("p2");
        world.need = 4;
        world.settleAt(4, 2);
        String identity = one.micado().status().id().orElseThrow();
        world.cluster.coordination().delete("shop");
        world.after(Duration.ofMinutes(5));

        assertThat(acting(one, two).micado().status().id()).hasValue(identity);
        assertThat(world.cloud.launches()).hasSize(2);
        assertThat(world.cluster.running("web")).isEqualTo(4);
        world.need = 6;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(world.cloud.look()).hasSize(3);
        assertNothingWasDoneTwice(world);
        one.micado().close();
        two.micado().close();
    }

    @Test
    void aRecordOfANewerFormatIsNotActedOn() {
        ShopWorld world = new ShopWorld(1);
        rewrite(world, "shop", Map.of(Tags.FORMAT, "2", Tags.INFRASTRUCTURE, "shop-of-the-future"));
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(3));

        assertThat(world.deeds.changes()).isEmpty();
        assertThat(program.micado().status().acting()).isFalse();
        assertThat(program.heard(MicadoEvent.LeaseChanged.class))
                .singleElement()
                .extracting(MicadoEvent.LeaseChanged::message, InstanceOfAssertFactories.STRING)
                .contains("newer release");
        assertThat(program.micado().status().notActingBecause()).contains("newer release");
        program.micado().close();
    }

    @Test
    void aRecordThatBecomesNewerWhileRunningEndsActing() {
        ShopWorld world = new ShopWorld(1);
        Program program = world.start("p1");
        world.settleAt(1, 1);
        rewrite(world, "shop", Map.of(Tags.FORMAT, "2"));
        world.after(Duration.ofSeconds(20));
        Duration upgraded = world.time.sinceStart();
        world.need = 6;
        world.after(Duration.ofMinutes(3));

        assertThat(world.deeds.since(upgraded)).isEmpty();
        assertThat(program.micado().status().acting()).isFalse();
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.NOT_ACTING);
        program.micado().close();
    }

    @Test
    void aDamagedRecordIsNotActedOnAndNotOverwritten() {
        ShopWorld world = new ShopWorld(1);
        rewrite(world, "shop", Map.of("micado.lease.epoch", "many"));
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(2));

        assertThat(world.deeds.all()).extracting(Deeds.Deed::program).doesNotContain("p1");
        assertThat(program.micado().status().notActingBecause()).contains("damaged");
        program.micado().close();
    }

    @Test
    void anOutageOfTheStoreEndsActingInTimeAndItGoesOnAfterwards() {
        ShopWorld world = new ShopWorld(1);
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cluster.coordinationCalls().unreachable();
        world.after(Duration.ofSeconds(16));
        Duration lost = world.time.sinceStart();
        world.need = 6;
        world.after(Duration.ofMinutes(2));
        assertThat(world.deeds.since(lost)).isEmpty();
        assertThat(program.micado().status().acting()).isFalse();

        world.cluster.coordinationCalls().reachable();
        world.after(Duration.ofMinutes(2));
        assertThat(program.micado().status().acting()).isTrue();
        assertThat(world.cluster.running("web")).isEqualTo(6);
        program.micado().close();
    }

    @Test
    void aStoreThatHangsEndsActingInTimeAndItGoesOnAfterwards() {
        ShopWorld world = new ShopWorld(1);
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cluster.coordinationCalls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1));
        world.after(Duration.ofSeconds(16));
        assertThat(program.micado().status().acting()).isFalse();
        world.cluster.coordinationCalls().hangNext(0, Duration.ZERO);
        world.after(Duration.ofMinutes(1));
        assertThat(program.micado().status().acting()).isTrue();
        program.micado().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void clocksThatAreAnHourApartChangeNothing(int minutes) {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        var process = world.time.process("p2").wallClockOffset(Duration.ofMinutes(minutes));
        Program two = Program.start(process, world.builder(process));
        world.need = 6;
        world.after(Duration.ofMinutes(3));
        assertThat(one.micado().status().acting()).isTrue();
        assertThat(two.micado().status().acting()).isFalse();

        one.process().kill();
        Duration killed = world.time.sinceStart();
        world.time.runUntil(() -> two.micado().status().acting(), Duration.ofMinutes(1));
        assertThat(world.time.sinceStart().minus(killed)).isBetween(LEASE.minusSeconds(5), LEASE.plusSeconds(11));
        world.need = 1;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(world.cloud.look()).hasSize(1);
        assertNothingWasDoneTwice(world);
        two.micado().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-24, -1, 1, 24})
    void aJumpOfTheWallClockChangesNothing(int hours) {
        ShopWorld world = new ShopWorld(1);
        Program program = world.start("p1");
        world.need = 6;
        world.settleAt(6, 3);
        world.need = 1;
        world.after(Duration.ofSeconds(10));
        program.process().wallClockOffset(Duration.ofHours(hours));
        world.after(Duration.ofSeconds(8));
        assertThat(world.cluster.running("web"))
                .as("the window of 20 s is not over")
                .isEqualTo(6);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(program.heard(MicadoEvent.LeaseChanged.class)).hasSize(1);
        program.micado().close();
    }

    @Test
    void commandsOnTheOneThatOnlyWatchesFailAndNameTheHolder() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        world.after(Duration.ofSeconds(5));
        CompletableFuture<Void> deployed =
                two.micado().deploy(ShopWorld.service("api").build());
        world.after(Duration.ofMinutes(1));

        assertThat(deployed)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(MicadoException.class, error -> {
                    assertThat(error.kind()).isEqualTo(ErrorKind.CONFLICT);
                    assertThat(error).hasMessageContaining("p1").hasMessageContaining("api");
                });
        assertThat(world.cluster.look().services())
                .noneMatch(service -> service.name().equals("api"));
        one.micado().close();
        two.micado().close();
    }

    @Test
    void aCommandThatComesBeforeTheLeaseIsCarriedOutOnceItIsWon() {
        ShopWorld world = new ShopWorld(1);
        Program one = world.start("p1");
        world.settleAt(1, 1);
        one.process().kill();
        Program two = world.start("p2");
        CompletableFuture<Void> deployed =
                two.micado().deploy(ShopWorld.service("api").build());
        world.after(Duration.ofSeconds(25));

        assertThat(deployed).isCompleted();
        assertThat(world.deeds.withoutTheLease()).isEmpty();
        assertThat(two.latest(WORKERS).to()).isPositive();
        two.micado().close();
    }

    private static void assertNothingWasDoneTwice(ShopWorld world) {
        assertThat(world.deeds.withoutTheLease()).as("done without the lease").isEmpty();
        assertThat(world.cloud.launches().stream().map(LaunchRecord::request).map(LaunchRequest::worker))
                .as("workers launched")
                .doesNotHaveDuplicates();
    }

    private static Program acting(Program one, Program two) {
        return one.micado().status().acting() ? one : two;
    }

    private static void rewrite(ShopWorld world, String name, Map<String, String> changes) {
        CoordinationStore store = world.cluster.coordination();
        Map<String, String> values = new HashMap<>();
        var seen = store.read(name);
        seen.ifPresent(known -> values.putAll(known.values()));
        if (seen.isEmpty()) {
            values.put(Tags.INFRASTRUCTURE, "shop-1");
        }
        values.putAll(changes);
        if (seen.isPresent()) {
            store.update(name, seen.get(), values);
        } else {
            store.create(name, values);
        }
    }
}

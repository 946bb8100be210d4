package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.scenario.Deeds.Deed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The join token is replaced when it has served, and never while a machine is on its way with it. */
class JoinTokenScenarioTest {
    private static final Duration BOOT = Duration.ofSeconds(10);

    private final ShopWorld world = new ShopWorld(1);

    private List<Deed> rotations() {
        return world.deeds.of("cluster.rotate-join-token");
    }

    @Test
    void itIsReplacedOnceTheMachinesHaveJoinedAndNotAgainWithoutALaunch() {
        Program program = world.start("p1", builder -> builder.rotateJoinToken(true));
        world.settleAt(1, 1);
        world.after(Duration.ofMinutes(1));

        assertThat(rotations()).hasSize(1);
        assertThat(rotations().get(0).at())
                .isGreaterThan(world.deeds.of("cloud.launch").get(0).at().plus(BOOT));
        world.after(Duration.ofHours(5));
        assertThat(rotations()).as("no machine was launched with it").hasSize(1);

        world.need = 4;
        world.settleAt(4, 2);
        world.after(Duration.ofMinutes(5));
        assertThat(rotations()).hasSize(2);
        assertThat(world.cluster.counters().joinsRefused()).isZero();
        program.micado().close();
    }

    @Test
    void itIsReplacedOnceAnHourAtMost() {
        Program program = world.start("p1", builder -> builder.rotateJoinToken(true));
        for (int step = 0; step < 12; step++) {
            world.need = step % 2 == 0 ? 6 : 1;
            world.after(Duration.ofMinutes(10));
        }
        assertThat(world.deeds.of("cloud.launch")).hasSizeGreaterThan(6);
        assertThat(rotations()).hasSize(2);
        assertThat(Duration.between(
                        world.time.wallClock().minus(rotations().get(1).at()),
                        world.time.wallClock().minus(rotations().get(0).at())))
                .isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(world.cluster.counters().joinsRefused()).isZero();
        program.micado().close();
    }

    /** Launches, kills and restarts at times of which some are in the midst of a boot. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noMachineEverComesWithAnOldToken(long seed) {
        ShopWorld restless = new ShopWorld(seed);
        for (int day = 0; day < 40; day++) {
            Program program = restless.start("p" + day, builder -> builder.rotateJoinToken(true));
            for (int step = 0; step < 4; step++) {
                restless.need = 1 + (int) ((seed * 7 + day * 5 + step * 3) % 10);
                restless.after(Duration.ofSeconds(30 + (seed * 131 + day * 977 + step * 353) % 1_500));
            }
            program.process().kill();
            restless.after(Duration.ofSeconds(20));
        }
        assertThat(restless.deeds.of("cluster.rotate-join-token")).hasSizeGreaterThan(10);
        assertThat(restless.cluster.counters().joinsRefused()).isZero();
    }

    @Test
    void onACloudThatDoesNotAnswerAMachineMayBeOnItsWay() {
        Program program = world.start("p1", builder -> builder.rotateJoinToken(true));
        world.after(Duration.ofSeconds(8));
        world.cloud.calls().unreachable();
        world.after(Duration.ofMinutes(30));
        assertThat(rotations()).isEmpty();
        program.micado().close();
    }

    @Test
    void theTokenOfAClusterOfOthersStays() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.after(Duration.ofHours(2));
        assertThat(rotations()).isEmpty();
        program.micado().close();
    }
}

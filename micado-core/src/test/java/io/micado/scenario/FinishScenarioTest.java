package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Machines that get a part of what they are after their launch: only from a program that may act. */
class FinishScenarioTest {
    private static final String FINISH = "cloud.finish";

    private final ShopWorld world = new ShopWorld(1, cloud -> cloud.finishes(true));

    @Test
    void machinesGetWhatTheyLackOnceAListHasShownIt() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of(FINISH)).hasSize(1);
        program.micado().close();
    }

    @Test
    void aProgramThatMayNotActGivesThemNothing() {
        Program first = world.start("p1");
        world.settleAt(1, 1);
        first.micado().dryRun(true);
        world.cloud.launchForeign(infrastructure(), "small");
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of(FINISH)).as("in a dry run").hasSize(1);

        first.micado().dryRun(false);
        first.micado().pause();
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of(FINISH)).as("paused").hasSize(1);

        Program second = world.start("p2");
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of(FINISH)).as("without the lease").hasSize(1);
        second.micado().close();

        first.micado().resume();
        world.after(Duration.ofMinutes(1));
        assertThat(world.deeds.of(FINISH)).hasSizeGreaterThan(1);
        first.micado().close();
    }

    private io.micado.api.worker.InfrastructureId infrastructure() {
        return world.cloud.launches().get(0).request().infrastructure();
    }

    @Test
    void whatFailsIsToldOnceAndTriedAfterTheNextList() {
        int[] failures = {3};
        world.deeds.inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.name().equals(FINISH) && failures[0]-- > 0) {
                    throw new MicadoException(ErrorKind.QUOTA_EXCEEDED, "no more addresses");
                }
            }
        });
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of(FINISH)).hasSize(4);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .filteredOn(event -> event.message().contains("no more addresses"))
                .hasSize(1);
        program.micado().close();
    }
}

package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A program's wall clock that is stepped while it runs: what people are told has the time that their clock shows. */
class WallClockScenarioTest {
    private static final Duration STEP = Duration.ofHours(3);
    private static final Pattern UNTIL = Pattern.compile("until (\\S+Z)");

    private final ShopWorld world = new ShopWorld(1);

    /** Steps the clock; {@return what it shows then}. */
    private Instant step(Program program) {
        program.process().wallClockOffset(STEP);
        return program.process().wallClock();
    }

    @Test
    void decisionsAndEventsHaveTheTimeOfTheWallClock() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        int before = program.events().size();
        Instant stepped = step(program);
        world.need = 6;
        world.after(Duration.ofMinutes(3));
        world.cluster.scaleByHand("web", 3);
        world.after(Duration.ofMinutes(3));

        List<MicadoEvent> told =
                program.events().subList(before, program.events().size());
        assertThat(told)
                .hasAtLeastOneElementOfType(MicadoEvent.Decided.class)
                .hasAtLeastOneElementOfType(MicadoEvent.ChangedByOthers.class)
                .hasAtLeastOneElementOfType(MicadoEvent.WorkerChanged.class)
                .allSatisfy(event -> assertThat(event.at())
                        .isBetween(stepped, program.process().wallClock()));
        assertThat(told).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(List.of(program.latest(WEB), program.latest(WORKERS)))
                .extracting(Decision::at)
                .allSatisfy(at -> assertThat(at)
                        .isBetween(
                                program.process().wallClock().minusSeconds(10),
                                program.process().wallClock()));
        program.micado().close();
    }

    @Test
    void whatLastsUntilATimeLastsUntilThatTimeOfTheWallClock() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        Instant stepped = step(program);
        program.micado().scale(WEB, 5, Duration.ofMinutes(10));
        world.after(Duration.ofMinutes(2));
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.HOLD);
        assertThat(program.latest(WEB).reason())
                .contains("held at 5 until "
                        + stepped.plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS));

        program.micado().close();
    }

    @Test
    void aConflictIsLeftAloneUntilATimeOfTheWallClock() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        step(program);
        for (int i = 0; i < 3; i++) {
            world.cluster.scaleByHand("web", 2);
            world.after(Duration.ofSeconds(20));
        }
        Instant now = program.process().wallClock();

        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.CONFLICT);
        assertThat(end(program.latest(WEB).reason())).isBetween(now, now.plus(Duration.ofMinutes(10)));
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class))
                .last()
                .satisfies(event -> assertThat(end(event.message())).isBetween(now, now.plus(Duration.ofMinutes(10))));
        program.micado().close();
    }

    @Test
    void anOfferingRestsUntilATimeOfTheWallClock() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        step(program);
        world.cloud.faults().failNextLaunch(ErrorKind.INSUFFICIENT_CAPACITY, 3);
        world.need = 6;
        world.after(Duration.ofSeconds(20));
        Instant now = program.process().wallClock();

        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.BACK_OFF);
        assertThat(end(program.latest(WORKERS).reason())).isBetween(now, now.plus(Duration.ofHours(1)));
        program.micado().close();
    }

    private static Instant end(String text) {
        Matcher until = UNTIL.matcher(text);
        assertThat(until.find()).as(text).isTrue();
        return Instant.parse(until.group(1));
    }
}

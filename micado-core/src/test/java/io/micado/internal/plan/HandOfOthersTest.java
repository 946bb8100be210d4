package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandOfOthersTest {
    private static final TargetId WEB = TargetId.service("web");

    private final List<MicadoEvent> events = new ArrayList<>();
    private TargetMemory memory = TargetMemory.EMPTY;
    private Instant now = World.START;

    @Test
    void whatIsSeenFirstIsNobodysChange() {
        see(3);

        assertThat(events).isEmpty();
        assertThat(memory.lastSeen()).hasValue(3);
    }

    @Test
    void whatWeSetOurselvesIsNotTheHandOfOthers() {
        see(3);
        set(3, 5);
        see(3);
        see(5);

        assertThat(events).isEmpty();
        assertThat(memory.lastSet()).hasValue(5);
    }

    @Test
    void aChangeByOthersIsToldOnceAndGoneOnFrom() {
        see(3);
        see(8);
        see(8);

        assertThat(events).singleElement().satisfies(event -> {
            MicadoEvent.ChangedByOthers change = (MicadoEvent.ChangedByOthers) event;
            assertThat(change.from()).isEqualTo(3);
            assertThat(change.to()).isEqualTo(8);
            assertThat(change.message()).contains("goes on from there");
        });
        assertThat(memory.conflictUntil()).isEmpty();
    }

    @Test
    void threeReversalsInTenMinutesHoldTheService() {
        turnBack(3);

        assertThat(memory.conflictUntil()).contains(now.plus(Duration.ofMinutes(10)));
        assertThat(events.get(2).message()).contains("see to it that only one hand scales it");
        now = now.plus(Duration.ofMinutes(10));
        see(3);
        assertThat(memory.conflictUntil()).as("over").isEmpty();
    }

    @Test
    void reversalsThatLieFurtherApartDoNot() {
        turnBack(2);
        now = now.plus(Duration.ofMinutes(11));
        turnBack(1);

        assertThat(memory.conflictUntil()).isEmpty();
    }

    private void turnBack(int times) {
        see(3);
        for (int i = 0; i < times; i++) {
            set(3, 5);
            see(5);
            now = now.plusSeconds(10);
            see(3);
        }
    }

    private void set(int from, int to) {
        memory = memory.withChange(new Change(now, from, to));
    }

    private void see(int count) {
        PlanDraft draft = new PlanDraft(new World().state(), PlannerMemory.startingAt(now));
        memory = HandOfOthers.observe(WEB, memory, count, now, draft);
        events.addAll(draft.finish().events());
    }
}

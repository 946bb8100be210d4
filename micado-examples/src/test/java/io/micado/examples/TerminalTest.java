package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void theLivePartIsDrawnOverItselfAndLinesStayAboveIt() {
        RecordingTerminal recording = new RecordingTerminal(true, 80);

        recording.terminal().live(List.of("a", "b", "c"));
        recording.terminal().live(List.of("d", "e", "f"));
        recording.terminal().line("stays");

        assertThat(recording.output().replace('\u001b', '^').replace('\r', '<').lines())
                .containsExactly("<a^[K", "b^[K", "c^[K^[J<^[2Ad^[K", "e^[K", "f^[K^[J<^[2A^[Jstays");
    }

    @Test
    void linesThatAreTooLongAreCutSoThatNoneWraps() {
        RecordingTerminal recording = new RecordingTerminal(true, 10);

        recording.terminal().live(List.of("0123456789"));

        assertThat(recording.output()).contains("01234567…").doesNotContain("8");
    }

    @Test
    void nobodyWatchesALog() {
        RecordingTerminal recording = new RecordingTerminal(false, 80);

        recording.terminal().live(List.of("a"));
        recording.terminal().line("b");
        recording.terminal().error("c");

        assertThat(recording.output()).isEqualToIgnoringNewLines("b");
        assertThat(recording.errors()).isEqualToIgnoringNewLines("c");
    }
}

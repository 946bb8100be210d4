package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The dashboard example starts, tells where it is, and ends. */
class WatchItTest {

    @Test
    void itTellsItsAddressAndItsToken() throws Exception {
        RecordingTerminal terminal = new RecordingTerminal(false, 80);
        assertThat(WatchIt.run(List.of("0", "1"), terminal.terminal())).isEqualTo(Program.OK);
        assertThat(terminal.output())
                .containsPattern("dashboard   http://127\\.0\\.0\\.1:[0-9]+/")
                .containsPattern("token       [0-9a-f-]{36}")
                .contains("curl -H 'Authorization: Bearer");
    }

    @Test
    void aPortThatIsNoNumberIsRefusedInOneSentence() {
        RecordingTerminal terminal = new RecordingTerminal(false, 80);
        assertThat(Program.run(List.of("http"), "usage", 2, WatchIt::run, terminal.terminal()))
                .isEqualTo(Program.UNUSABLE);
        assertThat(terminal.errors()).contains("not a number: http");
    }
}

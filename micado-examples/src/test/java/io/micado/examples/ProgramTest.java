package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.examples.Program.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final RecordingTerminal recording = new RecordingTerminal(false, 80);

    private int run(Program.Body body, String... arguments) {
        return Program.run(List.of(arguments), "usage: Example [FILE]", 1, body, recording.terminal());
    }

    @Test
    void theBodySaysTheExitCode() {
        assertThat(run((arguments, terminal) -> arguments.size() + 40, "file")).isEqualTo(41);
    }

    @Test
    void helpIsNoFailure() {
        assertThat(run((arguments, terminal) -> Program.FAILED, "--help")).isEqualTo(Program.OK);
        assertThat(recording.output()).isEqualToIgnoringNewLines("usage: Example [FILE]");
    }

    @Test
    void whatIsNotUnderstoodIsNotRun() {
        assertThat(run((arguments, terminal) -> Program.OK, "--fast")).isEqualTo(Program.UNUSABLE);
        assertThat(run((arguments, terminal) -> Program.OK, "one", "two")).isEqualTo(Program.UNUSABLE);
        assertThat(recording.errors())
                .contains("not understood: --fast", "not understood: one two", "usage: Example [FILE]");
    }

    @Test
    void aFailureIsOneSentenceAndAnExitCode() {
        assertThat(run((arguments, terminal) -> {
                    throw Failure.unusable("no Docker here");
                }))
                .isEqualTo(Program.UNUSABLE);
        assertThat(run((arguments, terminal) -> {
                    throw Failure.failed("too late");
                }))
                .isEqualTo(Program.FAILED);
        assertThat(run((arguments, terminal) -> {
                    throw new MicadoException(ErrorKind.CONFIGURATION, "no such cloud");
                }))
                .isEqualTo(Program.UNUSABLE);
        assertThat(recording.errors().lines()).containsExactly("no Docker here", "too late", "no such cloud");
    }

    @Test
    void whatNobodyExpectedTellsHowToSeeMore() {
        assertThat(run((arguments, terminal) -> {
                    throw new IllegalStateException("odd");
                }))
                .isEqualTo(Program.FAILED);
        assertThat(recording.errors().lines())
                .containsExactly(
                        "java.lang.IllegalStateException: odd", "(-Dmicado.stacktrace=true shows where it comes from)");
    }
}

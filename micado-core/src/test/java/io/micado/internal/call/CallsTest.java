package io.micado.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final VirtualTime time = VirtualTime.create();
    private final VirtualProcess process = time.process();
    private final BoundedExecutor loop = process.boundedExecutor("loop", 1);
    private final BoundedExecutor plugin = process.boundedExecutor("plugin", 1);
    private final Calls calls = new Calls(process, loop::submit);
    private final List<Outcome<String>> answers = new ArrayList<>();

    @Test
    void bringsTheResultWhenItIsThere() {
        call(() -> {
            time.elapse(Duration.ofSeconds(3));
            return "done";
        });
        time.advance(Duration.ofSeconds(2));
        assertThat(answers).isEmpty();
        time.advance(Duration.ofSeconds(10));
        assertThat(answers).containsExactly(Outcome.of("done"));
    }

    @Test
    void givesUpACallThatTakesLongerThanItsDeadlineAndDropsItsLateResult() {
        call(() -> {
            time.elapseUninterruptibly(Duration.ofMinutes(1));
            return "too late";
        });
        time.advance(DEADLINE);
        assertThat(onlyFailure().kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(onlyFailure()).hasMessage("asking: no answer within 5 s");
        time.advance(Duration.ofMinutes(2));
        assertThat(answers).hasSize(1);
    }

    @Test
    void aCallThatNeverBeganWasSurelyNotAppliedAndNeverBeginsLater() {
        plugin.submit(() -> time.elapseUninterruptibly(Duration.ofMinutes(1)));
        boolean[] begun = new boolean[1];
        call(() -> {
            begun[0] = true;
            return "done";
        });
        time.advance(Duration.ofMinutes(2));
        assertThat(onlyFailure().kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(begun[0]).isFalse();
    }

    @Test
    void bringsAFailureAsItIsAndWrapsWhatIsNoneOfOurs() {
        MicadoException quota = new MicadoException(ErrorKind.QUOTA_EXCEEDED, "no more");
        call(() -> {
            throw quota;
        });
        call(() -> {
            throw new StackOverflowError();
        });
        call(() -> {
            throw new AssertionError("cannot be");
        });
        time.advance(Duration.ofSeconds(1));
        assertThat(answers.get(0).failure()).isSameAs(quota);
        assertThat(answers.get(1).failure().kind()).isEqualTo(ErrorKind.INTERNAL);
        assertThat(answers.get(2).failure()).hasMessageContaining("cannot be");
    }

    private void call(Callable<String> work) {
        calls.call(plugin, DEADLINE, ErrorKind.OUTCOME_UNKNOWN, "asking", work, answers::add);
    }

    private MicadoException onlyFailure() {
        assertThat(answers).hasSize(1);
        return answers.get(0).failure();
    }
}

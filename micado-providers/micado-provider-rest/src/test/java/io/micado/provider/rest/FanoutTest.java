package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.internal.loop.SystemTimekeeper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FanoutTest {
    @Test
    void whateverIsThrownStaysWithItsOwnItemAndKeepsNobodyWaiting() {
        try (Fanout fanout = new Fanout(new SystemTimekeeper(), "test", 2)) {
            List<String> results = fanout.each(
                    List.of("overflow", "defect", "fine"),
                    item -> {
                        if (item.equals("overflow")) {
                            throw new StackOverflowError();
                        }
                        if (item.equals("defect")) {
                            throw new IllegalStateException();
                        }
                        return item;
                    },
                    (item, error) -> item + " " + error.kind());
            assertThat(results)
                    .containsExactly("overflow " + ErrorKind.INTERNAL, "defect " + ErrorKind.INTERNAL, "fine");
        }
    }
}

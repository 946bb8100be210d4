package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTest {

    @Test
    void isReadBackFromTheNameThatItMakes() {
        Mark mark = Mark.of(TestCloud.OCCI.request("w1"));

        assertThat(mark.text()).isEqualTo("micado:1:shop-0d6e5c32-93e4-4a1:web:w1");
        assertThat(Mark.parse(mark.text())).contains(mark);
        assertThat(mark.tags())
                .containsEntry("micado.infrastructure", "shop-0d6e5c32-93e4-4a1")
                .containsEntry("micado.pool", "web")
                .containsEntry("micado.worker", "w1")
                .containsEntry("micado.format", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "my_compute",
                "micado:1:shop:web",
                "micado:1:shop:web:",
                "micado:1: :web:w1",
                "micado:1:shop:web:w1:more",
                "micado:2:shop:web:w1",
                "not micado:1:shop:web:w1"
            })
    void makesNothingOfOtherNames(String name) {
        assertThat(Mark.parse(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"micado:2:shop:web:w1", "micado:10:pool:shop", " micado:2:shop "})
    void refusesWhatANewerReleaseHasNamedForTheSameInfrastructure(String name) {
        assertThatThrownBy(() -> Mark.parse(name, new InfrastructureId("shop")))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
        assertThat(Mark.parse(name, new InfrastructureId("sho"))).isEmpty();
    }

    @Test
    void fitsIntoTheNamesOfEveryCloud() {
        Mark longest = new Mark(new InfrastructureId("i".repeat(59)), "p".repeat(32), new WorkerId("w".repeat(17)));

        assertThat(longest.text()).hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void refusesToMakeANameThatCouldNotBeReadBack() {
        assertThatThrownBy(() -> Mark.of(TestCloud.OCCI.request("w:1")))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION));
    }
}

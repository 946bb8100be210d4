package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.docker.FakeEngine.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImagesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final RealTime time = new RealTime();
    private final FakeEngine fake = new FakeEngine();
    private final FakeEngine otherFake = new FakeEngine();
    private final DockerEngine engine = DockerEngine.open(fake.connection(), time);
    private final DockerEngine other = DockerEngine.open(otherFake.connection(), time);

    @AfterEach
    void stop() {
        engine.close();
        other.close();
        fake.close();
        otherFake.close();
        time.close();
    }

    @Test
    void tellsWhetherAnImageIsThere() {
        fake.json("/images/here:1/json", "{\"Id\":\"sha256:1\"}");

        assertThat(engine.images().exists("here:1")).isTrue();
        assertThat(engine.images().id("here:1")).contains("sha256:1");
        assertThat(engine.images().exists("nowhere:1")).isFalse();
    }

    @Test
    void streamsAnImageFromOneEngineToAnother() {
        String tar = "not really a tar archive ".repeat(100_000);
        fake.json("/images/web:1/get", tar);
        otherFake.answer("POST", "/images/load", Answer.ok("{\"stream\":\"Loaded image: web:1\"}"));

        engine.images().copyTo(other, "web:1", DEADLINE);

        assertThat(new String(otherFake.calls().get(0).body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(tar);
    }

    @Test
    void findsTheErrorInTheStreamOfASuccessfulAnswer() {
        fake.answer(
                "POST",
                "/images/create",
                Answer.ok("{\"status\":\"Pulling\"}\n{\"error\":\"manifest for x:1 not found: manifest unknown\"}\n"));

        assertThatThrownBy(() -> engine.images().pull("x:1", DEADLINE))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
                .hasMessageContaining("could not pull image x:1: manifest for x:1 not found");
    }

    @Test
    void pullsOneTagOnly() {
        fake.answer("POST", "/images/create", Answer.ok("{\"status\":\"Done\"}\n"));

        assertThatCode(() -> {
                    engine.images().pull("registry:5000/web", DEADLINE);
                    engine.images().pull("web:2", DEADLINE);
                    engine.images().pull("web@sha256:1", DEADLINE);
                })
                .doesNotThrowAnyException();
        assertThat(fake.calls("POST"))
                .containsExactly(
                        "POST /images/create?fromImage=registry:5000/web:latest",
                        "POST /images/create?fromImage=web:2",
                        "POST /images/create?fromImage=web@sha256:1");
    }

    @Test
    void tellsWhenTheImageToCopyIsMissing() {
        assertThatThrownBy(() -> engine.images().copyTo(other, "none:1", DEADLINE))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
        assertThat(otherFake.calls()).isEmpty();
    }
}

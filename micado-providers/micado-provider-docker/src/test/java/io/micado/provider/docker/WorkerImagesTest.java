package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Settings;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Offering;
import io.micado.docker.DockerEngine;
import io.micado.simulation.Eventually;
import io.micado.simulation.QuickTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerImagesTest {
    private static final Offering ANY = Offering.builder("local", "any").build();

    private final RealTime real = new RealTime();
    private final FakeEngine host = new FakeEngine();
    private final DockerEngine engine = host.open(real);
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopEngine() {
        engine.close();
        host.close();
        real.close();
    }

    @Test
    void pullsTheOfficialImageOfTheHostEnginesVersion() {
        host.version = "28.2.2";

        assertThat(images(Optional.empty(), real).imageFor(ANY)).isEqualTo("docker:28.2-dind");
        assertThat(host.images).containsExactly("docker:28.2-dind");
    }

    @Test
    void pullsNothingThatIsThere() {
        host.images.add("docker:20.10-dind");

        assertThat(images(Optional.empty(), real).imageFor(ANY)).isEqualTo("docker:20.10-dind");
        assertThat(host.changes).isEmpty();
    }

    @Test
    void theOfferingsImageComesBeforeTheClouds() {
        host.images.add("mine");
        host.images.add("special");
        WorkerImages images = images(Optional.of("mine"), real);

        assertThat(images.imageFor(ANY)).isEqualTo("mine");
        assertThat(images.imageFor(Offering.builder("local", "any")
                        .settings(Settings.of("image", "special"))
                        .build()))
                .isEqualTo("special");
    }

    @Test
    void takesTheLocalImageWhenTheOfficialOneCannotBePulledAndWarnsOnce() {
        host.failPull("docker:20.10-dind", "lookup registry: no such host");
        host.images.add(WorkerImages.LOCAL_IMAGE);
        WorkerImages images = images(Optional.empty(), real);

        assertThat(images.imageFor(ANY)).isEqualTo(WorkerImages.LOCAL_IMAGE);
        assertThat(images.imageFor(ANY)).isEqualTo(WorkerImages.LOCAL_IMAGE);
        assertThat(warnings).singleElement().asString().contains("no such host", WorkerImages.LOCAL_IMAGE);
        assertThat(host.changes).hasSize(1);
    }

    @Test
    void neverReplacesAnImageThatTheUserChose() {
        host.failPull("mine:latest", "pull access denied for mine, repository does not exist");
        host.images.add(WorkerImages.LOCAL_IMAGE);

        assertThatThrownBy(() -> images(Optional.of("mine"), real).imageFor(ANY))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessageContaining("has no image mine for local workers and could not pull it")
                .hasMessageEndingWith("run \"docker pull mine\" there, or set \"image\" to an image that it has");
    }

    @Test
    void namesBothRemediesWhenThereIsNoRegistryAndNoLocalImage() {
        host.failPull("docker:20.10-dind", "lookup registry: no such host");

        assertThatThrownBy(() -> images(Optional.empty(), real).imageFor(ANY))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("run \"docker pull docker:20.10-dind\" there")
                .hasMessageContaining("micado-examples/docker/images.sh worker");
    }

    @Test
    void aLaunchDoesNotWaitLongerForAPullThanItIsGivenAndALaterOneFindsTheImage() throws Throwable {
        CountDownLatch held = new CountDownLatch(1);
        host.pullsHeldBy = held;
        WorkerImages images = images(Optional.empty(), new QuickTime(real));

        assertThatThrownBy(() -> images.imageFor(ANY))
                .isInstanceOfSatisfying(MicadoException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT);
                    assertThat(e.retryAfter()).isPresent();
                })
                .hasMessageContaining("is still being pulled");
        assertThatThrownBy(() -> images.imageFor(ANY)).hasMessageContaining("is still being pulled");
        held.countDown();

        Eventually.eventually(
                real,
                Duration.ofSeconds(20),
                () -> assertThat(images.imageFor(ANY)).isEqualTo("docker:20.10-dind"));
        assertThat(host.changes).hasSize(1);
    }

    private WorkerImages images(Optional<String> chosen, Timekeeper time) {
        return new WorkerImages(
                engine, new HostFacts(engine), chosen, time, real.boundedExecutor("images", 2), warnings::add);
    }
}

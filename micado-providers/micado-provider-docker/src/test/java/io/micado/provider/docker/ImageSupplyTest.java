package io.micado.provider.docker;

import static io.micado.provider.docker.TestBed.INFRASTRUCTURE;
import static io.micado.provider.docker.TestBed.launch;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ImageSupplyTest {
    @TempDir
    Path directory;

    private TestBed bed;
    private LocalCloud cloud;
    private FakeEngine worker;

    @BeforeEach
    void startAWorker() throws Throwable {
        bed = new TestBed(directory);
        cloud = bed.open();
        worker = bed.workerEngine("w1");
        launch(cloud, "w1");
        bed.eventually(() -> assertThat(worker.joins).hasSize(1));
        bed.eventually(() -> assertThat(bed.files()).contains("w1.json"));
    }

    @AfterEach
    void stopEngines() {
        bed.close();
    }

    @Test
    void bringsANewImageToWorkersThatHaveJoined() throws Throwable {
        bed.host.images.add("shop/web:2");
        listUntilPrepared();

        cloud.imagesInUse(Set.of("shop/web:2"));

        bed.eventually(() -> assertThat(worker.images).containsExactly("shop/web:2"));
    }

    @Test
    void bringsANewImageBeforeItsServiceIsDeployedThoughNoListHasShownTheWorkerSinceItJoined() throws Throwable {
        bed.host.images.add("shop/web:2");
        cloud.list(INFRASTRUCTURE);
        bed.eventually(() -> assertThat(java.nio.file.Files.readString(bed.state.resolve("w1.json")))
                .doesNotContain(TestBed.TOKEN));

        bed.eventually(() -> {
            cloud.imagesInUse(Set.of("shop/web:2"));
            assertThat(worker.images).containsExactly("shop/web:2");
        });
    }

    @Test
    void bringsWhatIsAskedForWhileAnotherImageIsUnderWay() throws Throwable {
        bed.host.images.addAll(Set.of("shop/web:2", "shop/cart:1"));
        listUntilPrepared();
        worker.onLoad = () -> {
            worker.onLoad = () -> {};
            cloud.imagesInUse(Set.of("shop/web:2", "shop/cart:1"));
        };

        cloud.imagesInUse(Set.of("shop/web:2"));

        bed.eventually(() -> assertThat(worker.images).containsExactlyInAnyOrder("shop/web:2", "shop/cart:1"));
    }

    @Test
    void bringsAnImageOnceOnly() throws Throwable {
        bed.host.images.add("shop/web:2");
        cloud.imagesInUse(Set.of("shop/web:2"));
        listUntil(() -> assertThat(worker.images).containsExactly("shop/web:2"));
        worker.images.clear();

        bed.time.advance(Duration.ofHours(1));
        cloud.imagesInUse(Set.of("shop/web:2", "shop/cart:1"));
        bed.host.images.add("shop/cart:1");
        bed.time.advance(Duration.ofHours(1));
        listUntil(() -> assertThat(worker.images).contains("shop/cart:1"));

        assertThat(worker.images).containsExactly("shop/cart:1");
    }

    @Test
    void leavesAnImageByDigestToTheRegistry() throws Throwable {
        bed.host.images.add("first/web@sha256:1");
        bed.host.images.add("shop/web:2");
        cloud.imagesInUse(Set.of("first/web@sha256:1", "shop/web:2"));

        listUntil(() -> assertThat(worker.images).containsExactly("shop/web:2"));
    }

    @Test
    void triesAgainLaterAndWarnsOnce() throws Throwable {
        bed.host.images.add("shop/web:2");
        worker.refuse("POST /images/load", 500, "no space left on device");
        cloud.imagesInUse(Set.of("shop/web:2"));
        listUntil(() -> assertThat(bed.warnings).hasSize(1));
        bed.time.advance(Duration.ofMinutes(2));
        listUntil(() -> assertThat(loads()).isEqualTo(2));

        worker.accept("POST /images/load");
        bed.time.advance(Duration.ofMinutes(2));

        listUntil(() -> assertThat(worker.images).containsExactly("shop/web:2"));
        assertThat(bed.warnings).singleElement().asString().contains("no space left on device", "this is tried again");
    }

    private long loads() {
        return worker.changes.stream().filter("POST /images/load"::equals).count();
    }

    private void listUntilPrepared() throws Throwable {
        bed.eventually(() -> assertThat(java.nio.file.Files.readString(bed.state.resolve("w1.json")))
                .doesNotContain(TestBed.TOKEN));
        listUntil(() -> {});
    }

    private void listUntil(org.assertj.core.api.ThrowableAssert.ThrowingCallable assertions) throws Throwable {
        bed.eventually(() -> {
            cloud.list(INFRASTRUCTURE);
            assertions.call();
        });
    }
}

package io.micado.provider.docker;

import static io.micado.provider.docker.TestBed.INFRASTRUCTURE;
import static io.micado.provider.docker.TestBed.TOKEN;
import static io.micado.provider.docker.TestBed.launch;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.worker.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PreparationTest {
    @TempDir
    Path directory;

    private TestBed bed;

    @BeforeEach
    void startEngines() {
        bed = new TestBed(directory);
    }

    @AfterEach
    void stopEngines() {
        bed.close();
    }

    @Test
    void joinsTheSwarmUnderTheContainersAddressAndForgetsTheToken() throws Throwable {
        launch(bed.open(), "w1");

        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
        JsonNode join = bed.workerEngine("w1").joins.get(0);
        assertThat(join.path("RemoteAddrs").path(0).asText()).isEqualTo("172.17.0.1:2377");
        assertThat(join.path("JoinToken").asText()).isEqualTo(TOKEN);
        assertThat(join.path("AdvertiseAddr").asText()).isEqualTo("172.17.0.2");
        bed.eventually(() -> assertThat(note()).doesNotContain(TOKEN));
        assertThat(bed.warnings).isEmpty();
    }

    @Test
    void bringsTheImagesInUseBeforeTheJoin() throws Throwable {
        bed.host.images.add("shop/web:1");
        LocalCloud cloud = bed.open();
        cloud.imagesInUse(Set.of("shop/web:1", "nginx:1.27"));

        launch(cloud, "w1");

        FakeEngine worker = bed.workerEngine("w1");
        bed.eventually(() -> assertThat(worker.changes).containsExactly("POST /images/load", "POST /swarm/join"));
        assertThat(worker.images).containsExactly("shop/web:1");
        assertThat(bed.warnings).isEmpty();
    }

    @Test
    void joinsAllTheSameWhenAnImageCannotBeBrought() throws Throwable {
        bed.host.images.add("shop/web:1");
        bed.workerEngine("w1").refuse("POST /images/load", 500, "no space left on device");
        LocalCloud cloud = bed.open();
        cloud.imagesInUse(Set.of("shop/web:1"));

        launch(cloud, "w1");

        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
        assertThat(bed.warnings)
                .singleElement()
                .asString()
                .startsWith("image shop/web:1 could not be brought to worker w1");
    }

    @Test
    void waitsForAnEngineThatComesUpLate() throws Throwable {
        bed.host.onStart = container -> {};
        launch(bed.open(), "w1");
        bed.eventually(() -> assertThat(bed.warnings).isNotEmpty());

        bed.createSocket("w1");

        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
        assertThat(bed.warnings)
                .singleElement()
                .asString()
                .contains("the engine of worker w1 does not answer", "does this program run on the same machine");
    }

    @Test
    void triesAgainWhileTheManagerCannotBeReached() throws Throwable {
        FakeEngine worker = bed.workerEngine("w1");
        worker.refuse("POST /swarm/join", 503, "connection error: desc = transport: dial tcp 172.17.0.1:2377: timeout");
        launch(bed.open(), "w1");
        bed.eventually(() -> assertThat(worker.changes).hasSizeGreaterThan(2));

        worker.accept("POST /swarm/join");

        bed.eventually(() -> assertThat(worker.joins).hasSize(1));
        assertThat(bed.warnings).singleElement().asString().contains("can its network reach the manager?");
    }

    @ParameterizedTest
    @CsvSource({
        "400, rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
        "500, remote CA does not match fingerprint. Expected: 0000",
        "500, invalid join token"
    })
    void givesUpWhenTheTokenIsRefusedAndSaysSoOnce(int status, String words) throws Throwable {
        FakeEngine worker = bed.workerEngine("w1");
        worker.refuse("POST /swarm/join", status, words);
        LocalCloud cloud = bed.open();

        launch(cloud, "w1");

        bed.eventually(() -> assertThat(bed.warnings).hasSize(1));
        cloud.list(INFRASTRUCTURE);
        cloud.list(INFRASTRUCTURE);
        assertThat(bed.warnings)
                .singleElement()
                .asString()
                .startsWith("worker w1 cannot join the Swarm at 172.17.0.1:2377, since the join token is not accepted")
                .doesNotContain(TOKEN);
        assertThat(worker.changes).containsExactly("POST /swarm/join");
    }

    @Test
    void saysWhatAnEngineThatEndedSaidLast() throws Throwable {
        bed.host.log = "failed to start daemon: iptables is missing";
        bed.host.onStart = container -> {};
        bed.host.refuse("POST /containers/c1/start", 204, "");
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");

        bed.host.setState(machine.id().value(), "exited", "Exited (1) 1 second ago");

        bed.eventually(() -> assertThat(bed.warnings)
                .contains("the engine of worker w1 ended with exit code 1; it said last: "
                        + "failed to start daemon: iptables is missing"));
    }

    @Test
    void aProgramThatStartsAnewFinishesWhatAFormerOneBegan() throws Throwable {
        bed.host.onStart = container -> {};
        LocalCloud former = bed.open();
        launch(former, "w1");
        former.close();
        bed.createSocket("w1");

        bed.open().list(INFRASTRUCTURE);

        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
    }

    @Test
    void aContainerThatAKilledProgramMadeButDidNotStartIsStartedAndJoinsUnderItsAddress() throws Throwable {
        bed.host.refuse("POST /containers/c1/start", 503, "killed in between");
        LocalCloud former = bed.open();
        assertThat(TestBed.failure(former, TestBed.request("w1")).kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        former.close();
        bed.host.accept("POST /containers/c1/start");

        bed.open().list(INFRASTRUCTURE);

        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
        assertThat(bed.workerEngine("w1").joins.get(0).path("AdvertiseAddr").asText())
                .isEqualTo("172.17.0.2");
    }

    @Test
    void anEngineThatHasJoinedAlreadyIsNotJoinedAgain() throws Throwable {
        bed.workerEngine("w1").swarmState = "active";

        launch(bed.open(), "w1");

        bed.eventually(() -> assertThat(note()).doesNotContain(TOKEN));
        assertThat(bed.workerEngine("w1").joins).isEmpty();
    }

    @Test
    void aTerminatedWorkerIsPreparedNoMore() throws Throwable {
        FakeEngine worker = bed.workerEngine("w1");
        worker.refuse("POST /swarm/join", 503, "connection error: desc = transport: timeout");
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");
        bed.eventually(() -> assertThat(worker.changes).isNotEmpty());

        cloud.terminate(Set.of(machine.id()));
        int attempts = worker.changes.size();
        FakeEngine other = bed.workerEngine("w2");
        other.refuse("POST /swarm/join", 503, "connection error: desc = transport: timeout");
        launch(cloud, "w2");
        bed.eventually(() -> assertThat(other.changes).hasSizeGreaterThan(5));

        assertThat(worker.changes).as("one attempt may have been under way").hasSizeLessThanOrEqualTo(attempts + 1);
        assertThat(bed.files()).allMatch(file -> file.startsWith("w2"));
    }

    private String note() throws Exception {
        return Files.readString(bed.state.resolve("w1.json"));
    }
}

package io.micado.provider.docker;

import static io.micado.provider.docker.TestBed.INFRASTRUCTURE;
import static io.micado.provider.docker.TestBed.failure;
import static io.micado.provider.docker.TestBed.launch;
import static io.micado.provider.docker.TestBed.launched;
import static io.micado.provider.docker.TestBed.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalCloudTest {
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
    void aWorkerIsAContainerWithLabelsBoundsVolumeAndAnEngineOfItsOwn() {
        LocalCloud cloud = bed.open(Settings.EMPTY
                .with("engineArguments", List.of("--debug"))
                .with("registryMirrors", List.of("https://mirror"))
                .with("insecureRegistries", List.of("registry:5000"))
                .with("network", "lab"));

        Machine machine = launch(cloud, "w1");

        JsonNode container = bed.host.onlyContainer();
        JsonNode body = container.path("Config");
        assertThat(container.path("Names").path(0).asText()).isEqualTo("/micado-my-shop-w1");
        assertThat(body.path("Image").asText()).isEqualTo(TestBed.IMAGE);
        assertThat(body.path("Hostname").asText()).isEqualTo("w1");
        assertThat(body.path("Cmd"))
                .extracting(JsonNode::asText)
                .containsSubsequence("dockerd", "--label=micado.worker=w1", "--label=micado.pool=web")
                .contains(
                        "--host=unix:///micado/docker.sock",
                        "--registry-mirror=https://mirror",
                        "--insecure-registry=registry:5000",
                        "--debug");
        JsonNode host = body.path("HostConfig");
        assertThat(host.path("NetworkMode").asText()).isEqualTo("lab");
        assertThat(host.path("NanoCpus").asLong()).isEqualTo(500_000_000);
        assertThat(host.path("Memory").asLong()).isEqualTo(512L << 20);
        assertThat(host.path("MemorySwap").asLong()).isEqualTo(512L << 20);
        assertThat(host.path("Mounts"))
                .as("the host's cgroups are not among them, or tasks would escape the bounds")
                .hasSize(2);
        assertThat(host.path("Mounts").path(0).path("Target").asText()).isEqualTo("/var/lib/docker");
        assertThat(host.path("Mounts").path(1).path("Source").asText())
                .isEqualTo(bed.state.resolve("w1").toString());
        assertThat(body.path("Labels").path("micado.infrastructure").asText()).isEqualTo("i-1");
        assertThat(machine.id()).isEqualTo(new MachineId("local", "c1"));
        assertThat(machine.status()).isEqualTo(MachineStatus.RUNNING);
        assertThat(machine.name()).isEqualTo("w1");
        assertThat(machine.worker()).contains(new WorkerId("w1"));
        assertThat(machine.pool()).contains("web");
        assertThat(machine.instanceType()).isEqualTo("0.5cpu-512m");
        assertThat(machine.addresses()).containsExactly("172.17.0.2");
        assertThat(machine.capacity()).contains(Resources.ofMebibytes(0.5, 512));
        assertThat(machine.engine()).contains(URI.create("unix://" + bed.state + "/w1/docker.sock"));
        assertThat(machine.launchedAt()).isPresent();
    }

    @Test
    void asksForPrivilegedContainersUntilTheEngineRefusesThemOnce() {
        bed.host.refusesPrivileged = true;
        LocalCloud cloud = bed.open();

        launch(cloud, "w1");
        launch(cloud, "w2");

        assertThat(bed.host.containers()).hasSize(2).allSatisfy(container -> {
            JsonNode host = container.path("Config").path("HostConfig");
            assertThat(host.has("Privileged")).isFalse();
            assertThat(host.path("CapAdd")).extracting(JsonNode::asText).containsExactly("SYS_ADMIN", "NET_ADMIN");
            assertThat(host.path("SecurityOpt"))
                    .extracting(JsonNode::asText)
                    .containsExactly("seccomp=unconfined", "apparmor=unconfined");
        });
        assertThat(bed.host.changes.stream().filter("POST /containers/create"::equals))
                .hasSize(3);
        assertThat(bed.host.volumes()).hasSize(2);
    }

    @Test
    void takesPrivilegedContainersWhereTheEngineAllowsThem() {
        launch(bed.open(), "w1");

        JsonNode host = bed.host.onlyContainer().path("Config").path("HostConfig");
        assertThat(host.path("Privileged").asBoolean()).isTrue();
        assertThat(host.has("CapAdd")).isFalse();
    }

    @Test
    void doesNotFallBackWhenPrivilegedContainersAreDemanded() throws Exception {
        bed.host.refusesPrivileged = true;
        LocalCloud cloud = bed.open(Settings.of("privileged", "true"));

        MicadoException failure = failure(cloud, request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(failure)
                .hasMessageEndingWith("cannot run privileged containers; set \"privileged\" to auto or false");
        assertThat(bed.host.containers()).isEmpty();
        assertThat(bed.host.volumes()).isEmpty();
        assertThat(bed.files()).isEmpty();
    }

    @Test
    void aSecondLaunchOfTheSameWorkerReturnsTheMachineOfTheFirst() {
        LocalCloud cloud = bed.open();
        Machine first = launch(cloud, "w1");

        assertThat(launch(cloud, "w1").id()).isEqualTo(first.id());
        assertThat(launch(bed.open(), "w1").id()).isEqualTo(first.id());
        assertThat(bed.host.containers()).hasSize(1);
    }

    @Test
    void aContainerThatAFormerCallMadeButDidNotStartIsStarted() {
        LocalCloud cloud = bed.open();
        Machine first = launch(cloud, "w1");
        bed.host.setState(first.id().value(), "created", "Created");

        Machine second = launch(cloud, "w1");

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.status()).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void aContainerOfThatNameThatIsNotTheWorkerIsLeftAlone() throws Exception {
        bed.host.addContainer("micado-my-shop-w1", Map.of(), "running");

        MicadoException failure = failure(bed.open(), request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.CONFLICT);
        assertThat(failure)
                .hasMessageContaining("has a container \"micado-my-shop-w1\" already that is not this worker");
        assertThat(bed.host.containers()).hasSize(1);
        assertThat(bed.files()).isEmpty();
    }

    @Test
    void eachRequestFailsForItself() {
        Offering tooLarge = Offering.builder("local", "16cpu-512m").build();

        List<LaunchResult> results = bed.open().launch(List.of(request("w1", tooLarge), request("w2")));

        assertThat(((LaunchResult.Failed) results.get(0)).error().kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
        assertThat(launched(results.get(1)).worker()).contains(new WorkerId("w2"));
    }

    @Test
    void aWorkerLargerThanTheMachineIsRefusedWithBothSizes() {
        MicadoException failure = failure(
                bed.open(), request("w1", Offering.builder("local", "1cpu-16g").build()));

        assertThat(failure.kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
        assertThat(failure)
                .hasMessageContaining("a worker of 1.00 cores, 16384 MiB is larger than the machine")
                .hasMessageEndingWith("which has 4.00 cores, 8192 MiB; offer a smaller one");
    }

    @Test
    void aMissingNetworkIsTheUsersToMake() throws Exception {
        bed.host.refuse("POST /containers/c1/start", 404, "network lab not found");

        MicadoException failure = failure(bed.open(Settings.of("network", "lab")), request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(failure).hasMessageContaining("has no network \"lab\"; run \"docker network create lab\" there");
        assertThat(bed.host.containers()).isEmpty();
        assertThat(bed.files()).isEmpty();
    }

    @Test
    void aFullDiskIsALackOfCapacity() {
        bed.host.refuse("POST /containers/create", 500, "mkdir /var/lib/docker/overlay2/x: no space left on device");

        assertThat(failure(bed.open(), request("w1")).kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
    }

    @Test
    void aContainerThatDoesNotStartIsRemovedAndTheLaunchMayBeTriedAgain() throws Exception {
        bed.host.refuse("POST /containers/c1/start", 500, "OCI runtime create failed: something odd");

        MicadoException failure = failure(bed.open(), request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(failure.target()).contains("w1");
        assertThat(failure).hasMessageContaining("something odd");
        assertThat(bed.host.containers()).isEmpty();
        assertThat(bed.host.volumes()).isEmpty();
        assertThat(bed.files()).isEmpty();
    }

    @Test
    void aLaunchWithoutAnAnswerKeepsWhatIsNeededToFinishIt() throws Throwable {
        LocalCloud cloud = bed.open();
        bed.host.refuse("POST /containers/c1/start", 503, "no answer from containerd");

        MicadoException failure = failure(cloud, request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::status)
                .containsExactly(MachineStatus.PENDING);
        bed.host.accept("POST /containers/c1/start");
        bed.eventually(() -> assertThat(bed.workerEngine("w1").joins).hasSize(1));
        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::status)
                .containsExactly(MachineStatus.RUNNING);
    }

    @Test
    void aContainerThatIsNeverStartedIsShownAsFailedAfterHalfAMinute() {
        Map<String, String> labels = Map.of(
                "micado.infrastructure", "i-1",
                "micado.cloud", "local",
                "micado.worker", "w1",
                "micado.engine", "unix://" + bed.state + "/w1/docker.sock",
                "micado.format", "1");
        String id = bed.host.addContainer("micado-my-shop-w1", labels, "created");
        LocalCloud cloud = bed.open();

        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::status)
                .containsExactly(MachineStatus.PENDING);
        bed.time.advance(Duration.ofSeconds(31));
        assertThat(cloud.list(INFRASTRUCTURE).machines()).singleElement().satisfies(machine -> {
            assertThat(machine.status()).isEqualTo(MachineStatus.ERROR);
            assertThat(machine.worker()).contains(new WorkerId("w1"));
        });
        assertThat(cloud.terminate(Set.of(new MachineId("local", id))))
                .allSatisfy(result -> assertThat(result.error()).isEmpty());
        assertThat(bed.host.containers()).isEmpty();
    }

    @Test
    void aContainerThatStartsInTheEndIsShownAsRunning() {
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");
        bed.host.setState(machine.id().value(), "created", "Created");
        cloud.list(INFRASTRUCTURE);
        bed.time.advance(Duration.ofSeconds(31));
        bed.host.setState(machine.id().value(), "running", "Up 1 second");

        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::status)
                .containsExactly(MachineStatus.RUNNING);
    }

    @Test
    void aWorkerIdThatIsNoHostNameIsRefused() throws Exception {
        assertThat(failure(bed.open(), request("../w1")).kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(bed.host.containers()).isEmpty();
        assertThat(bed.files()).isEmpty();
    }

    @Test
    void listsTheMachinesOfThisInfrastructureAndThisCloudOnly() {
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");

        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::id)
                .containsExactly(machine.id());
        assertThat(cloud.list(INFRASTRUCTURE).complete()).isTrue();
        assertThat(cloud.list(new InfrastructureId("i-2")).machines()).isEmpty();
        assertThat(bed.open(Settings.EMPTY, "other").list(INFRASTRUCTURE)).isEqualTo(MachineList.of(List.of()));
    }

    @Test
    void refusesToListWhatANewerReleaseMade() {
        bed.host.addContainer(
                "x",
                Map.of(
                        "micado.infrastructure", "i-1",
                        "micado.cloud", "local",
                        "micado.worker", "w1",
                        "micado.engine", "unix:///x/w1/docker.sock",
                        "micado.format", "2"),
                "running");

        assertThatThrownBy(() -> bed.open().list(INFRASTRUCTURE))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
                .hasMessageContaining("upgrade this program");
    }

    @Test
    void terminationLeavesNothing() throws Exception {
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");

        assertThat(cloud.terminate(Set.of(machine.id())))
                .allSatisfy(r -> assertThat(r.error()).isEmpty());

        assertThat(bed.host.containers()).isEmpty();
        assertThat(bed.host.volumes()).isEmpty();
        assertThat(bed.files()).isEmpty();
        assertThat(cloud.list(INFRASTRUCTURE)).isEqualTo(MachineList.of(List.of()));
        assertThat(cloud.terminate(Set.of(machine.id())))
                .allSatisfy(r -> assertThat(r.error()).isEmpty());
    }

    @Test
    void aContainerThatIsNoWorkerIsNeverRemoved() {
        String id = bed.host.addContainer("database", Map.of("micado.infrastructure", "i-1"), "running");

        assertThat(bed.open().terminate(Set.of(new MachineId("local", id))))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.error()).isPresent();
                    assertThat(result.error().get()).hasMessageContaining("is no worker of ours; it is left alone");
                });
        assertThat(bed.host.containers()).hasSize(1);
    }

    @Test
    void whatIsLeftOfAContainerThatIsGoneIsListedAndRemoved() throws Exception {
        LocalCloud cloud = bed.open();
        Machine machine = launch(cloud, "w1");
        launch(cloud, "w2");
        bed.host.forget(machine.id().value());

        List<Leftover> leftovers = cloud.list(INFRASTRUCTURE).leftovers();

        assertThat(leftovers)
                .containsExactlyInAnyOrder(
                        new Leftover(
                                "local", "directory", bed.state.resolve("w1").toString(), false, false),
                        new Leftover("local", "volume", "v1", false, false));
        cloud.remove(Set.copyOf(leftovers));
        cloud.remove(Set.copyOf(leftovers));
        assertThat(cloud.list(INFRASTRUCTURE).leftovers()).isEmpty();
        assertThat(bed.host.volumes()).containsExactly("v2");
        assertThat(bed.files()).allMatch(file -> file.startsWith("w2"));
    }

    @Test
    void theDirectoryOfAWorkerThatIsThereAgainIsNotRemoved() {
        LocalCloud cloud = bed.open();
        launch(cloud, "w1");
        Leftover stale =
                new Leftover("local", "directory", bed.state.resolve("w1").toString(), false, false);

        assertThatThrownBy(() -> cloud.remove(Set.of(stale)))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
        assertThat(bed.state.resolve("w1")).exists();
    }

    @Test
    void describesAnOfferingByItsSettingsItsTypeOrTheMachine() {
        LocalCloud cloud = bed.open();

        assertThat(capacity(cloud, Offering.builder("local", "0.5cpu-512m")))
                .isEqualTo(Resources.ofMebibytes(0.5, 512));
        assertThat(capacity(
                        cloud,
                        Offering.builder("local", "small")
                                .settings(Settings.of("cpus", 1).with("memory", "1GiB"))))
                .isEqualTo(Resources.ofMebibytes(1, 1024));
        assertThat(capacity(cloud, Offering.builder("local", "any"))).isEqualTo(Resources.ofMebibytes(4, 8192));
        assertThat(capacity(cloud, Offering.builder("local", "64cpu-1g"))).isEqualTo(Resources.ofMebibytes(4, 1024));
    }

    @Test
    void listsAtOnceAndMakesOneMachineOfAWorker() {
        assertThat(bed.open().traits().listLag()).isEqualTo(Duration.ZERO);
        assertThat(bed.open().traits().idempotentLaunch()).isTrue();
        assertThat(bed.open().traits().maxConcurrentCalls()).isEqualTo(4);
    }

    private static Resources capacity(LocalCloud cloud, Offering.Builder offering) {
        return cloud.describe(offering.build()).capacity().orElseThrow();
    }
}

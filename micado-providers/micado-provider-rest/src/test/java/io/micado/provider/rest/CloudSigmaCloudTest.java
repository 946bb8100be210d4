package io.micado.provider.rest;

import static io.micado.provider.rest.FaultsTest.cleanUp;
import static io.micado.provider.rest.FaultsTest.eventually;
import static io.micado.provider.rest.FaultsTest.failure;
import static io.micado.provider.rest.FaultsTest.launched;
import static io.micado.provider.rest.TestCloud.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.provider.rest.FakeServer.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CloudSigmaCloudTest {
    private static final TestCloud TEST = TestCloud.CLOUDSIGMA;
    private static final String CREATE = "POST /api/2.0/servers/";

    private final FakeCloudSigma server = new FakeCloudSigma();
    private final Cloud cloud = TEST.open(server);

    @AfterEach
    void close() {
        cloud.close();
        server.close();
    }

    @Test
    void aServerCarriesItsTagsItsUserDataAndItsDrive() {
        Machine machine = launched(cloud.launch(List.of(TEST.request("w1")))).get(0);

        ObjectNode made = server.servers.values().iterator().next();
        assertThat(made.path("name").asText()).isEqualTo("shop-w1");
        assertThat(made.path("cpu").asInt()).isEqualTo(2000);
        assertThat(made.path("mem").asLong()).isEqualTo(2L << 30);
        assertThat(made.path("meta").path("base64_fields").asText()).isEqualTo("cloudinit-user-data");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(made.path("meta")
                                        .path("cloudinit-user-data")
                                        .asText()),
                        StandardCharsets.UTF_8))
                .isEqualTo(TestCloud.USER_DATA);
        assertThat(made.path("meta").path("micado.infrastructure").asText()).isEqualTo(INFRASTRUCTURE.value());
        assertThat(made.path("nics").path(0).path("ip_v4_conf").path("conf").asText())
                .isEqualTo("dhcp");
        assertThat(made.path("status").asText()).isEqualTo("running");
        assertThat(server.drives).containsOnlyKeys(machine.id().value());
        assertThat(cloud.list(INFRASTRUCTURE).machines()).singleElement().satisfies(listed -> {
            assertThat(listed.status()).isEqualTo(MachineStatus.RUNNING);
            assertThat(listed.addresses()).singleElement().asString().startsWith("198.51.100.");
            assertThat(listed.capacity()).contains(Resources.of(1, 2L << 30));
            assertThat(listed.launchedAt()).isPresent();
        });
    }

    @Test
    void aMachineWhoseDriveIsBeingClonedIsPending() {
        server.cloningTakes(1_000_000);
        Thread launching = new Thread(() -> cloud.launch(List.of(TEST.request("w1"))));
        launching.start();
        eventually(() -> server.otherThings() == 1);
        eventually(() -> !cloud.list(INFRASTRUCTURE).machines().isEmpty());

        MachineList list = cloud.list(INFRASTRUCTURE);

        assertThat(list.leftovers()).isEmpty();
        assertThat(list.machines()).singleElement().satisfies(machine -> {
            assertThat(machine.status()).isEqualTo(MachineStatus.PENDING);
            assertThat(machine.worker()).contains(TEST.request("w1").worker());
        });
        launching.interrupt();
    }

    @Test
    void aMachineThatIsTerminatedWhileItsDriveIsClonedNeverGetsAServer() throws InterruptedException {
        server.cloningTakes(10);
        Thread launching = new Thread(() -> cloud.launch(List.of(TEST.request("w1"))));
        launching.start();
        eventually(() -> server.otherThings() == 1);

        MachineId machine = new MachineId("c", server.drives.keySet().iterator().next());
        cloud.terminate(Set.of(machine));
        launching.join(10_000);

        eventually(() -> server.otherThings() == 0);
        assertThat(server.machines()).isZero();
    }

    @Test
    void aMachineThatIsTerminatedBeforeItsDriveIsListedNeverGetsAServer() throws InterruptedException {
        server.cloningTakes(3);
        server.hideDrives(true);
        Thread launching = new Thread(() -> cloud.launch(List.of(TEST.request("w1"))));
        launching.start();
        eventually(() -> server.otherThings() == 1);
        MachineId machine = new MachineId("c", server.drives.keySet().iterator().next());
        eventually(() -> server.calls("GET /api/2.0/drives/detail/").size() > 1);

        assertThat(cloud.terminate(Set.of(machine)).get(0).error()).isEmpty();
        launching.join(10_000);
        assertThat(launching.isAlive()).as("the launch is over").isFalse();
        server.hideDrives(false);

        assertThat(cloud.list(INFRASTRUCTURE).machines()).isEmpty();
        cleanUp(cloud, server);
        assertThat(server.otherThings()).isZero();
        assertThat(server.calls(CREATE)).isEmpty();
    }

    @Test
    void aLaunchEndsWhenItsDriveIsDeletedByHand() throws Exception {
        server.cloningTakes(1_000_000);
        CompletableFuture<MicadoException> launch =
                CompletableFuture.supplyAsync(() -> failure(cloud, TEST.request("w1")));
        eventually(() -> server.otherThings() == 1);
        server.forgetCalls();
        eventually(() -> server.calls("GET /api/2.0/servers/detail/").size() > 1);

        synchronized (server) {
            server.drives.clear();
        }

        assertThat(launch.get(10, TimeUnit.SECONDS).kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @ParameterizedTest
    @MethodSource("refusedSteps")
    void aStepThatIsRefusedTakesBackTheOnesBefore(String step, int status, String body, ErrorKind kind) {
        server.fail(step, 1, Fault.refused(status, body));

        MicadoException failure = failure(cloud, TEST.request("w1"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(server.machines() + server.otherThings()).isZero();
    }

    static Stream<Arguments> refusedSteps() {
        return Stream.of(
                Arguments.of(
                        CREATE, 400, FakeCloudSigma.error("validation", "cpu is too small"), ErrorKind.CONFIGURATION),
                Arguments.of(CREATE, 403, TEST.quota, ErrorKind.QUOTA_EXCEEDED),
                Arguments.of(CREATE, 429, "", ErrorKind.RATE_LIMITED),
                Arguments.of(
                        CREATE,
                        503,
                        FakeCloudSigma.error(
                                "backend", "We currently cannot provide enough resources to create a server"),
                        ErrorKind.INSUFFICIENT_CAPACITY));
    }

    @Test
    void aServerThatIsNotAllowedToStartIsDeleted() {
        server.refuseStarts();

        MicadoException failure = failure(cloud, TEST.request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.QUOTA_EXCEEDED);
        assertThat(server.machines() + server.otherThings()).isZero();
    }

    @Test
    void aServerOfWhichOnlyTheAnswerWasLostIsAMachine() {
        server.fail(CREATE, 1, Fault.ANSWER_LOST);

        MicadoException failure = failure(cloud, TEST.request("w1"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(server.calls(CREATE)).hasSize(1);
        assertThat(cloud.list(INFRASTRUCTURE).machines()).hasSize(1);
        assertThat(cloud.list(INFRASTRUCTURE).leftovers()).isEmpty();
        cleanUp(cloud, server);
    }

    @Test
    void aDriveWithoutServerIsALeftoverAfterARestart() {
        server.cloningTakes(1_000_000);
        Thread launching = new Thread(() -> cloud.launch(List.of(TEST.request("w1"))));
        launching.start();
        eventually(() -> server.otherThings() == 1);
        cloud.close(); // as a crash would

        try (Cloud next = TEST.open(server)) {
            MachineList whileCloning = next.list(INFRASTRUCTURE);
            assertThat(whileCloning.machines()).isEmpty();
            assertThat(whileCloning.leftovers()).singleElement().satisfies(leftover -> {
                assertThat(leftover.kind()).isEqualTo("drive");
                assertThat(leftover.costs()).isTrue();
                assertThat(leftover.inUse())
                        .as("it cannot be deleted while it is cloned")
                        .isTrue();
            });
            server.drives.values().forEach(drive -> drive.put("status", "unmounted"));
            Leftover leftover = next.list(INFRASTRUCTURE).leftovers().get(0);
            assertThat(leftover.inUse()).isFalse();

            next.remove(Set.of(leftover));
            next.remove(Set.of(leftover));

            assertThat(server.otherThings()).isZero();
        }
        launching.interrupt();
    }

    @Test
    void aServerThatWasMadeAndNotStartedIsListedAndDeletable() {
        launched(cloud.launch(List.of(TEST.request("w1"))));
        cloud.close();
        server.servers.values().forEach(made -> made.put("status", "stopped"));

        try (Cloud next = TEST.open(server)) {
            assertThat(next.list(INFRASTRUCTURE).machines())
                    .extracting(Machine::status)
                    .containsExactly(MachineStatus.STOPPED);
            cleanUp(next, server);
        }
    }

    @Test
    void drivesThatAreMountedOrOfOthersAreNeverRemoved() {
        Machine machine = launched(cloud.launch(List.of(TEST.request("w1")))).get(0);
        Leftover mounted = new Leftover("c", "drive", machine.id().value(), true, false);

        assertThatThrownBy(() -> cloud.remove(Set.of(mounted))).hasMessageContaining("left alone");
        assertThat(server.otherThings()).isEqualTo(1);
    }

    @Test
    void listsAllPages() {
        server.addOthers(1_500);
        launched(cloud.launch(List.of(TEST.request("w1"))));
        server.forgetCalls();

        assertThat(cloud.list(INFRASTRUCTURE).machines()).hasSize(1);

        assertThat(server.calls("GET /api/2.0/drives/detail/")).hasSize(2);
        assertThat(server.calls("GET /api/2.0/servers/detail/")).hasSize(2);
    }

    @Test
    void saysWhatAMachineHas() {
        Offering offering = TEST.offering();

        assertThat(cloud.describe(offering).capacity()).contains(Resources.of(1, 2L << 30));
        assertThat(cloud.describe(Offering.builder("c", "x")
                                .settings(offering.settings().with("smp", 4).with("cpu", 9_000))
                                .build())
                        .capacity())
                .contains(Resources.of(4, 2L << 30));
    }

    @Test
    void takesNetworksAsTheApiDoes() {
        List<Map<String, Object>> networks = new ArrayList<>();
        networks.add(Map.of("vlan", "10a0b3", "boot_order", 1));
        Offering offering = Offering.builder("c", "x")
                .settings(TEST.offering().settings().with("nics", networks))
                .build();

        launched(cloud.launch(List.of(TestCloud.request("w1", offering))));

        assertThat(server.servers.values().iterator().next().path("nics").toString())
                .contains("\"vlan\":\"10a0b3\"")
                .contains("\"boot_order\":1");
    }

    @Test
    void wantsAPublicKeySinceWithoutOneUserDataIsIgnored() {
        for (List<String> none : List.of(List.<String>of(), List.of(" "))) {
            LaunchRequest request = with(Settings.of("pubkeys", none));

            assertThat(failure(cloud, request).kind()).isEqualTo(ErrorKind.CONFIGURATION);
            assertThat(failure(cloud, request)).hasMessageContaining("pubkeys: is required");
        }
        assertThat(server.otherThings()).isZero();
        assertThat(TEST.provider.machineSettings())
                .filteredOn(key -> key.name().equals("pubkeys"))
                .singleElement()
                .matches(SettingKey::required);
    }

    @Test
    void handsOnWhatTheApiTakesBeyondOurKeys() {
        Settings more = Settings.of(Map.of(
                "hv_relaxed",
                true,
                "hv_tsc",
                "false",
                "enable_numa",
                true,
                "cpu_model",
                "host",
                "requirements",
                List.of("sse4")));

        launched(cloud.launch(List.of(with(more))));
        ObjectNode made = server.servers.values().iterator().next();
        assertThat(made.path("hv_relaxed").booleanValue()).isTrue();
        assertThat(made.path("hv_tsc").asText()).isEqualTo("false");
        assertThat(made.path("enable_numa").booleanValue()).isTrue();
        assertThat(made.path("cpu_model").asText()).isEqualTo("host");
        assertThat(made.path("requirements").path(0).asText()).isEqualTo("sse4");
        assertThat(made.path("pubkeys").path(0).asText()).startsWith("d2360cda");
    }

    private static LaunchRequest with(Settings more) {
        LaunchRequest plain = TEST.request("w1");
        Settings settings = plain.offering().settings();
        for (String key : more.keys()) {
            settings = settings.with(key, more.raw(key).orElseThrow());
        }
        return new LaunchRequest(
                plain.worker(),
                plain.pool(),
                plain.infrastructure(),
                plain.infrastructureName(),
                plain.offering().withSettings(settings),
                plain.join(),
                plain.userData());
    }

    @Test
    void refusesSettingsBeforeAnythingIsCloned() {
        LaunchRequest request = TestCloud.request(
                "w1",
                Offering.builder("c", "x")
                        .settings(TEST.offering().settings().with("cpu", 0))
                        .build());

        assertThat(failure(cloud, request).kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(server.calls("")).isEmpty();
    }
}

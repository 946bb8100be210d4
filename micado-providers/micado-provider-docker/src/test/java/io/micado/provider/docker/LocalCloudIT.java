package io.micado.provider.docker;

import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.EngineRequest;
import io.micado.simulation.contract.Check;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import io.micado.simulation.contract.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LocalCloudIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final RealTime time = new RealTime();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<Cloud> opened = new ArrayList<>();

    @TempDir
    Path directory;

    private RealDocker docker;
    private ManagerContainer manager;
    private InfrastructureId infrastructure;

    @BeforeEach
    void startManager() throws Throwable {
        docker = RealDocker.require(time);
        infrastructure = new InfrastructureId("it-" + Long.toString(time.nanoTime(), 36));
        manager = ManagerContainer.start(docker.engine(), Files.createDirectory(directory.resolve("m")), time);
    }

    @AfterEach
    void removeEverything() throws Throwable {
        if (docker == null) {
            return;
        }
        Cloud cloud = open();
        try {
            cloud.terminate(ids(cloud.list(infrastructure).machines()));
            cloud.remove(Set.copyOf(cloud.list(infrastructure).leftovers()));
        } finally {
            opened.forEach(Cloud::close);
            if (manager != null) {
                manager.close();
            }
            docker.close();
            time.close();
        }
    }

    @Test
    void workersJoinRunTasksAndLeaveNothingBehind() throws Throwable {
        Cloud cloud = open();
        cloud.imagesInUse(Set.of(RealDocker.TASK_IMAGE));
        List<LaunchRequest> requests = List.of(request("w1"), request("w2"));

        List<Machine> launched = launch(cloud, requests);

        assertThat(launched).allSatisfy(machine -> {
            assertThat(machine.status()).isEqualTo(MachineStatus.RUNNING);
            assertThat(machine.instanceType()).isEqualTo("0.5cpu-256m");
            assertThat(machine.capacity()).contains(Resources.ofMebibytes(0.5, 256));
        });
        eventually(time, SOON, () -> assertThat(engineLabels()).containsExactlyInAnyOrder("w1", "w2"));
        assertThat(addressesOfNodes())
                .containsExactlyInAnyOrderElementsOf(launched.stream()
                        .flatMap(machine -> machine.addresses().stream())
                        .toList());
        eventually(time, SOON, () -> assertThat(filesWithToken()).isEmpty());

        manager.createService("sleeper", RealDocker.TASK_IMAGE, 2);
        eventually(
                time,
                SOON,
                () -> assertThat(manager.nodesRunning("sleeper")).hasSize(2).doesNotHaveDuplicates());

        assertThat(launch(cloud, requests))
                .extracting(Machine::id)
                .isEqualTo(launched.stream().map(Machine::id).toList());
        MachineList list = cloud.list(infrastructure);
        assertThat(ids(list.machines())).isEqualTo(ids(launched));
        assertThat(list.leftovers()).isEmpty();
        assertThat(cloud.list(new InfrastructureId("somebody-else")).machines()).isEmpty();

        Set<String> volumes = docker.volumesOf(infrastructure);
        assertThat(volumes).hasSize(2);
        assertThat(cloud.terminate(ids(launched)))
                .allSatisfy(result -> assertThat(result.error()).isEmpty());
        assertThat(cloud.terminate(ids(launched)))
                .allSatisfy(result -> assertThat(result.error()).isEmpty());
        assertThat(cloud.list(infrastructure)).isEqualTo(MachineList.of(List.of()));
        assertThat(docker.remains(infrastructure, volumes)).isEmpty();
        assertThat(stateDirectory()).isEmptyDirectory();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aProgramThatStartsAnewFinishesWhatAFormerOneBegan() throws Throwable {
        Cloud former = open();
        launch(former, List.of(request("w1")));
        former.close();
        Cloud fresh = open();

        assertThat(fresh.list(infrastructure).machines()).hasSize(1);

        eventually(time, SOON, () -> assertThat(engineLabels()).containsExactly("w1"));
        eventually(time, SOON, () -> assertThat(filesWithToken()).isEmpty());
    }

    @Test
    void whatIsLeftOfAContainerThatAPersonRemovedIsListedAndCanBeRemoved() throws Throwable {
        Cloud cloud = open();
        Machine machine = launch(cloud, List.of(request("w1"))).get(0);
        eventually(time, SOON, () -> assertThat(engineLabels()).containsExactly("w1"));

        Set<String> volumes = docker.volumesOf(infrastructure);
        docker.engine()
                .send(EngineRequest.delete("/containers/{}", machine.id().value())
                        .query("force", true));

        MachineList list = cloud.list(infrastructure);
        assertThat(list.machines()).isEmpty();
        assertThat(list.leftovers()).extracting(Leftover::kind).containsExactlyInAnyOrder("directory", "volume");
        cloud.remove(Set.copyOf(list.leftovers()));
        assertThat(cloud.list(infrastructure).leftovers()).isEmpty();
        assertThat(docker.remains(infrastructure, volumes)).isEmpty();
    }

    @Test
    void keepsTheContractOfClouds() {
        Offering offering = Offering.builder("local", "0.5cpu-256m").build();
        CloudContractOptions options = CloudContractOptions.builder(time, offering)
                .badOffering(Offering.builder("local", "broken")
                        .settings(Settings.of("cpus", -1))
                        .build())
                .join(manager.joinInfo())
                .deadline(SOON)
                .poll(Duration.ofMillis(200))
                .build();

        Report report = CloudContract.verify(this::open, options).orThrow();

        assertThat(report.with(Check.Outcome.SKIPPED))
                .as("a termination leaves nothing, so there is no leftover to remove")
                .extracting(Check::name)
                .containsExactly("leftovers can be removed, and removed again");
    }

    private Cloud open() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("image", RealDocker.WORKER_IMAGE);
        settings.put("stateDirectory", stateDirectory().toString());
        PluginContext context = new PluginContext("it", "local", time, "io.micado.test.local", warnings::add);
        Cloud cloud = new LocalProvider().open(Settings.of(settings), context);
        opened.add(cloud);
        return cloud;
    }

    private Path stateDirectory() {
        return directory.resolve("s");
    }

    private LaunchRequest request(String worker) {
        return new LaunchRequest(
                new WorkerId(worker),
                "workers",
                infrastructure,
                "it " + infrastructure,
                Offering.builder("local", "0.5cpu-256m").build(),
                manager.joinInfo(),
                Optional.empty());
    }

    private static List<Machine> launch(Cloud cloud, List<LaunchRequest> requests) {
        List<Machine> machines = new ArrayList<>();
        for (LaunchResult result : cloud.launch(requests)) {
            assertThat(result).isInstanceOf(LaunchResult.Launched.class);
            machines.add(((LaunchResult.Launched) result).machine());
        }
        return machines;
    }

    private static Set<MachineId> ids(List<Machine> machines) {
        return machines.stream().map(Machine::id).collect(Collectors.toSet());
    }

    private List<String> engineLabels() {
        List<String> labels = new ArrayList<>();
        for (JsonNode node : manager.readyWorkers()) {
            labels.add(node.path("Description")
                    .path("Engine")
                    .path("Labels")
                    .path(Tags.WORKER)
                    .asText());
        }
        return labels;
    }

    private List<String> addressesOfNodes() {
        return manager.readyWorkers().stream()
                .map(node -> node.path("Status").path("Addr").asText())
                .toList();
    }

    private List<Path> filesWithToken() throws Exception {
        String token = manager.joinInfo().token().reveal();
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(stateDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains(token)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}

package io.micado.provider.docker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.simulation.Eventually;
import io.micado.simulation.Eventually.Attempt;
import io.micado.simulation.QuickTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A local cloud over a fake host engine, with a fake engine in each worker that comes up when its container starts. Used by one test's
 * thread.
 */
final class TestBed implements AutoCloseable {
    static final InfrastructureId INFRASTRUCTURE = new InfrastructureId("i-1");
    static final String IMAGE = "docker:20.10-dind";
    static final String TOKEN = "SWMTKN-1-secret";

    final RealTime real = new RealTime();
    final QuickTime time = new QuickTime(real);
    final FakeEngine host = new FakeEngine();
    final Map<String, FakeEngine> workers = new ConcurrentHashMap<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final Path state;
    private final List<LocalCloud> clouds = new ArrayList<>();

    TestBed(Path directory) {
        state = directory.resolve("state");
        host.images.add(IMAGE);
        host.onStart = container -> {
            String worker = container.path("Config").path("Hostname").asText();
            workerEngine(worker);
            createSocket(worker);
        };
    }

    /** {@return the engine inside a worker, to be prepared before the worker starts} */
    FakeEngine workerEngine(String worker) {
        return workers.computeIfAbsent(worker, id -> new FakeEngine());
    }

    void createSocket(String worker) {
        try {
            Files.writeString(state.resolve(worker).resolve(StateDirectory.SOCKET), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LocalCloud open() {
        return open(Settings.EMPTY);
    }

    LocalCloud open(Settings settings) {
        return open(settings, "local");
    }

    LocalCloud open(Settings settings, String name) {
        LocalSettings parsed = LocalSettings.from(
                settings.with("host", "unix:///var/run/docker.sock").with("stateDirectory", state.toString()));
        PluginContext context = new PluginContext("shop", name, time, "io.micado.test", warnings::add);
        LocalCloud cloud = new LocalCloud(parsed, context, host.open(real), this::openWorker);
        clouds.add(cloud);
        return cloud;
    }

    private io.micado.docker.DockerEngine openWorker(URI address) {
        String worker = String.valueOf(Path.of(address.getPath()).getParent().getFileName());
        return workerEngine(worker).open(real);
    }

    static LaunchRequest request(String worker) {
        return request(worker, Offering.builder("local", "0.5cpu-512m").build());
    }

    static LaunchRequest request(String worker, Offering offering) {
        return new LaunchRequest(
                new WorkerId(worker),
                "web",
                INFRASTRUCTURE,
                "my shop",
                offering,
                JoinInfo.of(List.of("172.17.0.1:2377"), Secret.of(TOKEN)),
                Optional.empty());
    }

    static Machine launched(LaunchResult result) {
        if (result instanceof LaunchResult.Launched launched) {
            return launched.machine();
        }
        throw new AssertionError("a launch failed", ((LaunchResult.Failed) result).error());
    }

    static Machine launch(LocalCloud cloud, String worker) {
        return launched(cloud.launch(List.of(request(worker))).get(0));
    }

    static io.micado.api.error.MicadoException failure(LocalCloud cloud, LaunchRequest request) {
        LaunchResult result = cloud.launch(List.of(request)).get(0);
        if (result instanceof LaunchResult.Failed failed) {
            return failed.error();
        }
        throw new AssertionError("a failure is expected, but was " + result);
    }

    void eventually(Attempt assertions) throws Throwable {
        Eventually.eventually(real, Duration.ofSeconds(20), assertions);
    }

    /** {@return the names of all files and directories below the state directory} */
    Set<String> files() throws IOException {
        if (!Files.exists(state)) {
            return Set.of();
        }
        try (var paths = Files.walk(state)) {
            return paths.filter(path -> !path.equals(state))
                    .map(path -> state.relativize(path).toString())
                    .collect(java.util.stream.Collectors.toSet());
        }
    }

    @Override
    public void close() {
        clouds.forEach(LocalCloud::close);
        workers.values().forEach(FakeEngine::close);
        host.close();
        real.close();
    }
}

package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Guards integration tests that use a real engine: skips them, loudly, where there is none (with {@code -Dmicado.docker.required=true} they fail
 * instead), lets only one build on this machine at the engine at a time, brings the image that they run, and fails them when they leave
 * something behind.
 */
public final class RealDocker implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    /** A small image with a shell and the usual commands. */
    public static final String IMAGE = "micado/busybox:latest";

    private static final String REQUIRED = "micado.docker.required";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> COMMANDS =
            List.of("sh", "sleep", "httpd", "wget", "cat", "echo", "ls", "true", "false", "dd", "yes", "hostname");

    private FileChannel lockFile;
    private Set<String> before = Set.of();

    /** {@return the engine that the tests use} */
    public static DockerConnection connection() {
        return DockerConnection.at(DockerSettings.defaultHost());
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent() || Boolean.getBoolean(REQUIRED)) {
            return ConditionEvaluationResult.enabled("decided for the whole class");
        }
        Optional<String> obstacle = obstacle();
        if (obstacle.isEmpty()) {
            return ConditionEvaluationResult.enabled("Docker answers");
        }
        shout(context, obstacle.get());
        return ConditionEvaluationResult.disabled(obstacle.get());
    }

    private static Optional<String> obstacle() {
        try (RealTime time = new RealTime();
                DockerEngine engine = DockerEngine.open(connection(), time)) {
            engine.object(EngineRequest.get("/version"));
            boolean imageAtHand = engine.images().exists(IMAGE) || Files.isExecutable(BUSYBOX);
            return imageAtHand
                    ? Optional.empty()
                    : Optional.of("there is neither an image " + IMAGE + " nor a static " + BUSYBOX + " to make it of");
        } catch (DockerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        lockFile = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lockFile.lock();
        try (RealTime time = new RealTime();
                DockerEngine engine = DockerEngine.open(connection(), time)) {
            String state = engine.swarm().state().path("LocalNodeState").asText();
            if (!state.equals("inactive")) {
                skipOrFail(
                        context,
                        engine + " is in a Swarm (" + state + "), and these tests make and dissolve one of their own; "
                                + "give them another engine by DOCKER_HOST, or run \"docker swarm leave --force\" if that Swarm is of no use");
            }
            if (!engine.images().exists(IMAGE)) {
                engine.images().importRoot(IMAGE, new ByteArrayInputStream(rootFileSystem()), Duration.ofMinutes(1));
            }
            before = inventory(engine);
        }
    }

    private static void skipOrFail(ExtensionContext context, String obstacle) {
        if (Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle);
        }
        shout(context, obstacle);
        throw new TestAbortedException(obstacle);
    }

    private static void shout(ExtensionContext context, String obstacle) {
        System.err.println("*** SKIPPED " + context.getDisplayName() + ": " + obstacle);
        System.err.println("*** With -D" + REQUIRED + "=true this is a failure.");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try (RealTime time = new RealTime();
                DockerEngine engine = DockerEngine.open(connection(), time)) {
            if (!before.isEmpty()) {
                Set<String> after = Eventually.until(() -> inventory(engine), before::equals);
                assertThat(after).as("what is on the engine afterwards").isEqualTo(before);
            }
        } finally {
            lockFile.close(); // releases the lock
        }
    }

    private static Set<String> inventory(DockerEngine engine) {
        Set<String> found = new TreeSet<>();
        engine.containers()
                .list(Map.of())
                .forEach(json -> found.add("container " + json.path("Id").asText()));
        engine.each(EngineRequest.get("/networks"), json -> found.add("network " + leaveIngressOut(json)));
        found.add("swarm " + engine.swarm().state().path("LocalNodeState").asText());
        return found;
    }

    /** The engine keeps this one when it leaves a Swarm. */
    private static String leaveIngressOut(JsonNode network) {
        String name = network.path("Name").asText();
        return name.equals("docker_gwbridge") ? "" : name;
    }

    private static byte[] rootFileSystem() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            byte[] busybox = Files.readAllBytes(BUSYBOX);
            TarArchiveEntry program = new TarArchiveEntry("bin/busybox");
            program.setSize(busybox.length);
            program.setMode(0755);
            tar.putArchiveEntry(program);
            tar.write(busybox);
            tar.closeArchiveEntry();
            for (String command : COMMANDS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + command, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
            TarArchiveEntry tmp = new TarArchiveEntry("tmp/");
            tmp.setMode(01777);
            tar.putArchiveEntry(tmp);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}

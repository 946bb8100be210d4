package io.micado.examples;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The Docker Engine of this machine, which only one test at a time has for itself. Used by one thread; given back by {@link #close}. */
final class SharedEngine implements AutoCloseable {
    private static final String REQUIRED = "micado.docker.required";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");

    private final DockerCli docker;
    private final FileChannel lock;
    private final boolean forSwarm;

    private SharedEngine(DockerCli docker, FileChannel lock, boolean forSwarm) {
        this.docker = docker;
        this.lock = lock;
        this.forSwarm = forSwarm;
    }

    /**
     * Waits until no other test has it, for a test that begins a Swarm on it; where it cannot be used the test is skipped and says so, or fails
     * if the build requires it.
     */
    static SharedEngine forSwarm(Class<?> test, String... images) throws IOException {
        return take(test, true, images);
    }

    /** The same for a test that runs containers only. */
    static SharedEngine forContainers(Class<?> test, String... images) throws IOException {
        return take(test, false, images);
    }

    private static SharedEngine take(Class<?> test, boolean forSwarm, String... images) throws IOException {
        FileChannel lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        DockerCli docker = new DockerCli();
        Optional<String> obstacle = obstacle(docker, forSwarm, images);
        if (obstacle.isPresent()) {
            lock.close();
            if (Boolean.getBoolean(REQUIRED)) {
                throw new AssertionError(obstacle.get());
            }
            System.err.println("*** SKIPPED " + test.getSimpleName() + ": " + obstacle.get());
        }
        Assumptions.assumeTrue(obstacle.isEmpty());
        return new SharedEngine(docker, lock, forSwarm);
    }

    private static Optional<String> obstacle(DockerCli docker, boolean forSwarm, String... images) {
        if (!docker.succeeds("version")) {
            return Optional.of("no Docker Engine answers");
        }
        for (String image : images) {
            if (!docker.succeeds("image", "inspect", image)) {
                return Optional.of("there is no image " + image + "; micado-examples/docker/images.sh makes it");
            }
        }
        String state = swarm(docker);
        return !forSwarm || state.equals("inactive")
                ? Optional.empty()
                : Optional.of("the engine is in a Swarm (" + state + ") that is not this test's");
    }

    DockerCli docker() {
        return docker;
    }

    /** {@return {@code active} or {@code inactive}, and what else Docker says} */
    String swarm() {
        return swarm(docker);
    }

    private static String swarm(DockerCli docker) {
        return docker.lines("info", "--format", "{{.Swarm.LocalNodeState}}").get(0);
    }

    /** Leaves the Swarm, which is the test's, if there is one, and gives the engine back. */
    @Override
    public void close() throws IOException {
        if (forSwarm) {
            docker.succeeds("swarm", "leave", "--force");
        }
        lock.close(); // releases the lock
    }
}

package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.WorkerId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private static final WorkerId WORKER = new WorkerId("w1");

    @TempDir
    Path directory;

    private Path root;
    private StateDirectory state;

    @BeforeEach
    void nameARoot() {
        root = directory.resolve("deep/state");
        state = new StateDirectory(root, true);
    }

    @Test
    void nobodyElseMayEnterAndTheNoteIsSecret() throws Exception {
        state.prepare(note(WORKER));

        assertThat(mode(root)).isEqualTo("rwx------");
        assertThat(mode(root.resolve("w1"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve("w1.json"))).isEqualTo("rw-------");
        assertThat(state.engineOf(WORKER)).isEqualTo(URI.create("unix://" + root + "/w1/docker.sock"));
    }

    @Test
    void remembersHowAWorkerJoinsUntilItHas() {
        state.prepare(note(WORKER));

        WorkerNote read = state.note(WORKER).orElseThrow();
        assertThat(read.infrastructure()).isEqualTo(new InfrastructureId("i-1"));
        assertThat(read.cloud()).isEqualTo("local");
        assertThat(read.join().orElseThrow().managers()).containsExactly("10.0.0.1:2377", "10.0.0.2:2377");
        assertThat(read.join().orElseThrow().token().reveal()).isEqualTo("token");
        assertThat(read.toString()).doesNotContain("token=token");

        state.joined(WORKER);
        assertThat(state.note(WORKER).orElseThrow().join()).isEmpty();
        assertThat(root.resolve("w1.json")).content().doesNotContain("10.0.0.1");
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws Exception {
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> state.prepare(note(WORKER)))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessageContaining("run \"chmod 700\" on it, or set \"stateDirectory\" to another one");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void refusesALinkInItsPlace() throws Exception {
        Files.createDirectories(root.getParent());
        Path elsewhere = Files.createDirectory(
                directory.resolve("elsewhere"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(root, elsewhere);

        assertThatThrownBy(() -> state.prepare(note(WORKER))).isInstanceOf(MicadoException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void refusesAPathThatIsTooLongForASocket() {
        StateDirectory long_ = new StateDirectory(root.resolve("x".repeat(100)), true);

        assertThatThrownBy(() -> long_.prepare(note(WORKER)))
                .isInstanceOf(MicadoException.class)
                .hasMessageContaining("but only 107 are possible; set \"stateDirectory\" to a shorter one");
    }

    @Test
    void deletesAWorkersFilesAndItselfWithTheLast() throws Exception {
        WorkerId other = new WorkerId("w2");
        state.prepare(note(WORKER));
        state.prepare(note(other));
        Files.createFile(root.resolve("w1/docker.sock"));

        state.delete(WORKER, state.engineOf(WORKER));
        state.delete(WORKER, state.engineOf(WORKER));
        assertThat(state.notes()).extracting(WorkerNote::worker).containsExactly(other);
        assertThat(root.resolve("w1")).doesNotExist();

        state.delete(other, state.engineOf(other));
        assertThat(root).doesNotExist();
        assertThat(state.notes()).isEmpty();
    }

    @Test
    void keepsADirectoryThatTheUserNamed() {
        StateDirectory named = new StateDirectory(root, false);
        named.prepare(note(WORKER));

        named.delete(WORKER, named.engineOf(WORKER));

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void deletesNothingWhoseAddressIsNotTheWorkers() throws Exception {
        Path foreign = Files.createDirectory(directory.resolve("run"));
        Files.createFile(foreign.resolve("docker.sock"));

        state.delete(WORKER, URI.create("unix://" + foreign.resolve("docker.sock")));

        assertThat(foreign.resolve("docker.sock")).exists();
    }

    @Test
    void passesOverWhatItCannotRead() throws Exception {
        state.prepare(note(WORKER));
        Files.writeString(root.resolve("w2.json"), "{\"format\":\"2\",\"worker\":\"w2\",\"infrastructure\":\"i\"}");
        Files.writeString(root.resolve("w3.json"), "half a no");

        assertThat(state.notes()).extracting(WorkerNote::worker).containsExactly(WORKER);
    }

    private static WorkerNote note(WorkerId worker) {
        return new WorkerNote(
                worker,
                new InfrastructureId("i-1"),
                "local",
                Optional.of(JoinInfo.of(List.of("10.0.0.1:2377", "10.0.0.2:2377"), Secret.of("token"))));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

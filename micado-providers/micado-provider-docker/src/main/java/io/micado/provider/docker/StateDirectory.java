package io.micado.provider.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.WorkerId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The private directory that this program shares with its workers: for each worker a directory with the socket of its engine, and
 * beside it a {@linkplain WorkerNote note}. Called by {@link LocalCloud} and its helpers. Thread-safe.
 *
 * <p>Nobody else may enter it (0700): whoever reaches a socket owns the machine, and a note holds the join token until its worker has
 * joined.
 */
final class StateDirectory {
    /** The socket's name in a worker's directory. */
    static final String SOCKET = "docker.sock";

    /** What fits into the address of a unix socket. */
    private static final int LONGEST_SOCKET = 107;

    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.copyOf(PRIVATE));

    private final Path root;
    private final boolean removeWhenEmpty;

    StateDirectory(Path root, boolean removeWhenEmpty) {
        this.root = root;
        this.removeWhenEmpty = removeWhenEmpty;
    }

    /** {@return the directory of a worker, whether it exists or not} */
    Path directoryOf(WorkerId worker) {
        if (!HOST_NAME.matcher(worker.value()).matches()) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "worker id \"" + worker
                            + "\" is no host name; allowed are lower-case letters, digits and dashes, at most 63");
        }
        return root.resolve(worker.value());
    }

    /** {@return the address of a worker's engine} */
    URI engineOf(WorkerId worker) {
        return URI.create("unix://" + directoryOf(worker).resolve(SOCKET));
    }

    /** Makes a worker's directory and writes its note; both may be there already. {@return the directory's numeric group} */
    synchronized int prepare(WorkerNote note) {
        Path directory = directoryOf(note.worker());
        int length = directory.resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "the path of a worker's socket, " + directory.resolve(SOCKET) + ", has " + length
                            + " bytes, but only "
                            + LONGEST_SOCKET + " are possible; set \"" + LocalSettings.STATE_DIRECTORY
                            + "\" to a shorter one");
        }
        try {
            prepareRoot();
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
            write(note);
            return (Integer) Files.getAttribute(directory, "unix:gid");
        } catch (IOException e) {
            throw failure("prepare", directory, e);
        }
    }

    /** Forgets how a worker joins, because it has; one without a note is a success. */
    synchronized void joined(WorkerId worker) {
        Optional<WorkerNote> note = note(worker);
        if (note.isPresent() && note.get().join().isPresent()) {
            try {
                write(note.get().withoutJoin());
            } catch (IOException e) {
                throw failure("write", WorkerNote.fileBeside(directoryOf(worker)), e);
            }
        }
    }

    /** {@return a worker's note} */
    Optional<WorkerNote> note(WorkerId worker) {
        return read(WorkerNote.fileBeside(directoryOf(worker)));
    }

    /** {@return all notes that can be read} */
    List<WorkerNote> notes() {
        List<WorkerNote> notes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root, "*.json")) {
            files.forEach(file -> read(file).ifPresent(notes::add));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failure("list", root, e);
        }
        return notes;
    }

    /** Deletes a worker's directory, where its engine had this address, and the note beside it; none there is a success. */
    synchronized void delete(WorkerId worker, URI engine) {
        Path directory = Path.of(engine.getPath()).getParent();
        if (directory == null || !directory.endsWith(worker.value())) {
            return; // not written by us
        }
        try {
            Files.deleteIfExists(directory.resolve(SOCKET));
            Files.deleteIfExists(directory);
            Files.deleteIfExists(WorkerNote.fileBeside(directory));
            if (removeWhenEmpty) {
                deleteIfEmpty(root);
            }
        } catch (IOException e) {
            throw failure("delete", directory, e);
        }
    }

    private void prepareRoot() throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = root.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PRIVATE));
        }
        PosixFileAttributes found = Files.readAttributes(root, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean closed = found.permissions().stream().noneMatch(OF_OTHERS::contains);
        if (!found.isDirectory() || !closed || !isOurs(found.owner())) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    root
                            + " is not a directory of this user's that nobody else may enter; run \"chmod 700\" on it, or set \""
                            + LocalSettings.STATE_DIRECTORY + "\" to another one");
        }
    }

    /** {@return whether that is who owns what this program makes; a name is of no use, since a user need not have one} */
    private boolean isOurs(UserPrincipal owner) throws IOException {
        Path probe;
        try {
            probe = Files.createTempFile(root, "probe", ".tmp");
        } catch (AccessDeniedException e) {
            return false;
        }
        try {
            return Files.getOwner(probe).equals(owner);
        } finally {
            Files.delete(probe);
        }
    }

    private void write(WorkerNote note) throws IOException {
        Path file = WorkerNote.fileBeside(directoryOf(note.worker()));
        Path fresh = Files.createTempFile(root, "note", ".tmp", PosixFilePermissions.asFileAttribute(SECRET));
        try {
            Files.writeString(fresh, note.toJson());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Optional<WorkerNote> read(Path file) {
        try {
            return WorkerNote.ofJson(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Other workers still need it.
        }
    }

    private static MicadoException failure(String verb, Path path, IOException cause) {
        return new MicadoException(ErrorKind.TRANSIENT, "cannot " + verb + " " + path + ": " + cause, cause);
    }
}

package io.micado.internal.memory;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.StateStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Keeps each key in a file of a private directory, written aside and then moved into place. Thread-safe for different keys.
 */
public final class FileStateStore implements StateStore {
    private final Path directory;

    /** Creates a store in this directory, which is made when something is saved first. */
    public FileStateStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<String> load(String key) {
        try {
            return Optional.of(Files.readString(file(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", key, e);
        }
    }

    @Override
    public void save(String key, String text) {
        try {
            makeDirectory();
            Path aside = Files.createTempFile(directory, key, ".new");
            try {
                write(aside, StandardCharsets.UTF_8.encode(text));
                Files.move(aside, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw failed("write", key, e);
        }
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    @Override
    public void delete(String key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw failed("delete", key, e);
        }
    }

    private void makeDirectory() throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private Path file(String key) {
        if (!key.matches("[a-zA-Z0-9._-]+") || key.startsWith(".")) {
            throw new IllegalArgumentException("key must be letters, digits, '.', '_' and '-', got \"" + key + "\"");
        }
        return directory.resolve(key);
    }

    private MicadoException failed(String verb, String key, IOException cause) {
        return new MicadoException(
                ErrorKind.TRANSIENT, "cannot " + verb + " " + file(key) + ": " + cause.getMessage(), cause);
    }
}

package io.micado.provider.monitoring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of one infrastructure in the directory that a Prometheus server reads rules from. A file is replaced in one step, from a
 * temporary one beside it that was written to the disk before; a file that is not marked as ours is never touched. Confined to the
 * thread of {@link RuleKeeper}.
 *
 * <p>The directory is not made: it is the server's, too, which is another user, and whose pattern matches nothing, without a word, in a
 * directory that it may not read or that is not the one that was meant.
 */
final class RuleDirectory {
    private final Path directory;
    private final RuleText text;

    RuleDirectory(Path directory, RuleText text) {
        this.directory = directory;
        this.text = text;
    }

    /**
     * What was done to the files.
     *
     * @param before what each file that was changed held before; empty for one that is new
     * @param problems what could not be done, and why
     */
    record Changes(Map<String, Optional<String>> before, List<String> problems) {}

    /** Makes the files be these and no others; what fails leaves its file as it was. */
    Changes bring(Map<String, String> wanted) {
        Map<String, Optional<String>> before = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            problems.add("rules.directory " + directory.toAbsolutePath()
                    + " is not there or no directory; make one that this program may write and the server may read");
            return new Changes(before, problems);
        }
        wanted.forEach((file, content) -> attempt(problems, () -> put(file, content, before)));
        attempt(problems, () -> {
            for (String file : ours()) {
                if (!wanted.containsKey(file)) {
                    attempt(problems, () -> remove(file, before));
                }
            }
        });
        return new Changes(before, problems);
    }

    /** Puts the files back as they were before. */
    List<String> undo(Map<String, Optional<String>> before) {
        List<String> problems = new ArrayList<>();
        before.forEach((file, content) -> attempt(problems, () -> {
            if (content.isPresent()) {
                write(file, content.get());
            } else {
                Files.deleteIfExists(directory.resolve(file));
            }
        }));
        return problems;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(List<String> problems, Step step) {
        try {
            step.run();
        } catch (NoSuchFileException e) {
            problems.add("it went away meanwhile: " + e.getFile());
        } catch (AccessDeniedException e) {
            problems.add("this program may not read and write " + e.getFile());
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void put(String file, String content, Map<String, Optional<String>> before) throws IOException {
        Optional<String> present = read(file);
        if (present.isPresent() && present.get().equals(content)) {
            return;
        }
        if (present.isPresent() && !isOurs(present.get())) {
            throw new IOException(directory.resolve(file) + " is somebody else's, so it stays as it is");
        }
        write(file, content);
        before.put(file, present);
    }

    private void remove(String file, Map<String, Optional<String>> before) throws IOException {
        Optional<String> present = read(file);
        if (present.isPresent() && isOurs(present.get())) {
            Files.delete(directory.resolve(file));
            before.put(file, present);
        }
    }

    private List<String> ours() throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path one : all) {
                String name = String.valueOf(one.getFileName());
                if (name.startsWith(text.prefix()) && name.endsWith(RuleText.SUFFIX)) {
                    files.add(name);
                }
            }
        }
        return files;
    }

    private boolean isOurs(String content) {
        return text.isOurs(content.lines().findFirst().orElse(""));
    }

    private Optional<String> read(String file) throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(directory.resolve(file)), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(String file, String content) throws IOException {
        // The server's pattern does not match it, so half a file is never read.
        Path temporary = directory.resolve("." + file + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    temporary,
                    directory.resolve(file),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}

package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file of the user's, read when it is first needed, and no more of it than is allowed. Confined to one thread. */
final class ConfigurationFile implements ConfigurationSource {
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_COMPANIONS = 100;

    private final Path path;
    private final @Nullable List<Path> companions;
    private @Nullable SourceText text;

    /**
     * Creates the file without reading it.
     *
     * @param companions the other files that were named with it; null for those that are found beside it
     */
    ConfigurationFile(Path path, @Nullable List<Path> companions) {
        this.path = path;
        this.companions = companions;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public SourceText text() {
        SourceText known = text;
        if (known == null) {
            known = SourceText.of(path.toString(), read());
            text = known;
        }
        return known;
    }

    @Override
    public ConfigNode parse(SourceText source, Problems problems) {
        return YamlTree.parse(source, problems);
    }

    @Override
    public List<ConfigurationSource> companions() {
        List<Path> paths = companions;
        if (paths == null) {
            paths = new ArrayList<>(yamlFiles(folder()));
            paths.addAll(yamlFiles(folder().resolve("nodes")));
        }
        List<ConfigurationSource> sources = new ArrayList<>();
        for (Path other : paths) {
            if (!other.normalize().equals(path.normalize())) {
                sources.add(new ConfigurationFile(other, List.of()));
            }
        }
        return sources;
    }

    @Override
    public ConfigurationSource open(String relative) {
        try {
            Path folder = folder().toRealPath();
            Path named = folder.resolve(relative).normalize();
            boolean outside = Files.exists(named) && !named.toRealPath().startsWith(folder);
            if (outside || !named.startsWith(folder)) {
                throw failure("refers to a file outside of its folder", 1);
            }
            ConfigurationFile file =
                    new ConfigurationFile(folder().resolve(relative).normalize(), List.of());
            file.text();
            return file;
        } catch (InvalidPathException e) {
            throw failure("refers to a file whose name is not possible", 1);
        } catch (IOException e) {
            throw failure("cannot be read", 1);
        }
    }

    /** {@return the YAML files of a folder, in the order of their names} */
    static List<Path> yamlFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml") && Files.isRegularFile(file))
                    .sorted()
                    .limit(MOST_COMPANIONS)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path folder() {
        Path folder = path.getParent();
        return folder == null ? Path.of("") : folder;
    }

    private String read() {
        byte[] bytes;
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw failure("is not a file", 1);
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MOST_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            throw failure("there is no such file", 1);
        } catch (IOException e) {
            throw failure("cannot be read", 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw failure("has more than " + (MOST_BYTES >> 20) + " MiB, the most that is allowed", 1);
        }
        return checked(decode(bytes));
    }

    private String decode(byte[] bytes) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw failure("is not a text in UTF-8", 1);
        }
    }

    private String checked(String decoded) {
        int line = 1;
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (c == '\n') {
                line++;
            }
            boolean space = c == '\n' || c == '\r' || c == '\t';
            boolean allowed = space || (!Character.isISOControl(c) && c != '\uFFFE' && c != '\uFFFF');
            if (!allowed) {
                throw failure("is not a text: it holds the control character " + (int) c, line);
            }
        }
        return decoded;
    }

    private ConfigurationException failure(String message, int line) {
        return new ConfigurationException(
                List.of(new Problem("file", message, Optional.of(new SourcePosition(path.toString(), line, 1)))));
    }
}

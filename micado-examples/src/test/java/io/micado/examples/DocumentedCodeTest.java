package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles every piece of Java that the README and the pages below {@code docs} show. Whole files are for {@link PluginGuideTest};
 * the others are pieces of a program, so each gets the program around it here. An ellipsis stands for code of the reader's own.
 */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Path ROOT = Path.of("..");

    private static final String BEFORE = """
            import static org.assertj.core.api.Assertions.assertThat;
            import io.micado.*;
            import io.micado.api.metric.*;
            import io.micado.api.scaling.*;
            import io.micado.api.service.*;
            import io.micado.api.spi.*;
            import io.micado.api.worker.*;
            import io.micado.bootstrap.*;
            import io.micado.http.*;
            import io.micado.micrometer.*;
            import io.micado.policy.*;
            import io.micado.provider.monitoring.*;
            import io.micado.simulation.*;
            import io.micado.simulation.fluid.*;
            import java.io.IOException;
            import java.net.URI;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;
            import org.junit.jupiter.api.Test;

            class %s {
                Micado micado;
                MicadoBuilder builder;
                WorkerPool.Builder pool;
                DrainGuard myGuard;
                Secret token;
                Settings settings;
                Queue<String> queue;
                String key;
                io.micrometer.core.instrument.MeterRegistry registry;
            """;

    @Test
    void everythingShownCompiles(@TempDir Path project) throws IOException {
        Path sources = Files.createDirectories(project.resolve("src"));
        List<String> shown = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            for (Matcher block = BLOCK.matcher(text); block.find(); ) {
                String code = block.group(1);
                if (!code.startsWith("package ")) {
                    long line = text.substring(0, block.start()).lines().count() + 1;
                    String name = page.getFileName().toString().replaceAll("\\W", "_") + "_" + line;
                    Files.writeString(sources.resolve(name + ".java"), BEFORE.formatted(name) + inside(code) + "}\n");
                    shown.add(name);
                }
            }
        }

        assertThat(shown).hasSizeGreaterThan(10);
        assertThat(new SourceCode(sources)
                        .compile(project.resolve("classes"), System.getProperty("java.class.path"), "none"))
                .isEmpty();
    }

    private static String inside(String code) {
        if (code.startsWith("@Test")) {
            return code;
        }
        String statements = code.replaceAll("(?m)[…]$", ";")
                .replaceAll("\"…[^\"]*…\"", "\"\"")
                .replace("…", "")
                .replace("...", "");
        String begun = statements.startsWith(".") ? "builder" + statements : statements;
        String ended = begun.stripTrailing().matches("(?s).*[;}]") ? begun : begun.stripTrailing() + ";";
        return "void shown() throws Exception {\n" + ended + "\n}\n";
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .toList();
        }
    }
}

package io.micado.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.error.ConfigurationException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file holds, what is told about it is short, has a place, and is told soon. */
class HostileFileTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    static Stream<Arguments> texts() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 80; i++) {
            chain.append("a%d: &a%d [*a%d]%n".formatted(i, i, i - 1));
        }
        String wide = "pools: [" + "x,".repeat(200_000) + "x]";
        return Stream.of(
                Arguments.of("exploding aliases", laughs.toString(), "14:18", "holds more than 50000 values"),
                Arguments.of("a chain of aliases", chain.toString(), "50:12", "nested deeper than 50 levels"),
                Arguments.of("an alias in itself", "pools: &a\n  b: *a\n", "2:6", "itself a part of"),
                Arguments.of("an unknown alias", "pools: *hunter2\n", "1:8", "there is no anchor"),
                Arguments.of("deep lists", "pools: " + "[".repeat(500_000), "1:57", "nested deeper than 50 levels"),
                Arguments.of("deep maps", "pools: " + "{a: ".repeat(200_000), "1:204", "nested deeper than 50"),
                Arguments.of("deep blocks", "- ".repeat(1_000) + "x", "1:101", "nested deeper than 50"),
                Arguments.of("many values", wide, "1:", "holds more than 50000 values"),
                Arguments.of("a tab", "name: shop\npools:\n\tworkers: 1\n", "3:1", "a tab may not be used"),
                Arguments.of("two documents", "name: a\n---\nname: b\n", "2:1", "second document"),
                Arguments.of("a list as key", "name: a\n[1, 2]: b\n", "2:1", "a key must be a text"),
                Arguments.of("an open quote", "name: \"shop\npools: {}\n", "3:1", "is not closed"),
                Arguments.of("an open bracket", "clouds: {a: ec2\n", "2:1", "is not closed"),
                Arguments.of("a colon too many", "name: shop: big\n", "1:11", "\": \" needs quotes"),
                Arguments.of("a wrong indentation", "name: shop\npools:\n  a: 1\n b: 2\n", "4:2", "the indentation"),
                Arguments.of("a foreign tag", "name: !!python/object:os.system x\n", "1:7", "\"!!\""),
                Arguments.of("a list at the top", "- name: shop\n", "1:1", "must be a map, got a list"),
                Arguments.of("a text at the top", "hello\n", "1:1", "must be a map, got a text"),
                Arguments.of("a null character", "name: a\u0000b\n", "1:1", "control character 0"),
                Arguments.of("an escape sequence", "name: a\npools: \u001b[31m\n", "2:1", "control character 27"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void aHostileTextIsRefusedSoonWithItsPlace(String what, String text, String where, String words) {
        Path file = FormatReading.file(folder, text);

        String told = toldAbout(file);

        assertThat(told).contains("micado.yaml:" + where).contains(words).hasSizeLessThan(2_000);
        assertThat(told).doesNotContain("hunter2");
    }

    @Test
    void aFileOfTenMebibytesIsRefusedUnread() throws IOException {
        Path file = Files.write(folder.resolve("micado.yaml"), new byte[10 << 20]);

        assertThat(toldAbout(file)).contains("micado.yaml:1:1").contains("more than 1 MiB");
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        byte[] random = new byte[4096];
        new java.util.Random(1).nextBytes(random);
        Path file = Files.write(folder.resolve("micado.yaml"), random);

        assertThat(toldAbout(file)).contains("not a text in UTF-8");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(toldAbout(folder.resolve("nowhere.yaml")))
                .contains("nowhere.yaml:1:1")
                .contains("no such file");
    }

    @Test
    void anEmptyFolderIsNamed() {
        assertThat(toldAbout(folder)).contains("none of the files describes an infrastructure");
    }

    @Test
    void aFileOfAnotherFormatNamesTheArtifactThatReadsIt() {
        assertThat(toldAbout(FormatReading.file(folder, "#cloud-config\nwrite_files: []\n")))
                .contains("MiCADO 0.3")
                .contains("io.micado:micado-provider-occopus");
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreRead() throws IOException {
        Path file = Files.write(
                folder.resolve("micado.yaml"),
                "\uFEFFname: shop\r\npools:\r\n  a: 1\r\n".getBytes(StandardCharsets.UTF_8));

        assertThat(ConfigurationFiles.read(file).problems())
                .singleElement()
                .asString()
                .contains("micado.yaml:3:6: pools.a: must be a map");
    }

    @Test
    void linesOfALiteralBlockKnowTheirPlace() {
        SourceText text = SourceText.of("f", "a:\n  b: |\n\n    one\n      two\n\n    three\n");

        SourceText block = YamlTree.parse(text, new Problems())
                .get("a")
                .orElseThrow()
                .get("b")
                .orElseThrow()
                .embedded();

        assertThat(block.lines()).extracting(SourceText.Line::text).startsWith("", "one", "  two", "", "three");
        assertThat(block.position(1, 0)).hasToString("f:4:5");
        assertThat(block.position(2, 2)).hasToString("f:5:7");
        assertThat(block.position(4, 0)).hasToString("f:7:5");
    }

    private static String toldAbout(Path file) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, () -> {
            var problems = ConfigurationFiles.read(file).problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
        });
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(refused).as("it is refused").isNotNull();
        assertThat(Duration.ofNanos(took)).as("CPU time").isLessThan(SOON);
        return String.valueOf(refused.getMessage());
    }
}

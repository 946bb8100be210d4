package io.micado.provider.occopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.micado.api.error.ConfigurationException;
import io.micado.config.ConfigurationFiles;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file of MiCADO 0.3 or Occopus holds, and a document inside of one, is told soon, in little memory and few words. */
class HostileOriginalTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Allocated in all, which is a bound of what is held at any time: an explosion would be far beyond it. */
    private static final long LITTLE_MEMORY = 1L << 30;

    @TempDir
    Path folder;

    static Stream<Arguments> documents() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        return Stream.of(
                Arguments.of("exploding aliases", laughs + "user_data: *a39\n", "holds more than 50000 values"),
                Arguments.of("deep lists", "user_data: " + "[".repeat(200_000), "nested deeper than 50 levels"),
                Arguments.of("deep maps", "user_data: " + "{a: ".repeat(100_000), "nested deeper than 50 levels"),
                Arguments.of("deep blocks", "- ".repeat(1_000) + "x", "nested deeper than 50 levels"),
                Arguments.of(
                        "many values", "user_data: [" + "x,".repeat(200_000) + "x]", "holds more than 50000 values"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void aDocumentInsideOfAFileOfMicado03IsRefusedSoonWithItsPlace(String what, String document, String words) {
        Path file = Samples.write(folder, "file.yaml", embedded(document));

        assertThat(toldAbout(file)).contains("file.yaml:").contains(words).hasSizeLessThan(2_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void theDefinitionsOfOccopusAreRefusedSoonWithTheirPlace(String what, String document, String words) {
        Samples.write(folder, "infra.yaml", """
                user_id: somebody
                infra_name: cluster
                nodes:
                  - &W
                    name: worker
                    type: worker
                    scaling: {min: 1, max: 2}
                """);
        String more = document.startsWith("- ") ? "more:\n  " + document : document.replace("user_data", "more");
        Samples.write(folder, "node_definitions.yaml", "'node_def:worker': []\n" + more);

        assertThat(toldAbout(folder))
                .contains("node_definitions.yaml:")
                .contains(words)
                .hasSizeLessThan(2_000);
    }

    @Test
    void filesOfTenMebibytesAreRefusedUnread() {
        String long03 = "#cloud-config\nwrite_files:\n" + "# a line that says nothing\n".repeat((10 << 20) / 27 + 1);
        assertThat(toldAbout(Samples.write(folder, "file.yaml", long03))).contains("more than 1 MiB");
        String long03Inside = embedded("user_data: " + "x".repeat(10 << 20));
        assertThat(toldAbout(Samples.write(folder, "file.yaml", long03Inside))).contains("more than 1 MiB");
        String longOccopus = "user_id: somebody\ninfra_name: cluster\nnodes: []\n" + "#".repeat(10 << 20);
        assertThat(toldAbout(Samples.write(folder, "file.yaml", longOccopus))).contains("more than 1 MiB");
    }

    private static String embedded(String document) {
        return """
                #cloud-config
                write_files:
                - path: /var/lib/micado/occopus/temp_user_data.yaml
                  content: |
                """ + document.strip().indent(4);
    }

    private static String toldAbout(Path file) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = thread.getCurrentThreadAllocatedBytes();
        long cpu = thread.getCurrentThreadCpuTime();
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, () -> {
            var problems = ConfigurationFiles.read(file).problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
        });
        assertThat(Duration.ofNanos(thread.getCurrentThreadCpuTime() - cpu))
                .as("CPU time")
                .isLessThan(SOON);
        assertThat(thread.getCurrentThreadAllocatedBytes() - allocated)
                .as("bytes allocated")
                .isLessThan(LITTLE_MEMORY);
        assertThat(refused).as("it is refused").isNotNull();
        return String.valueOf(refused.getMessage());
    }
}

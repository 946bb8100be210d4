package io.micado.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.testing.Seeds;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a good file is spoilt, what comes out is a description or problems with a place, soon, and never a planted secret. */
class MutatedFilePropertyTest {
    private static final String SECRET = "hunter2xyzzy";
    private static final String GOOD =
            FormatReading.resource("shop.yaml") + "# a secret\n" + "accounts: {type: ec2, secretkey: " + SECRET + "}\n";
    private static final List<String> PIECES = List.of(
            "\t",
            "  ",
            "\n",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "*a",
            "&a ",
            "!",
            "|",
            ">",
            "\"",
            "'",
            "#",
            "%",
            "@",
            "null",
            "99999999999",
            "-1",
            "${env:",
            "---\n",
            "? ",
            "<<: ",
            "é");

    @TempDir
    Path folder;

    @Test
    void neverCrashesNorHangsNorTellsASecret() {
        Seeds.check(1_000, random -> {
            String text = spoilt(GOOD, random);
            Path file = FormatReading.file(folder, text);
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            List<Problem> problems;
            try {
                problems = new MicadoFormat()
                        .read(new ConfigurationFile(file, null))
                        .problems();
            } catch (ConfigurationException e) {
                problems = e.problems();
            }
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(1));
            assertThat(problems).allSatisfy(problem -> {
                assertThat(problem.position()).isPresent();
                assertThat(problem.message()).isNotBlank();
            });
        });
    }

    @Test
    void aSyntaxErrorNeverQuotesTheFile() {
        String good = "name: shop\nclouds:\n  aws:\n    type: ec2\n    secretkey: " + SECRET + "\n";
        Seeds.check(1_000, random -> {
            String text = spoilt(good, random);
            Path file = FormatReading.file(folder, text);
            List<Problem> problems;
            try {
                problems = new MicadoFormat()
                        .read(new ConfigurationFile(file, null))
                        .problems();
            } catch (ConfigurationException e) {
                problems = e.problems();
            }
            assertThat(problems)
                    .allSatisfy(problem -> assertThat(problem.message()).doesNotContain(SECRET));
        });
    }

    private static String spoilt(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        int times = Seeds.between(random, 1, 4);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + Seeds.between(random, 1, 12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.insert(at, text.substring(at, end));
                default -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }
}

package io.micado.provider.occopus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.config.ConfigurationFiles;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a good file is spoilt, what comes out is a description or problems with a place, soon, and never a planted secret. */
class SpoiltFilePropertyTest {
    private static final String SECRET = "hunter2xyzzy";
    private static final List<String> PIECES = List.of(
            "\t", " ", "  ", "\n", "#", ":", "- ", "{", "]", "*a", "&a ", "!", "|", "\"", "'", "%", "{{", "{%", "null");
    private static final int TRIES = 400;

    @TempDir
    Path folder;

    @Test
    void aSpoiltMicadoFileIsToldSoonAndWithoutSecrets() {
        String good = Samples.filledIn(Samples.uncommented(Samples.COMMENTED, "#USER DATA - NOVA"))
                .replace("password: mine", "password: " + SECRET);
        for (int seed = 1; seed <= TRIES; seed++) {
            check(seed, Samples.write(folder, "file.yaml", spoilt(good, new Random(seed))));
        }
    }

    @Test
    void spoiltCredentialsOfOccopusAreToldSoonAndWithoutSecrets() {
        Path file = Samples.write(
                folder,
                "infra.yaml",
                "infra_name: a\nnodes:\n  - {name: w, type: w, scaling: {min: 1, max: 2}, variables: {k: " + SECRET
                        + "}}\n");
        Samples.write(
                folder,
                "defs.yaml",
                "'node_def:w':\n  - resource: {type: ec2, endpoint: e, regionname: r, image_id: i, instance_type: t}\n");
        String auth = "resource:\n  - type: ec2\n    auth_data:\n      accesskey: " + SECRET + "\n      secretkey: "
                + SECRET + "\n";
        for (int seed = 1; seed <= TRIES / 4; seed++) {
            Samples.write(folder, "auth_data.yaml", spoilt(auth, new Random(seed)));
            check(seed, file);
        }
    }

    private static void check(int seed, Path file) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        List<Problem> problems;
        String told = "";
        try {
            InfrastructureDescription read = ConfigurationFiles.read(file);
            problems = read.problems();
            told = read.notes() + read.toString() + read.clouds() + read.pools();
        } catch (ConfigurationException e) {
            problems = e.problems();
        }
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(Duration.ofNanos(took)).as("seed " + seed).isLessThan(Duration.ofSeconds(3));
        for (Problem problem : problems) {
            assertThat(problem.position()).as("seed " + seed).isPresent();
            told += problem.message();
        }
        assertThat(told).as("seed " + seed).doesNotContain(SECRET);
    }

    private static String spoilt(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(10));
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

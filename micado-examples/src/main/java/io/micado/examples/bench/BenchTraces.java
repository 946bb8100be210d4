package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The loads that the bench runs: those of a directory, or those that come along. Not instantiable. */
final class BenchTraces {
    private static final String SHIPPED = "database-queries-2018-04-26";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private BenchTraces() {}

    /** {@return every {@code *.csv} and {@code *.csv.gz} of a directory, by name} */
    static Map<String, LoadTrace> of(Path directory, boolean repair) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> name(file).matches(".*\\.csv(\\.gz)?"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("there is no *.csv or *.csv.gz in " + directory);
        }
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            Path same = named.put(name(file).replaceFirst("\\.csv(\\.gz)?$", ""), file);
            if (same != null) {
                throw new IllegalArgumentException(
                        same + " and " + name(file) + " would be one trace: there must be only one of them");
            }
        }
        Map<String, LoadTrace> traces = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : named.entrySet()) {
            traces.put(
                    file.getKey(), repair ? LoadTrace.readRepaired(file.getValue()) : LoadTrace.read(file.getValue()));
        }
        return traces;
    }

    /** {@return a recorded day, and a few made ones with the same seeds each time} */
    static Map<String, LoadTrace> shipped() throws IOException {
        Map<String, LoadTrace> traces = new LinkedHashMap<>();
        String resource = "/io/micado/examples/traces/" + SHIPPED + ".csv";
        try (InputStream bytes = BenchTraces.class.getResourceAsStream(resource)) {
            traces.put(
                    SHIPPED,
                    LoadTrace.read(
                            SHIPPED,
                            new InputStreamReader(Objects.requireNonNull(bytes, resource), StandardCharsets.UTF_8)));
        }
        Workload people = Workload.sine(100, 80, DAY);
        traces.put("people-by-chance", made("people-by-chance", people.withPoissonNoise(1), 4));
        traces.put(
                "jobs-by-the-clock",
                made("jobs-by-the-clock", people.plus(Workload.square(0, 150, Duration.ofHours(1), 0.1)), 4));
        traces.put(
                "bursts",
                made(
                        "bursts",
                        Workload.constant(40)
                                .plus(Workload.square(0, 160, Duration.ofMinutes(151), 0.08))
                                .withPoissonNoise(2),
                        4));
        return traces;
    }

    private static LoadTrace made(String name, Workload load, int days) {
        return LoadTrace.of(name, load, MINUTE, DAY.multipliedBy(days));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}

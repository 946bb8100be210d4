package io.micado.examples.bench;

import io.micado.api.spi.Settings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link PolicyBench} is asked to do. Immutable.
 *
 * @param traces the directory with the traces; empty for those that come along
 * @param out where the table goes as CSV
 * @param html where the page goes
 * @param world what the policies are tried in
 * @param figures whether to tell which figures are reached
 * @param queue whether to simulate single requests too
 * @param faults whether to let half of the instances fail in another run
 * @param copies whether to run the policies that matter most on changed copies of the traces too
 * @param repair whether traces that are not in order are repaired instead of refused
 */
record BenchOptions(
        Optional<Path> traces,
        Optional<Path> out,
        Optional<Path> html,
        BenchWorld world,
        boolean figures,
        boolean queue,
        boolean faults,
        boolean copies,
        boolean repair) {

    static final String USAGE = """
            PolicyBench [--traces DIR] [--out FILE.csv] [--html FILE.html] [--figures] [--queue] [--faults] [--copies] [--repair]
                [--lead-worker 120s] [--lead-replica 5s] [--interval 15s] [--lag 0s] [--capacity REQUESTS_PER_SECOND] [--target 70]""";

    private static final String TRACES = "--traces";
    private static final String OUT = "--out";
    private static final String HTML = "--html";
    private static final String FIGURES = "--figures";
    private static final String QUEUE = "--queue";
    private static final String FAULTS = "--faults";
    private static final String COPIES = "--copies";
    private static final String REPAIR = "--repair";
    private static final Set<String> FILES = Set.of(TRACES, OUT, HTML);
    private static final Set<String> SWITCHES = Set.of(FIGURES, QUEUE, FAULTS, COPIES, REPAIR);

    /**
     * {@return what the arguments say}
     *
     * @throws IllegalArgumentException with the argument that is not understood
     * @throws io.micado.api.error.ConfigurationException with the argument whose value is not understood
     */
    static BenchOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Settings said = Settings.EMPTY;
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            if (SWITCHES.contains(argument)) {
                said = said.with(argument, true);
            } else if (FILES.contains(argument) || BenchWorld.OPTIONS.contains(argument)) {
                if (left.isEmpty()) {
                    throw new IllegalArgumentException(
                            argument + (FILES.contains(argument) ? " needs a file or directory" : " needs a value"));
                }
                said = said.with(argument, left.removeFirst());
            } else {
                throw new IllegalArgumentException("not understood: " + argument);
            }
        }
        return new BenchOptions(
                said.string(TRACES).map(Path::of),
                said.string(OUT).map(Path::of),
                said.string(HTML).map(Path::of),
                BenchWorld.of(said),
                said.bool(FIGURES, false),
                said.bool(QUEUE, false),
                said.bool(FAULTS, false),
                said.bool(COPIES, false),
                said.bool(REPAIR, false));
    }
}

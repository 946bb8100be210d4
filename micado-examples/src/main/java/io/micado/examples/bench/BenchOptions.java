package io.micado.examples.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What {@link PolicyBench} is asked to do. Immutable.
 *
 * @param traces the directory with the traces; empty for those that come along
 * @param out where the table goes as CSV
 * @param html where the page goes
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
        boolean figures,
        boolean queue,
        boolean faults,
        boolean copies,
        boolean repair) {

    static final String USAGE =
            "PolicyBench [--traces DIR] [--out FILE.csv] [--html FILE.html] [--figures] [--queue] [--faults] [--copies] [--repair]";

    /**
     * {@return what the arguments say}
     *
     * @throws IllegalArgumentException with the argument that is not understood
     */
    static BenchOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Optional<Path> traces = Optional.empty();
        Optional<Path> out = Optional.empty();
        Optional<Path> html = Optional.empty();
        boolean figures = false;
        boolean queue = false;
        boolean faults = false;
        boolean copies = false;
        boolean repair = false;
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            switch (argument) {
                case "--traces" -> traces = Optional.of(path(argument, left));
                case "--out" -> out = Optional.of(path(argument, left));
                case "--html" -> html = Optional.of(path(argument, left));
                case "--figures" -> figures = true;
                case "--queue" -> queue = true;
                case "--faults" -> faults = true;
                case "--copies" -> copies = true;
                case "--repair" -> repair = true;
                default -> throw new IllegalArgumentException("not understood: " + argument);
            }
        }
        return new BenchOptions(traces, out, html, figures, queue, faults, copies, repair);
    }

    private static Path path(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a file or directory");
        }
        return Path.of(left.removeFirst());
    }
}

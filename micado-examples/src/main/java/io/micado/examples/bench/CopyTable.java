package io.micado.examples.bench;

import io.micado.policy.Predictive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How the policy {@code predictive} does against the Kubernetes Horizontal Pod Autoscaler at 70 % on changed copies of the traces, as
 * text. Not instantiable.
 */
final class CopyTable {
    private static final String OTHER = "hpa-70";

    private CopyTable() {}

    /**
     * Both on one copy. Immutable.
     *
     * @param own what the policy came to
     * @param other what the autoscaler came to
     */
    private record Pair(BenchRow own, BenchRow other) {
        boolean leavesAtMost(double factor) {
            return own.result().unservedShare() <= factor * other.result().unservedShare();
        }

        /** Whether there is anything to be better at. */
        boolean counts() {
            return other.result().unservedShare() > 0;
        }

        boolean costsNoMore() {
            return own.result().instanceHours() <= other.result().instanceHours();
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "  %-58s %9.4f %9.4f %8s %8.3f %8s",
                    own.trace(),
                    100 * own.result().unservedShare(),
                    100 * other.result().unservedShare(),
                    ratio(own.result().unservedShare(), other.result().unservedShare()),
                    own.result().instanceHours() / other.result().instanceHours(),
                    ratio(own.result().actions(), other.result().actions()));
        }
    }

    /** {@return a line for each copy, and then on how many the policy leaves how much; a block for each level} */
    static List<String> text(List<BenchRow> rows) {
        List<String> lines = new ArrayList<>();
        pairs(rows).forEach((level, pairs) -> {
            lines.add("");
            lines.add(header(level + ", copies", "unserved", "unserved", "unserved", "hours", "actions"));
            lines.add(header("", "%", "% " + OTHER, "ratio", "ratio", "ratio"));
            pairs.forEach(pair -> lines.add(pair.line()));
            lines.add(summary(pairs));
        });
        return lines;
    }

    private static Map<String, List<Pair>> pairs(List<BenchRow> rows) {
        Map<String, BenchRow> others = new LinkedHashMap<>();
        rows.stream().filter(row -> row.policy().equals(OTHER)).forEach(row -> others.put(row.group(), row));
        Map<String, List<Pair>> pairs = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> row.policy().equals(Predictive.TYPE))
                .forEach(row -> pairs.computeIfAbsent(row.level(), level -> new ArrayList<>())
                        .add(new Pair(row, Objects.requireNonNull(others.get(row.group()), row.group()))));
        return pairs;
    }

    private static String summary(List<Pair> pairs) {
        List<Pair> counted = pairs.stream().filter(Pair::counts).toList();
        return String.format(
                Locale.ROOT,
                "  of %d on which %s leaves something unserved: at most half of it on %d, at most as much on %d; for no more hours on %d of %d",
                counted.size(),
                OTHER,
                counted.stream().filter(pair -> pair.leavesAtMost(0.5)).count(),
                counted.stream().filter(pair -> pair.leavesAtMost(1)).count(),
                pairs.stream().filter(Pair::costsNoMore).count(),
                pairs.size());
    }

    private static String header(
            String group, String own, String other, String unserved, String hours, String actions) {
        return String.format("%-60s %9s %9s %8s %8s %8s", group, own, other, unserved, hours, actions);
    }

    private static String ratio(double own, double other) {
        return other > 0 ? String.format(Locale.ROOT, "%.3f", own / other) : "-";
    }
}

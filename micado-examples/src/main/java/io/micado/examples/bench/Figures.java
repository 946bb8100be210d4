package io.micado.examples.bench;

import io.micado.policy.Predictive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tells for each trace and level whether the policy {@code predictive} keeps its promises to others. Not instantiable. */
final class Figures {
    /** Less than this is little, whoever else has less. */
    private static final double SMALL_SHARE = 0.002;

    private Figures() {}

    /**
     * One promise. Immutable.
     *
     * @param name what is promised of what
     * @param value what came out
     * @param limit what it may be at most
     */
    record Figure(String name, double value, double limit) {
        boolean reached() {
            return value <= limit;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-7s %-86s %10.5f  at most %10.5f",
                    reached() ? "reached" : "missed",
                    name,
                    value,
                    limit);
        }
    }

    /** {@return all promises about these rows} */
    static List<Figure> of(List<BenchRow> rows) {
        Map<String, Map<String, BenchRow>> groups = new LinkedHashMap<>();
        for (BenchRow row : rows) {
            groups.computeIfAbsent(row.group(), group -> new LinkedHashMap<>()).put(row.policy(), row);
        }
        List<Figure> figures = new ArrayList<>();
        groups.forEach((group, policies) -> addAll(figures, group, policies));
        return figures;
    }

    private static void addAll(List<Figure> figures, String group, Map<String, BenchRow> policies) {
        BenchRow own = row(policies, Predictive.TYPE);
        BenchRow hpa = row(policies, "hpa-70");
        BenchRow micado = row(policies, "micado-0.3");
        double unserved = own.result().unservedShare();
        boolean worker = own.level().equals("worker");
        double share = worker && own.trace().matches("ms-.*(app-01|machine-01)")
                ? 0.5
                : own.trace().endsWith("app-04") ? 0.8 : 1;
        figures.add(new Figure(
                group + ": unserved share against hpa-70",
                unserved,
                share * hpa.result().unservedShare()));
        figures.add(new Figure(
                group + ": actions per day against three times hpa-70's",
                own.result().actionsPerDay(),
                3 * hpa.result().actionsPerDay()));
        if (own.trace().startsWith("ms-")) {
            figures.add(
                    new Figure(group + ": instance-hours against hpa-70", own.hoursVsOracle(), hpa.hoursVsOracle()));
            figures.add(new Figure(
                    group + ": instance-hours against 65 % of micado-0.3's",
                    own.hoursVsOracle(),
                    0.65 * micado.hoursVsOracle()));
            figures.add(new Figure(
                    group + ": unserved share against micado-0.3, or 0.2 %",
                    unserved,
                    Math.max(SMALL_SHARE, micado.result().unservedShare())));
        } else {
            figures.add(new Figure(
                    group + ": unserved share against micado-0.3",
                    unserved,
                    micado.result().unservedShare()));
            figures.add(new Figure(
                    group + ": instance-hours against micado-0.3", own.hoursVsOracle(), micado.hoursVsOracle()));
        }
    }

    private static BenchRow row(Map<String, BenchRow> policies, String name) {
        return Objects.requireNonNull(policies.get(name), name);
    }
}

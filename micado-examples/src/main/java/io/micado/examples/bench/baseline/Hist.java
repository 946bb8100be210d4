package io.micado.examples.bench.baseline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Hist (Urgaonkar, Shenoy, Chandra, Goyal, Wood: Agile dynamic provisioning of multi-tier internet applications, 2008), as in
 * {@code Histogram.py} of Ali-Eldin's collection: a high percentile of what this hour of the day has needed, corrected by recent errors, and
 * what arrives when it was too little too often. Confined to one thread.
 *
 * <p>Published numbers: 730 samples for each hour, 90th percentile, the mean of the last 5 errors; repaired with 5 % more when more than
 * 5 of 10 errors were shortages. Deviations: the original keeps 5 errors only, so that it never repairs; here they are 10. Hours count from
 * the start of the trace, and not by the clock.
 */
final class Hist implements StepRule {
    private static final int HOURS = 24;
    private static final int STEPS_PER_HOUR = 60;
    private static final int KEPT = 730;
    private static final double PERCENTILE = 0.9;
    private static final int CORRECTING = 5;
    private static final int WATCHED = 10;
    private static final int SHORTAGES = 5;
    private static final double REPAIR = 1.05;

    private final List<ArrayDeque<Integer>> hours = new ArrayList<>();
    private final ArrayDeque<Integer> errors = new ArrayDeque<>();
    private int step;

    Hist() {
        for (int i = 0; i < HOURS; i++) {
            hours.add(new ArrayDeque<>());
        }
    }

    @Override
    public int next(int capacity, double load) {
        int needed = StepRule.needed(load);
        errors.addLast(capacity - needed);
        if (errors.size() > WATCHED) {
            errors.removeFirst();
        }
        ArrayDeque<Integer> hour = hours.get(step / STEPS_PER_HOUR % HOURS);
        step++;
        double correction = correction();
        double next = capacity - correction;
        if (!hour.isEmpty()) {
            double usual = percentile(hour);
            next = usual - correction > 0 ? usual - correction : usual - correction / 5;
        }
        hour.addLast(needed);
        if (hour.size() > KEPT) {
            hour.removeFirst();
        }
        if (errors.stream().filter(error -> error < 0).count() > SHORTAGES) {
            errors.clear();
            return StepRule.needed(REPAIR * load);
        }
        return StepRule.needed(next);
    }

    private double correction() {
        return errors.size() < CORRECTING
                ? 0
                : errors.stream()
                        .skip(errors.size() - (long) CORRECTING)
                        .mapToInt(Integer::intValue)
                        .average()
                        .orElseThrow();
    }

    private static double percentile(ArrayDeque<Integer> values) {
        List<Integer> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(PERCENTILE * sorted.size()) - 1);
    }
}

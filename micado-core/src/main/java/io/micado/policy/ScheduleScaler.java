package io.micado.policy;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Recommends what the calendar says, a lead time ahead of it; called by the engine on its policy threads. Immutable.
 *
 * @param entries what is wanted when
 * @param zone whose wall clocks they go by
 * @param lead how much earlier to ask; empty for as long as it was measured to take
 * @param otherwise how many are wanted when no entry counts; empty for the least of the bounds
 */
record ScheduleScaler(List<ScheduleEntry> entries, ZoneId zone, Optional<Duration> lead, Optional<Integer> otherwise)
        implements Scaler {

    ScheduleScaler {
        entries = List.copyOf(entries);
    }

    @Override
    public Recommendation recommend(ScalingContext in) {
        int rest = otherwise.orElse(in.bounds().min());
        Optional<ScheduleEntry> most = Optional.empty();
        Duration leadOfMost = Duration.ZERO;
        for (ScheduleEntry entry : entries) {
            Duration ahead = lead.orElseGet(() -> leadTime(in, entry.count(), rest));
            boolean more = most.isEmpty() || entry.count() > most.get().count();
            if (more && entry.covers(in.now(), ahead, zone)) {
                most = Optional.of(entry);
                leadOfMost = ahead;
            }
        }
        int count = most.map(ScheduleEntry::count).orElse(rest);
        String reason = most.map(entry -> "schedule \"" + entry.text() + "\" (" + zone + ")")
                .orElseGet(() -> "no entry of the schedule counts now (" + zone + "), so " + rest);
        return Recommendation.of(count, reason)
                .withDeadBandApplied()
                .with("schedule.count", count)
                .with("schedule.lead.seconds", leadOfMost.toMillis() / 1000.0);
    }

    /**
     * As long as window, cooldown and rate limit stretch it, and the last ones take. It is counted from what there would be without the
     * entry, so that it does not become shorter, and the entry end, while what was asked for arrives.
     */
    private static Duration leadTime(ScalingContext in, int count, int rest) {
        Behavior.Direction out = in.behavior().out();
        Duration window = out.stabilization();
        // The pass that comes when the window has been seen.
        Duration seen = window.isZero() ? window : window.plus(in.metricInterval());
        Duration arrival = in.desired() < count ? LeadTime.of(in, count) : LeadTime.longest(in);
        return seen.plus(out.cooldown())
                .plus(ramp(in, Math.min(rest, in.desired()), count))
                .plus(arrival);
    }

    /**
     * The first step is taken at once and each further one a period or a cooldown later, by the pass that comes next, and each is as
     * large as any of the rates allows.
     */
    private static Duration ramp(ScalingContext in, int from, int to) {
        List<Behavior.Rate> rates = in.behavior().out().rates();
        Duration period = rates.stream()
                .map(Behavior.Rate::period)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Duration apart = FreshMetrics.longer(period, in.behavior().out().cooldown());
        long steps = 0;
        double count = from;
        while (!rates.isEmpty() && count < to) {
            double now = count;
            double step = rates.stream()
                    .mapToDouble(rate ->
                            rate.unit() == Behavior.Rate.Unit.PERCENT ? now * rate.amount() / 100 : rate.amount())
                    .max()
                    .orElseThrow();
            count += Math.max(1, step);
            steps++;
        }
        return apart.plus(in.metricInterval()).multipliedBy(Math.max(0, steps - 1));
    }
}

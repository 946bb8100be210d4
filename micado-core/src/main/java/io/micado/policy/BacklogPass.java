package io.micado.policy;

import io.micado.api.metric.Sample;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One pass of {@link BacklogScaler} over one target of which the queue is known. Confined to one thread. */
final class BacklogPass {
    /** What is late, or due sooner, is to be done within so many seconds, or a lead time when that is longer; half of the time at most. */
    private static final double CATCH_UP = 60;

    private static final double ROUNDING = 1e-9;

    private final BacklogScaler settings;
    private final ScalingContext in;
    private final BacklogState state;
    private final double items;
    private final double rate;
    private final Optional<Double> handled;
    private final Optional<Double> arriving;
    private final DueItems due;

    BacklogPass(BacklogScaler settings, ScalingContext in, FreshMetrics metrics, BacklogState before, Sample length) {
        this.settings = settings;
        this.in = in;
        items = Math.max(0, length.value());
        handled = value(settings.handled(), metrics);
        arriving = settings.arrivals().isEmpty() ? Optional.of(0.0) : value(settings.arrivals(), metrics);
        due = DueItems.of(before.due());
        long at = length.observedAt().toEpochMilli();
        // Passes may come more often than measurements; the same one is not counted twice.
        boolean isNew = at > before.seenAt();
        BacklogState learned = isNew ? learn(before) : before;
        rate = settings.each().orElse(learned.each());
        if (isNew) {
            see(length.observedAt(), before.seenAt() == 0 ? 0 : (at - before.seenAt()) / 1000.0);
        }
        due.joinLate(in.now());
        state = isNew ? learned.seeing(at, due) : learned;
    }

    private Optional<Double> value(Optional<MetricName> metric, FreshMetrics metrics) {
        return metric.flatMap(name -> name.whole(in.target(), metrics)).map(sample -> Math.max(0, sample.value()));
    }

    /** Only while there is enough to do for all does what they handle tell what they can. */
    private BacklogState learn(BacklogState before) {
        boolean tells = settings.each().isEmpty() && in.ready() > 0 && items >= in.ready();
        return tells && handled.orElse(0.0) > 0 ? before.handling(handled.get() / in.ready()) : before;
    }

    private void see(Instant measured, double seconds) {
        double counted = items > settings.activation() ? items : 0;
        double done = handled.orElse(rate * in.ready()) * seconds;
        double come = settings.arrivals().isPresent() && arriving.isPresent()
                ? arriving.get() * seconds
                : Math.max(0, counted - due.sum() + done);
        due.see(counted, come, settings.due(measured), settings.together());
    }

    Recommendation recommend() {
        Recommendation.Capacity answer = rate > 0 ? byTheTimeItIsDue() : untilTheRateIsKnown();
        // Without knowing what arrives, what waits alone is too little to take one away.
        boolean incomplete = arriving.isEmpty() || rate <= 0;
        return (incomplete ? answer.asLowerBound() : answer)
                .with(settings.waiting().name() + ".value", items)
                .with("each.per.second", rate)
                .remembering(state);
    }

    private Recommendation.Capacity byTheTimeItIsDue() {
        double besides = arriving.orElse(0.0) / rate;
        Duration lead = LeadTime.of(in, in.desired());
        Need need = need(besides, BacklogScaler.seconds(lead));
        if (need.count() > in.desired()) {
            lead = LeadTime.of(in, need.count());
            need = need(besides, BacklogScaler.seconds(lead));
        }
        boolean isWorkedOn = need.count() == 0 && handled.orElse(0.0) > 0;
        int count = isWorkedOn ? 1 : need.count();
        String reason = Words.number(items) + " " + settings.waiting().name() + need.words(items)
                + (arriving.orElse(0.0) > 0 ? " besides " + Words.number(arriving.get()) + " arriving in a second" : "")
                + ", at " + Words.number(rate) + " in a second each: needs "
                + Words.count(count, in.target().unit())
                + (isWorkedOn ? ", as " + Words.number(handled.get()) + " in a second are still handled" : "");
        return Recommendation.of(count, reason)
                .with("due.items", need.items())
                .with("due.seconds", need.seconds())
                .with("lead.seconds", BacklogScaler.seconds(lead));
    }

    /**
     * What decides.
     *
     * @param instances how many are needed
     * @param items for so many items
     * @param seconds that are due so soon
     */
    private record Need(double instances, double items, double seconds) {
        int count() {
            return (int) Math.min(Integer.MAX_VALUE, Math.ceil(instances - ROUNDING));
        }

        String words(double all) {
            if (items == 0) {
                return ", none of them due";
            }
            String which = items < all ? ", " + Words.number(items) + " of them " : ", ";
            return which + (seconds > 0 ? "due within " + Words.number(Math.rint(seconds)) + " s" : "late");
        }
    }

    /** Of all that is due together, each with what is due before it, the one that needs most decides. */
    private Need need(double besides, double lead) {
        Need most = new Need(besides, 0, BacklogScaler.seconds(settings.within()));
        double sum = 0;
        for (DueItems.Due part : due.all()) {
            sum += part.items();
            double seconds = (part.millis() - in.now().toEpochMilli()) / 1000.0;
            double instances = instances(sum / rate, Math.max(0, seconds), besides, lead);
            if (instances > most.instances() || most.items() == 0) {
                most = new Need(instances, sum, Math.max(0, seconds));
            }
        }
        return most;
    }

    /**
     * How many are needed for work of so many seconds of one: what is ready works all the time that is left, what is added begins a
     * lead time later; when that takes up more than half of the time, half of it is counted.
     */
    private double instances(double work, double left, double besides, double lead) {
        double half = BacklogScaler.seconds(settings.within()) / 2;
        double time = Math.max(left, Math.min(half, Math.max(CATCH_UP, lead)));
        double all = work / time + besides;
        double ready = Math.min(in.ready(), in.desired());
        if (all > ready) {
            double inTime = ready + (all - ready) * time / Math.max(time - lead, time / 2);
            // What was asked for and is still to come is enough if it would be if it were there.
            all = all > in.desired() ? inTime : Math.min(in.desired(), inTime);
        }
        // However little is left to do, as long as it is due none is taken away that is needed to be in time.
        double inTheEnd = work / Math.max(left, 1) + besides;
        return Math.max(all, Math.min(in.desired(), inTheEnd));
    }

    private Recommendation.Capacity untilTheRateIsKnown() {
        int count = items > settings.activation() ? Math.max(1, in.desired()) : in.desired();
        return Recommendation.of(
                count,
                Words.number(items) + " " + settings.waiting().name()
                        + "; how many one handles in a second has not been seen yet");
    }
}

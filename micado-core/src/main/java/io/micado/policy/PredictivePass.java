package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** One pass of {@link PredictiveScaler} over one target of which the demand is known. Confined to one thread. */
final class PredictivePass {
    /** What is exceeded by chance less often than this is not by chance. */
    private static final double SURPRISING = 5e-4;
    /** How often a load that is noise may be cut off before it is ordered for. */
    private static final double ORDINARY = 0.05;
    /** A change makes room for so much more, as a share, so that the next one is not due at once. */
    private static final double ROOM = 0.03;
    /** So much has to be free, as a share, before it is given back. */
    private static final double SLACK = 0.07;

    /** The load of the last minutes has to fall by so much, as a share, before anything is given back… */
    private static final double FALL = 0.05;
    /** …unless so much is free. */
    private static final double GREAT_SLACK = 0.4;

    private static final double LEAST_SPREADS = 0.5;
    /** A burst has not passed as long as what was ordered for it may not have been measured. */
    private static final double PATIENCE = 1.5;

    /** Nothing is kept free for so many times the highest load of the last days. */
    private static final double REACH = 1.3;

    /** On noise the tracker beside sees a little more than one that runs alone and is cut off more often. */
    private static final double NOISE_BIAS = 0.015;

    /** On noise that passes before capacity arrives so much more than the tracker's cost may be spent, as a share of it. */
    private static final double NOISE_EXTRA = 0.25;
    /** How much few great errors outweigh many small ones: up to here it is noise, and bursts from there; in between partly. */
    private static final double NOISE = 2;

    private static final double BURSTS = 2.2;
    /** So much, as a share, has to be left unserved for the tracker's cost before more than that is spent… */
    private static final double ENOUGH = 5e-4;
    /** …and all of the extra from there. */
    private static final double TOO_MUCH = 1e-3;
    /** Capacity that takes so many seconds longer than a measurement is too late for any noise. */
    private static final double LONG_LEAD = 105;

    /** Less than this many instances is nothing. */
    private static final double IDLE = 0.01;

    private static final double LONGEST_HORIZON = 7_200;
    private static final double ROUNDING = 1e-9;

    /** Whether nobody reads the answer, as of the past: to explain and remember takes most of the time. */
    private boolean isReplay;

    private final PredictiveSettings settings;
    private final ScalingContext in;
    private final PredictiveMemory memory;
    private final Demand demand;
    private final Forecaster forecaster;
    private final double now;
    private final double observedAt;
    private final double interval;
    private final double lead;
    private final double horizon;
    private final double share;
    private final Forecaster.Terms terms;

    PredictivePass(PredictiveSettings settings, ScalingContext in, PredictiveMemory memory, Demand demand) {
        this.settings = settings;
        this.in = in;
        this.memory = memory;
        this.demand = demand;
        forecaster = memory.forecaster;
        now = PredictiveScaler.seconds(in.now());
        observedAt = PredictiveScaler.seconds(demand.observedAt());
        interval = seconds(demand.interval());
        double basic = memory.budget.affordableAlways(settings.share());
        terms = new Forecaster.Terms(
                settings.floor(), settings.tolerated(), LEAST_SPREADS, interval, basic, in.bounds());
        lead = lead(basic);
        horizon = horizon(lead);
        share = settings.share() + (forecaster.followsBursts() ? 0 : NOISE_EXTRA * noise() - NOISE_BIAS);
    }

    /**
     * How much of the extra for noise is due, 0 to 1: all of it where no error is far beyond the usual one, so that a little more
     * room avoids most of them, and where the noise passes sooner than capacity arrives, so that it cannot be followed.
     */
    private double noise() {
        double tail = forecaster.tail();
        double light = Math.max(0, Math.min(1, (BURSTS - tail) / (BURSTS - NOISE)));
        double late = Math.max(0, Math.min(1, (lead - interval) / LONG_LEAD));
        double due = Math.max(0, Math.min(1, (forecaster.shortfall() - ENOUGH) / (TOO_MUCH - ENOUGH)));
        return tail > 0 ? light * late * due : 0;
    }

    /**
     * {@return how long what is ordered now takes to serve, in seconds: longer where so much is expected that replicas find no room
     * and wait for a worker first}
     */
    private double lead(double basic) {
        double longest = lead(in, Integer.MAX_VALUE);
        if (lead(in, 0) == longest) {
            // However many are expected, as of workers: nothing needs to be forecast to know it.
            return longest;
        }
        double expected = demand.instances() * (1 + settings.floor());
        if (!Double.isNaN(forecaster.seenAt())) {
            Forecast farthest = forecaster.ahead(horizon(longest));
            expected = withFloor(farthest, forecaster.spreads(basic, terms));
        }
        return lead(in, ceil(expected));
    }

    /** {@return how long so many take to serve, in seconds, counting the time for which more has to be needed first} */
    static double lead(ScalingContext in, int count) {
        return seconds(LeadTime.of(in, count).plus(in.behavior().out().stabilization()));
    }

    private double horizon(double lead) {
        return Math.min(LONGEST_HORIZON, now - observedAt + lead + interval);
    }

    Recommendation recommend() {
        boolean isFirst = Double.isNaN(forecaster.seenAt());
        double usualMost = isFirst ? 0 : withFloor(forecaster.ahead(horizon), forecaster.exceededWith(SURPRISING));
        boolean isNew = !(observedAt <= forecaster.seenAt());
        if (isNew && !isPlausible()) {
            return setAside();
        }
        if (isNew) {
            forecaster.learn(
                    observedAt,
                    demand.instances(),
                    demand.saturated(),
                    horizon,
                    memory.budget.affordable(share),
                    terms);
        }
        memory.budget.pass(now, demand.instances(), settings.target(), lead, share, in.desired(), in.bounds());
        double spreads = forecaster.spreads(memory.budget.affordable(share), terms);
        Forecast forecast = forecaster.ahead(horizon);
        memory.budget.asked(terms.bounded(forecast.plus(spreads)));
        double needed = needed(forecast, spreads);
        int count = isIdle(needed) ? 0 : Math.max(count(needed), guessed(forecast, usualMost));
        memory.budget.recommended(
                now, in.bounds().clamp(count), seconds(in.behavior().in().stabilization()));
        return answer(forecast, spreads, needed, count);
    }

    /** Nothing comes and nothing is expected: what may rest at zero does, unless only the CPU of what runs could wake it. */
    private boolean isIdle(double needed) {
        return in.bounds().min() == 0
                && !settings.perInstance().isEmpty()
                && demand.instances() <= 0
                && !demand.lowerBound()
                && needed < IDLE;
    }

    /** CPU is bounded by what there is; a total may be anything. */
    private boolean isPlausible() {
        return settings.perInstance().isEmpty()
                || Double.isNaN(forecaster.seenAt())
                || memory.plausibility.accepts(demand.instances(), recent(), Observed.at(demand.observedAt()));
    }

    private double recent() {
        return Math.max(forecaster.level(0), forecaster.level(1));
    }

    /** What is needed by the time capacity arrives, as fully used instances and what is kept free of them. */
    private double needed(Forecast forecast, double spreads) {
        double needed = withFloor(forecast, spreads);
        double surprise = withFloor(forecast, forecaster.exceededWith(SURPRISING));
        if (demand.instances() > surprise) {
            needed = Math.max(needed, withFloor(forecaster.afterBurst(horizon), spreads));
        }
        needed = Math.max(needed, Math.max(recurring(), rising()));
        if (!forecaster.knows(observedAt) || forecaster.isSteady()) {
            // The first day has no other to compare with, and a load that never changed has shown no errors: no less is
            // kept free than a plain tracker keeps.
            needed = Math.max(needed, forecaster.level(forecast.level()) / settings.target());
        }
        return needed;
    }

    /** Up to where a burst is expected that comes at this time every day; 0 for none. */
    private double recurring() {
        return forecaster.burst(observedAt, observedAt + horizon);
    }

    /** Up to where a burst usually grows that has just begun; 0 for none. It has to show its height once it was followed. */
    private double rising() {
        return forecaster.rising(horizon + interval);
    }

    private String burstWords(double needed) {
        if (needed > 0 && needed <= recurring()) {
            return " for a burst that comes at this time every day";
        }
        return needed > 0 && needed <= rising() ? " for a burst that has begun, as they usually are" : "";
    }

    /** What a load needs, at a guess, that cannot show it; 0 when it can. What was usual before it was seen may be chance. */
    private int guessed(Forecast forecast, double usualMost) {
        if (!demand.saturated()) {
            memory.saturation.ended();
            return 0;
        }
        double chance = forecast.followsBursts() ? usualMost : withFloor(forecast, forecaster.exceededWith(ORDINARY));
        double guess = memory.saturation.guess(
                now,
                demand.instances(),
                demand.serving(),
                in.desired(),
                usualMost,
                chance,
                PATIENCE * (horizon + interval));
        // One more at least, but a guess is not rounded up beyond what it allows for.
        return Math.max((int) (guess + ROUNDING), Math.min(demand.serving() + 1, ceil(guess)));
    }

    private double withFloor(Forecast forecast, double spreads) {
        double known = Math.min(forecast.plus(spreads), REACH * forecaster.highest());
        return Math.max(forecast.center() * (1 + settings.floor()), known);
    }

    /** Changes little things seldom: out with some room to spare, in only when more than that is free. */
    private int count(double needed) {
        int roomy = ceil(needed * (1 + ROOM));
        double lately = forecaster.level(Levels.TEN_MINUTES);
        if (ceil(needed) > in.desired()) {
            memory.anchor.hold(lately);
            return roomy;
        }
        if (needed * (1 + ROOM) >= in.desired() * (1 - SLACK)) {
            memory.anchor.hold(lately);
            return in.desired();
        }
        // What is believed of a load may change while the load does not: that alone takes nothing away.
        boolean fell = !forecaster.isSteady()
                || lately < memory.anchor.load() * (1 - FALL)
                || needed * (1 + ROOM) < in.desired() * (1 - GREAT_SLACK);
        int serving = ceil(Math.min(demand.instances(), forecaster.level(1)));
        return fell ? Math.min(in.desired(), Math.max(roomy, serving)) : in.desired();
    }

    private Recommendation answer(Forecast forecast, double spreads, double needed, int count) {
        if (isReplay) {
            return Recommendation.of(count, "as it was");
        }
        String unit = in.target().unit();
        String expected = demand.words() + (demand.saturated() ? " (saturated)" : "") + "; in "
                + Words.number(Math.rint(horizon)) + " s " + Words.number(forecast.center()) + " " + unit
                + " fully used are expected, from " + forecast.words() + ", and "
                + Words.number(needed - forecast.center()) + " more kept free" + burstWords(needed) + ": ";
        Recommendation.Capacity said = settings.forecastOnly()
                ? plain(expected + "would need " + Words.count(count, unit))
                : Recommendation.of(count, expected + verdict(count)).withDeadBandApplied();
        if (demand.lowerBound()) {
            said = said.asLowerBound();
        }
        String measured = settings.perInstance().isEmpty() ? Metric.CPU : "use";
        Map<String, Double> inputs = new LinkedHashMap<>();
        inputs.put(measured + ".utilisation.percent", 100 * demand.instances() / Math.max(1, demand.serving()));
        inputs.put(measured + ".target.percent", 100 * settings.target());
        inputs.put("demand." + unit, demand.instances());
        inputs.put("forecast." + unit, forecast.center());
        inputs.put("forecast.needed." + unit, needed);
        inputs.put("forecast.horizon.seconds", horizon);
        inputs.put("forecast.error." + unit, forecast.spread());
        inputs.put("forecast.errors.kept.free", spreads);
        inputs.put("burst.of.every.day." + unit, recurring());
        inputs.put("burst.begun." + unit, rising());
        inputs.put("plain.tracker." + unit, (double) memory.budget.count());
        inputs.put("missing." + unit, (double) demand.missing());
        inputs.put("saturated", demand.saturated() ? 1.0 : 0.0);
        return said.with(inputs).remembering(memory.state());
    }

    private String verdict(int count) {
        String unit = in.target().unit();
        return count == in.desired()
                ? "still needs " + Words.count(count, unit)
                : "needs " + Words.count(count, unit) + " instead of " + in.desired();
    }

    /** Shows the forecast, and recommends what a plain tracker would. */
    private Recommendation.Capacity plain(String reason) {
        ProportionalRule.Outcome outcome =
                ProportionalRule.total(demand.instances(), settings.target(), in.desired(), in.behavior());
        return Recommendation.of(
                        outcome.count(),
                        reason + "; only forecasting, it tracks a target of " + Words.percent(100 * settings.target()))
                .withDeadBandApplied();
    }

    /** {@return how many it would have asked for, for who only wants it to learn} */
    int replay() {
        isReplay = true;
        return recommend() instanceof Recommendation.Capacity ordered ? ordered.count() : in.desired();
    }

    private Recommendation setAside() {
        String unit = in.target().unit();
        return Beliefs.setAside(in, demand.words() + ", after " + Words.number(recent()) + " fully used " + unit)
                .with("demand." + unit, demand.instances())
                .remembering(memory.state());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static int ceil(double value) {
        return (int) Math.ceil(value - ROUNDING);
    }
}

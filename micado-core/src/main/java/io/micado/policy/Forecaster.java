package io.micado.policy;

import io.micado.api.scaling.Bounds;
import java.nio.ByteBuffer;

/**
 * Forecasts a load as far ahead as capacity takes to arrive, in several simple ways at once, and learns which of them would
 * have served best. Used by {@link PredictiveMemory}. Confined to one thread.
 *
 * <p>Each expert is one average of the load plus the usual rise of one season until then. When the time of a forecast has come,
 * each expert is charged what it would have cost: the capacity that it would have asked for, and a multiple of what that would
 * have left unserved. The one with the smallest bill over the last days forecasts (follow the leader among experts, with bills
 * that fade: Cesa-Bianchi and Lugosi, Prediction, Learning, and Games, 2006; the bill is that of the newsvendor). All experts
 * may spend the same, see {@link Budget}, so that the one wins that leaves least unserved for it.
 *
 * <p>Errors are compared across loads as multiples of the root of the load, as for arrivals by chance; the usual multiple is learned.
 */
final class Forecaster {
    private static final Season.Kind[] SEASONS = Season.Kind.values();
    private static final int EXPERTS = Levels.COUNT * SEASONS.length;

    /** What is left unserved costs so many times as much as what is too much. */
    private static final double PENALTY = 500;
    /** The bill of the leader is forgiven a hundredth, so that two equals do not alternate. */
    private static final double LOYALTY = 0.99;
    /** Nothing is planned for a load below this many instances as if it were less noisy than this one. */
    private static final double SMALL = 0.3;
    /** A load of which nothing is known is taken to be off by a tenth of its level in a forecast. */
    private static final double ASSUMED_ERROR = 0.1;

    private static final double ASSUMED_SECONDS = 600;
    private static final double LEAST_ERROR = 1e-3;
    private static final double MOST_ERROR = 20;
    private static final double HOUR = 3_600;
    private static final double DAY = 86_400;
    private static final double ERROR_HALF_LIFE = 2 * HOUR;
    private static final double MEAN_HALF_LIFE = 4 * DAY;

    private static final double LONGEST_STEP = 600;
    /** A burst goes beyond the level by so much at least, as a multiple and in instances. */
    private static final double BURST = 1.3;

    private static final double LEAST_BURST = 0.5;
    /** No burst is foretold to be so many times higher than all of the last days. */
    private static final double REACH = 1.3;

    /** …and no season leads so many times higher than that. */
    private static final double GROWTH = 1.05;

    private static final double HIGHEST_HALF_LIFE = 3 * DAY;
    /** So many bursts, as a share, are not higher than what is ordered for one on noise; where they are followed, none of the last is. */
    private static final double USUAL = 0.9;

    private final Levels levels;
    private final Season season;
    private final PendingForecasts pending;
    private final Steadiness steadiness;
    private final RecurringBursts bursts;
    private final BurstHeights heights;
    private final ErrorQuantiles[] quantiles = new ErrorQuantiles[EXPERTS];
    private final HourlyErrors[] hourly = new HourlyErrors[EXPERTS];
    private final double[] errors = new double[EXPERTS];
    private final double[] bills = new double[EXPERTS];
    private final double[] meanCenters = new double[EXPERTS];
    private final double[] meanSpreads = new double[EXPERTS];
    private int leader;
    private double judged;
    private double judgedAt = Double.NaN;
    private double seenAt = Double.NaN;
    private double highest;
    private double meanLoad;
    private double meanShort;

    Forecaster() {
        levels = new Levels();
        season = new Season();
        pending = new PendingForecasts(EXPERTS);
        steadiness = new Steadiness();
        bursts = new RecurringBursts();
        heights = new BurstHeights();
        for (int i = 0; i < EXPERTS; i++) {
            quantiles[i] = new ErrorQuantiles();
            hourly[i] = new HourlyErrors();
        }
    }

    Forecaster(ByteBuffer in) {
        levels = new Levels(in);
        season = new Season(in);
        pending = new PendingForecasts(EXPERTS, in);
        steadiness = new Steadiness(in);
        bursts = new RecurringBursts(in);
        heights = new BurstHeights(in);
        for (int i = 0; i < EXPERTS; i++) {
            quantiles[i] = new ErrorQuantiles(in);
            hourly[i] = new HourlyErrors(in);
            errors[i] = in.getFloat();
            bills[i] = in.getDouble();
            meanCenters[i] = in.getFloat();
            meanSpreads[i] = in.getFloat();
        }
        leader = in.getInt();
        judged = in.getDouble();
        judgedAt = in.getDouble();
        seenAt = in.getDouble();
        highest = in.getDouble();
        meanLoad = in.getDouble();
        meanShort = in.getDouble();
    }

    int bytes() {
        return Levels.BYTES
                + Season.BYTES
                + pending.bytes()
                + Steadiness.BYTES
                + RecurringBursts.BYTES
                + BurstHeights.BYTES
                + EXPERTS * (ErrorQuantiles.BYTES + HourlyErrors.BYTES + 4 * 5)
                + 4
                + 6 * 8;
    }

    void write(ByteBuffer out) {
        levels.write(out);
        season.write(out);
        pending.write(out);
        steadiness.write(out);
        bursts.write(out);
        heights.write(out);
        for (int i = 0; i < EXPERTS; i++) {
            quantiles[i].write(out);
            hourly[i].write(out);
            out.putFloat((float) errors[i]).putDouble(bills[i]);
            out.putFloat((float) meanCenters[i]).putFloat((float) meanSpreads[i]);
        }
        out.putInt(leader)
                .putDouble(judged)
                .putDouble(judgedAt)
                .putDouble(seenAt)
                .putDouble(highest)
                .putDouble(meanLoad)
                .putDouble(meanShort);
    }

    /** {@return when the latest sample was taken; NaN before the first} */
    double seenAt() {
        return seenAt;
    }

    /** {@return an average of the load, the first reaching back least} */
    double level(int index) {
        return levels.get(index);
    }

    /** {@return whether the leader takes a burst for the new level rather than for noise} */
    boolean followsBursts() {
        return Levels.isQuick(leader % Levels.COUNT);
    }

    /** {@return the highest load of the last days, which fades} */
    double highest() {
        return highest;
    }

    /** {@return which share of the load would have been left unserved lately if nothing extra had been spent} */
    double shortfall() {
        return meanLoad > 0 ? meanShort / meanLoad : 0;
    }

    /** {@return whether anything is known of this time of other days} */
    boolean knows(double second) {
        return season.knows(second);
    }

    /** {@return whether the load has hardly changed from one hour to the next so far} */
    boolean isSteady() {
        return steadiness.isSteady();
    }

    /** {@return how much few great errors outweigh many small ones, see {@link HourlyErrors#tail()}} */
    double tail() {
        return hourly[leader].tail();
    }

    /**
     * Learns from a sample.
     *
     * @param second when it was taken, by the wall clock, later than the one before
     * @param load how many fully used instances it stands for
     * @param saturated whether it may be more, since all there was is used
     * @param horizon for how long ahead of it capacity is ordered now, in seconds
     * @param affordable what may be spent on average, in instances
     * @param terms what is to be kept free in any case
     */
    void learn(double second, double load, boolean saturated, double horizon, double affordable, Terms terms) {
        double step = Double.isNaN(seenAt) ? terms.interval() : Math.min(second - seenAt, LONGEST_STEP);
        double recurring = Double.isNaN(seenAt) ? 0 : burst(second, second);
        seenAt = second;
        judge(second, load, recurring, affordable, terms);
        if (judged > HOUR) {
            double level = levels.get(Levels.TEN_MINUTES);
            double most = Math.max(
                    BURST * level,
                    level + spread(Levels.TEN_MINUTES, level, second) * spreads(Levels.TEN_MINUTES, affordable, terms));
            bursts.add(second, step, load, level, most + LEAST_BURST, saturated, highest);
            heights.add(second, load, level, saturated || load > most + LEAST_BURST);
        }
        highest = Math.max(load, highest * Math.pow(0.5, step / HIGHEST_HALF_LIFE));
        levels.add(load, step);
        season.add(second, load);
        if (judged > HOUR) {
            steadiness.add(second, levels.get(Levels.TEN_MINUTES));
        }
        if (pending.takes(second + horizon, horizon)) {
            pending.add(second + horizon, centers(second, second + horizon));
        }
    }

    /** {@return up to where a burst is expected that comes every day between these times; 0 for none} */
    double burst(double from, double to) {
        double over = bursts.expected(from, to);
        return over > 0 ? levels.get(Levels.TEN_MINUTES) + over : 0;
    }

    /** {@return how high the burst that has just begun may become; 0 for none} */
    double rising(double patience) {
        return Math.min(heights.expected(seenAt, patience, followsBursts() ? 1 : USUAL), REACH * highest);
    }

    /** {@return the leader's forecast for then, made at the time of the latest sample} */
    Forecast ahead(double horizon) {
        return forecast(leader, horizon);
    }

    /** {@return the forecast for then that takes the latest sample for the new level} */
    Forecast afterBurst(double horizon) {
        return forecast(leader - leader % Levels.COUNT, horizon);
    }

    /** {@return what is usual at that time, as far ahead as anybody likes; NaN when unknown} */
    double usual(double second) {
        return season.usual(Season.Kind.DAY, second);
    }

    /** {@return how many usual errors the leader may keep free, for so much on average} */
    double spreads(double affordable, Terms terms) {
        return spreads(leader, affordable, terms);
    }

    /** {@return how many usual errors the leader's forecasts are exceeded by with this probability} */
    double exceededWith(double probability) {
        return quantiles[leader].exceededWith(probability);
    }

    private Forecast forecast(int expert, double horizon) {
        Season.Kind kind = SEASONS[expert / Levels.COUNT];
        int level = expert % Levels.COUNT;
        double center = reached(levels.get(level), season.rise(kind, seenAt, seenAt + horizon));
        return new Forecast(center, spread(expert, center, seenAt + horizon), level, kind);
    }

    /** What was cut off on other days lets a rise look larger than it is: it ends little above the highest load of the last days. */
    private double reached(double level, double rise) {
        return Math.max(0, Math.min(level + rise, Math.max(level, GROWTH * highest)));
    }

    private float[] centers(double from, double to) {
        float[] centers = new float[EXPERTS];
        for (int kind = 0; kind < SEASONS.length; kind++) {
            double rise = season.rise(SEASONS[kind], from, to);
            for (int level = 0; level < Levels.COUNT; level++) {
                centers[kind * Levels.COUNT + level] = (float) reached(levels.get(level), rise);
            }
        }
        return centers;
    }

    private void judge(double second, double load, double recurring, double affordable, Terms terms) {
        float[] due = pending.takeDue(second);
        if (due.length == 0) {
            return;
        }
        double step = Double.isNaN(judgedAt) ? terms.interval() : Math.min(second - judgedAt, LONGEST_STEP);
        judgedAt = second;
        judged += step;
        double billsKept = Math.pow(0.5, step / DAY);
        double meanGain = Math.max(1 - Math.pow(0.5, step / MEAN_HALF_LIFE), step / judged);
        double errorGain = Math.max(1 - Math.pow(0.5, step / ERROR_HALF_LIFE), step / judged);
        for (int i = 0; i < EXPERTS; i++) {
            double center = Math.max(due[i], recurring);
            double spread = spread(i, center, second);
            double kept = spreads(i, affordable, terms);
            double asked = Math.max(center * (1 + terms.floor()), center + spread * kept);
            bills[i] = billsKept * bills[i] + step * (asked + PENALTY * Math.max(0, load - asked));
            quantiles[i].add((load - center) / spread, step);
            hourly[i].add(second, Math.min(MOST_ERROR, (load - center) / root(center)), step, judged);
            errors[i] += errorGain * (Math.min(MOST_ERROR, Math.abs(load - center) / root(center)) - errors[i]);
            // What runs because of the bounds costs the same whatever is kept free.
            double bare = terms.bounded(center);
            meanCenters[i] += meanGain * (bare - meanCenters[i]);
            meanSpreads[i] += meanGain * ((terms.bounded(center + spread * kept) - bare) / kept - meanSpreads[i]);
        }
        double asked = asked(leader, Math.max(due[leader], recurring), second, terms.basic(), terms);
        meanLoad += meanGain * (load - meanLoad);
        meanShort += meanGain * (Math.max(0, load - asked) - meanShort);
        elect();
    }

    private double asked(int expert, double center, double second, double affordable, Terms terms) {
        double spreads = spreads(expert, affordable, terms);
        return Math.max(center * (1 + terms.floor()), center + spread(expert, center, second) * spreads);
    }

    /** A load that hardly changes has no season: there, each day only looks a little like the day before by chance. */
    private void elect() {
        int candidates = isSteady() ? Levels.COUNT : EXPERTS;
        int best = leader < candidates ? leader : 0;
        double least = LOYALTY * bills[best];
        for (int i = 0; i < candidates; i++) {
            if (bills[i] < least) {
                best = i;
                least = bills[i];
            }
        }
        leader = best;
    }

    private double spreads(int expert, double affordable, Terms terms) {
        double most = quantiles[expert].exceededWith(terms.tolerated());
        double paid = (affordable - meanCenters[expert]) / Math.max(LEAST_ERROR, meanSpreads[expert]);
        return judged > 0 ? Math.max(terms.leastSpreads(), Math.min(most, paid)) : terms.leastSpreads();
    }

    private double spread(int expert, double center, double second) {
        double assumed = ASSUMED_ERROR * root(levels.get(0));
        double usual = (judged * errors[expert] + ASSUMED_SECONDS * assumed) / (judged + ASSUMED_SECONDS);
        return Math.max(LEAST_ERROR, usual + hourly[expert].at(second)) * root(center);
    }

    private static double root(double load) {
        return Math.sqrt(Math.max(load, SMALL));
    }

    /**
     * What forecasts have to keep to. Immutable.
     *
     * @param floor the share of the load that is kept free in any case
     * @param tolerated the probability with which a forecast may be exceeded, however much could be spent
     * @param leastSpreads how many usual errors are kept free, however little may be spent
     * @param interval the time between samples, in seconds
     * @param basic what may be spent on average if nothing extra is, in instances
     * @param bounds how many may run
     */
    record Terms(double floor, double tolerated, double leastSpreads, double interval, double basic, Bounds bounds) {

        /** {@return how many run when so many are asked for} */
        double bounded(double instances) {
            return Math.max(bounds.min(), Math.min(bounds.max(), instances));
        }
    }
}

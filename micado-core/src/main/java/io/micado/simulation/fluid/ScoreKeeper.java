package io.micado.simulation.fluid;

/** Adds up what a trial's scores are made of. Confined to one thread. */
final class ScoreKeeper {
    private static final double ROUNDING = 1e-9;

    private final TrialSetting setting;
    private double time;
    private double offered;
    private double unserved;
    private double underTime;
    private double overTime;
    private double under;
    private double over;
    private double instanceSeconds;

    ScoreKeeper(TrialSetting setting) {
        this.setting = setting;
    }

    /** Adds a time in which nothing changed: of all instances some are ready, and of those some serve. */
    void add(double seconds, double rate, int serving, int ready, int count) {
        double served = serving * setting.capacity();
        int needed = setting.needed(rate);
        time += seconds;
        offered += rate * seconds;
        instanceSeconds += count * seconds;
        if (rate > served * (1 + ROUNDING)) {
            unserved += (rate - served) * seconds;
            underTime += seconds;
        }
        if (needed > serving) {
            under += seconds * (needed - serving) / needed;
        } else if (needed < ready) {
            overTime += seconds;
            over += seconds * (ready - needed) / Math.max(1, needed);
        }
    }

    double seconds() {
        return time;
    }

    double unservedShare() {
        return offered > 0 ? unserved / offered : 0;
    }

    double underTimeShare() {
        return underTime / time;
    }

    double overTimeShare() {
        return overTime / time;
    }

    double underAccuracy() {
        return under / time;
    }

    double overAccuracy() {
        return over / time;
    }

    double instanceHours() {
        return instanceSeconds / 3_600;
    }

    double offered() {
        return offered;
    }
}

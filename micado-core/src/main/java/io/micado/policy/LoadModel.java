package io.micado.policy;

import java.util.Arrays;

/** Everything learned of one load. */
final class LoadModel {
    static final double[] HALF_LIVES = {0, 120, 600, 1_500};
    static final int SEASONS = 3;
    static final int EXPERTS = HALF_LIVES.length * SEASONS;
    static final int PENDING = 16;

    final double[] levels = new double[HALF_LIVES.length];
    final double[] levelWeights = new double[HALF_LIVES.length];
    Season season = new Season();
    final ErrorQuantiles[] errors = new ErrorQuantiles[EXPERTS];
    final double[] fast = new double[EXPERTS];
    final double[] slow = new double[EXPERTS];
    final double[] loss = new double[EXPERTS];
    double evaluated;
    double lossWeight;
    int chosen = 0;
    double[][] pending = new double[PENDING][];
    int pendingCount;
    double lastSample = Double.NaN;
    double unit = 1;
    final double[] mc = new double[EXPERTS], ms = new double[EXPERTS];
    double meanC, budgetMean = Double.NaN, meanA;


    LoadModel() {
        for (int i = 0; i < EXPERTS; i++) {
            errors[i] = new ErrorQuantiles();
        }
    }

    LoadModel copy() {
        LoadModel c = new LoadModel();
        System.arraycopy(levels, 0, c.levels, 0, levels.length);
        System.arraycopy(levelWeights, 0, c.levelWeights, 0, levels.length);
        c.season = season.copy();
        for (int i = 0; i < EXPERTS; i++) {
            c.errors[i] = errors[i].copy();
        }
        System.arraycopy(fast, 0, c.fast, 0, EXPERTS);
        System.arraycopy(slow, 0, c.slow, 0, EXPERTS);
        System.arraycopy(loss, 0, c.loss, 0, EXPERTS);
        c.evaluated = evaluated;
        c.lossWeight = lossWeight;
        c.chosen = chosen;
        c.pending = Arrays.copyOf(pending, pending.length);
        c.pendingCount = pendingCount;
        c.lastSample = lastSample;
        c.unit = unit;
        return c;
    }

    /** One new sample, in instances. horizon counts from the sample. */
    void observe(double second, double y, double horizon, double p) {
        double dt = Double.isNaN(lastSample) ? 15 : second - lastSample;
        if (dt <= 0) {
            return;
        }
        lastSample = second;
        judge(second, y, p);
        for (int i = 0; i < levels.length; i++) {
            double keep = HALF_LIVES[i] == 0 ? 0 : Math.pow(0.5, dt / HALF_LIVES[i]);
            levelWeights[i] = keep * levelWeights[i] + (1 - keep);
            levels[i] += (1 - keep) / levelWeights[i] * (y - levels[i]);
        }
        season.add(second, y);
        remember(second, horizon);
    }

    private void remember(double second, double horizon) {
        double spacing = horizon / (PENDING - 2);
        if (pendingCount > 0 && second - pending[pendingCount - 1][0] + horizon < spacing) {
            return;
        }
        if (pendingCount == PENDING) {
            System.arraycopy(pending, 1, pending, 0, --pendingCount);
        }
        double[] f = new double[1 + EXPERTS];
        f[0] = second + horizon;
        for (int i = 0; i < EXPERTS; i++) {
            f[1 + i] = center(i, second, second + horizon);
        }
        pending[pendingCount++] = f;
    }

    private void judge(double second, double y, double p) {
        int due = 0;
        while (due < pendingCount && pending[due][0] <= second + 1e-6) {
            due++;
        }
        if (due == 0) {
            return;
        }
        double[] f = pending[due - 1];
        System.arraycopy(pending, due, pending, 0, pendingCount - due);
        pendingCount -= due;
        double dt = 15;
        double kf = Math.pow(0.5, dt / (3600 * Tune.FAST));
        double ks = Math.pow(0.5, dt / 86_400);
        double kl = Math.pow(0.5, dt / (3_600 * Tune.LOSSHL));
        double kh = Math.pow(0.5, dt / (Tune.HH * 86_400));
        evaluated += dt;
        lossWeight = kl * lossWeight + 1;
        int best = chosen;
        for (int i = 0; i < EXPERTS; i++) {
            double c = f[1 + i];
            double root = Math.sqrt(Math.max(c, 0.3 * unit));
            double s = root * spread(i);
            double ps = Tune.PSEL;
            double cap = Math.max(c * (1 + Tune.FLOOR), c + s * multiple(i));
            double l = cap + Math.max(0, y - cap) / ps;
            loss[i] = kl * loss[i] + l;
            double km = Math.max(1 - ks, dt / evaluated);
            mc[i] += km * (c - mc[i]);
            ms[i] += km * (s - ms[i]);
            if (i == chosen) {
                meanC += km * (c + s * multiple(i) - meanC);
            }
            double z = (y - c) / s;
            errors[i].add(z, kh);
            double a = Math.min(20, Math.abs(y - c) / root);
            double n = evaluated / dt;
            fast[i] += Math.max(1 - kf, 1 / n) * (a - fast[i]);
            slow[i] += Math.max(1 - ks, 1 / n) * (a - slow[i]);
        }
        for (int i = 0; i < EXPERTS; i++) {
            if (loss[i] < loss[best] * (best == chosen ? 0.99 : 1)) {
                best = i;
            }
        }
        chosen = Tune.FORCE >= 0 ? (int) Tune.FORCE : best;
    }

    double multiple(int i) {
        double most = errors[i].exceededWith(Tune.PMIN);
        double o = evaluated > 600 && meanC > 0 ? Math.max(0.9, Math.min(1.5, meanA / meanC)) : 1.1;
        double q = ms[i] > 0 ? (budgetMean / o - mc[i]) / ms[i] : 3;
        return Math.max(0.5, Math.min(most, q));
    }

    double spread(int i) {
        double prior = 0.1 * Math.sqrt(Math.max(levels[0], 0.3 * unit));
        double n = evaluated / 15;
        double v = Tune.MIX * fast[i] + (1 - Tune.MIX) * slow[i];
        return Math.max(1e-3 * Math.sqrt(unit), (n * v + 40 * prior) / (n + 40));
    }

    double center(int expert, double from, double to) {
        double level = levels[expert % HALF_LIVES.length];
        int kind = expert / HALF_LIVES.length;
        if (kind == 0) {
            return level;
        }
        int half = kind == 1 ? 0 : 10;
        double before = season.at(from, half);
        double most = Double.NEGATIVE_INFINITY;
        for (double t = to + Tune.AHEAD; ; t -= 60) {
            double at = season.at(Math.max(from, t), half);
            if (!(at <= most)) {
                most = at;
            }
            if (t <= from) {
                break;
            }
        }
        double change = most - before;
        return Double.isNaN(change) ? level : Math.max(0, level + change);
    }

    double upper(int i, double from, double to, double p) {
        double c = center(i, from, to);
        double s = Math.sqrt(Math.max(c, 0.3 * unit)) * spread(i);
        return Math.max(c * (1 + Tune.FLOOR), c + s * (p > 0 ? errors[i].exceededWith(p) : multiple(i)));
    }
}

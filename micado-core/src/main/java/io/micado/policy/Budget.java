package io.micado.policy;

/** What a plain tracker would run, and how much of it is left. */
final class Budget {
    private static final int BUCKETS = 20;
    private static final double BUCKET = 15;

    private final double[] highest = new double[BUCKETS];
    private long bucket = Long.MIN_VALUE;
    private double count;
    private double mean;
    private double seen;
    private double credit;
    private double hours;
    double meanA;
    private double logp = log2(Tune.P0);

    Budget() {}

    private Budget(Budget o) {
        System.arraycopy(o.highest, 0, highest, 0, BUCKETS);
        bucket = o.bucket;
        count = o.count;
        mean = o.mean;
        seen = o.seen;
        credit = o.credit;
        hours = o.hours;
        logp = o.logp;
    }

    Budget copy() {
        return new Budget(this);
    }

    final double[] lowest = new double[BUCKETS];

    void pass(double second, double dt, double need, double target, int desired, double lead) {
        double served = count;
        long nb = (long) Math.floor(second / BUCKET);
        int back = Math.min(BUCKETS - 1, (int) Math.round(lead / BUCKET));
        for (int i = 0; i <= back; i++) {
            if (bucket != Long.MIN_VALUE && nb - i <= bucket && bucket - (nb - i) < BUCKETS) {
                double low = lowest[(int) Math.floorMod(nb - i, (long) BUCKETS)];
                served = low > 0 ? Math.min(served, low) : served;
            }
        }
        need = count > 0 ? Math.min(need, served) : need;
        double ratio = count > 0 ? need / (target * count) : 0;
        double raw = count > 0 && Math.abs(ratio - 1) <= 0.1 ? count : Math.max(1, Math.ceil(need / target - 1e-9));
        long b = (long) Math.floor(second / BUCKET);
        if (b != bucket) {
            for (long i = Math.max(bucket, b - BUCKETS) + 1; i <= b; i++) {
                highest[(int) Math.floorMod(i, (long) BUCKETS)] = 0;
                lowest[(int) Math.floorMod(i, (long) BUCKETS)] = count;
            }
            bucket = b;
        }
        int place = (int) Math.floorMod(b, (long) BUCKETS);
        highest[place] = Math.max(highest[place], raw);
        double high = 0;
        for (double h : highest) {
            high = Math.max(high, h);
        }
        count = Math.min(Math.max(count, raw), high);
        lowest[place] = lowest[place] > 0 ? Math.min(lowest[place], count) : count;
        if (dt > 0) {
            seen = Math.min(seen + dt, 86_400);
            mean += (count - mean) * Math.min(1, dt / seen);
            hours += dt / 3_600;
            meanA += (desired - meanA) * Math.min(1, dt / seen);
            credit = credit * Math.pow(0.5, dt / (Tune.CH * 3_600)) + (Tune.M * count - desired) / Math.max(1, mean) * dt / 3_600;
        }
    }

    double count() {
        return count;
    }

    double mean() { return mean * (Tune.M + Math.max(-.2, Math.min(.2, credit / Tune.K))); }

    double credit() {
        return credit;
    }

    double tolerated() {
        return Math.pow(2, logp);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}

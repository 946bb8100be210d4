package io.micado.policy;

import io.micado.simulation.fluid.*;

/** Research. */
public final class LabPredictive implements Autoscaler {
    final LoadModel model = new LoadModel();
    final Budget budget = new Budget();
    final TrialSetting setting;
    final double target;
    int satSteps; int satSince;
    double satCap;
    final java.util.ArrayDeque<double[]> recs = new java.util.ArrayDeque<>();
    final int window;
    public final int[] chosen = new int[LoadModel.EXPERTS];
    double psum; int pn;

    public LabPredictive(TrialSetting s, double target) {
        setting = s;
        this.target = target;
        window = s.level() == io.micado.api.scaling.TargetId.Level.POOL ? 600 : 300;
    }

    @Override
    public int decide(Observation seen) {
        int n = seen.desired();
        if (seen.measured() == 0) return n;
        double t = seen.second() - setting.lag() - setting.window() / 2;
        double y = seen.utilisation() * seen.measured();
        boolean sat = seen.utilisation() >= 0.95;
        double p = 0;
        double horizon = seen.second() + setting.lead() + setting.interval() - t;
        model.observe(t, y, horizon, p);
        budget.pass(seen.second(), setting.interval(), y, target, n, setting.lead());
        model.budgetMean = budget.mean(); model.meanA = budget.meanA; psum += model.multiple(model.chosen); pn++;
        chosen[model.chosen]++;
        double c = model.upper(model.chosen, t, t + horizon, p);
        double now = y;
        double env = model.upper(model.chosen, t, t + horizon, Tune.BURST);
        if (y > env) c = Math.max(c, model.upper(0, t, t + horizon, p));
        if (model.evaluated < 1800) c = Math.max(c, model.levels[1] / target);
        if (Tune.FIRST > 0 && Double.isNaN(model.season.at(t, 0))) c = Math.max(c, Tune.FIRST * model.center(model.chosen, t, t) / target);
        if (sat) {
            if (satSteps == 0) satSince = seen.second();
            if (satSteps == 0 || (seen.measured() > satCap)) { satSteps++; satCap = Math.max(satCap, seen.measured()); }
            double boost = seen.measured() * Math.pow(1.6, satSteps);
            if (seen.second() - satSince < Tune.SATT * (horizon + setting.interval())) boost = Math.min(boost, Math.max(model.chosen % 4 < 2 ? env : model.upper(model.chosen, t, t + horizon, Tune.ENVP), Tune.SATF * seen.measured()));
            if (seen.measured() > env || seen.second() - satSince >= Tune.SATT * (horizon + setting.interval())) boost = seen.measured() * Math.pow(1.6, satSteps);
            c = Math.max(c, boost);
        } else { satSteps = 0; satCap = 0; }
        if (Tune.DBG > 1 && seen.second() % 600 == 0) System.out.printf("%6d y %.1f n %d chosen %d center %.1f spread*root %.2f q %.2f p %.4f c %.1f env %.1f credit %.2f shadow %.0f%n", seen.second(), y, n, model.chosen, model.center(model.chosen,t,t+horizon), model.spread(model.chosen)*Math.sqrt(model.center(model.chosen,t,t+horizon)), model.multiple(model.chosen), model.meanA/model.meanC, c, env, budget.credit(), budget.count());
        int raw;
        int need = (int) Math.ceil(c - 1e-9);
        if (need > n) raw = (int) Math.ceil(c * (1 + Tune.OUTX) - 1e-9);
        else if (c * (1 + Tune.OUTX) < n * (1 - Tune.INX)) raw = (int) Math.ceil(c * (1 + Tune.OUTX) - 1e-9);
        else raw = n;
        raw = Math.max(1, raw); if (raw < n) raw = Math.min(n, Math.max(raw, (int) Math.ceil(Math.min(now, model.levels[1]) - 1e-9)));
        recs.addLast(new double[] {seen.second(), raw});
        while (recs.getFirst()[0] <= seen.second() - window) recs.removeFirst();
        int hi = 0;
        for (double[] r : recs) hi = Math.max(hi, (int) r[1]);
        int des = Math.min(Math.max(n, raw), hi);
        if (des < n && window == 600) des = Math.max(des, Math.min(n - 1, (int) Math.floor(n * 0.9)));
        return des;
    }

    public String report() {
        return "q~" + String.format("%.4f o %.3f", psum / Math.max(1, pn), model.meanA / model.meanC) + " credit " + String.format("%.1f", budget.credit()) + " chosen " + java.util.Arrays.toString(chosen);
    }
}

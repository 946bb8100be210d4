package io.micado.examples.bench;

import io.micado.examples.bench.baseline.Baselines;
import io.micado.policy.*;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.*;
import java.nio.file.*;
import java.util.*;

public final class Sweep {
    static final java.time.Duration LAG = java.time.Duration.ofSeconds(Integer.getInteger("lag", 15));
    record Case(String name, LoadTrace t, boolean w, TrialResult o, TrialResult h, TrialResult m) {}

    static String days(Case k, TrialResult r) {
        double c = k.t.peak() / 50; double[] u = new double[40]; double[] h = new double[40]; double tot = 0; int last = 0;
        var ss = r.samples();
        for (int i = 0; i < ss.size(); i++) {
            int d = ss.get(i).second() / 86400; last = d;
            double t = ss.get(i).second(); double load = k.t.total(t, t + 15) / 15;
            double ready = ss.get(i).ready();
            u[d] += Math.max(0, load - ready * c); tot += load; h[d] += ss.get(i).desired() / 240.0;
        }
        StringBuilder b = new StringBuilder();
        for (int d = 0; d <= last; d++) b.append(String.format(Locale.ROOT, "%.4f(%.0f) ", 100 * u[d] / tot, h[d]));
        return b.toString();
    }

    public static void main(String[] a) throws Exception {
        List<Case> cases = new ArrayList<>();
        String levels = System.getProperty("levels", "w");
        try (var files = Files.list(Path.of(System.getProperty("traces", "/work/shared/traces")))) {
            for (Path f : files.filter(p -> p.toString().endsWith(".csv")).sorted().toList()) {
                LoadTrace t = LoadTrace.read(f);
                for (boolean w : levels.equals("ws") ? new boolean[] {true, false} : new boolean[] {levels.equals("w")}) {
                    TrialResult[] r = new TrialResult[3];
                    int i = 0;
                    for (String n : List.of("oracle", "hpa-70", "micado-0.3")) {
                        var trial = PolicyTrial.of(Baselines.all().get(n)).trace(t);
                        r[i++] = (w ? trial.workers() : trial.replicas()).sensingLag(LAG).run();
                    }
                    cases.add(new Case(f.getFileName().toString().replace(".csv", "").replace("ms-db-query-", "").replace("-http", ""), t, w, r[0], r[1], r[2]));
                }
            }
        }
        // args: NAME=v1,v2,...
        List<String[]> combos = new ArrayList<>();
        combos.add(new String[0]);
        for (String arg : a) {
            String[] kv = arg.split("=");
            List<String[]> next = new ArrayList<>();
            for (String[] c : combos) {
                for (String v : kv[1].split(",")) {
                    String[] n = Arrays.copyOf(c, c.length + 1);
                    n[c.length] = kv[0] + "=" + v;
                    next.add(n);
                }
            }
            combos = next;
        }
        for (String[] c : combos) {
            for (String kv : c) {
                System.setProperty(kv.split("=")[0], kv.split("=")[1]);
            }
            StringBuilder b = new StringBuilder(String.format("%-40s", String.join(" ", c)));
            long t0 = System.nanoTime();
            for (Case k : cases) {
                var trial = PolicyTrial.of(Predictive.target(0.7)).trace(k.t);
                TrialResult x = (k.w ? trial.workers() : trial.replicas()).sensingLag(LAG).run();
                b.append(String.format(Locale.ROOT, "| %s%s u%.4f x%.2f c%.3f/%.3f a%.1f ", k.w ? "" : "S:", k.name.substring(0, Math.min(9,k.name.length())), 100 * x.unservedShare(), x.unservedShare() / Math.max(1e-9, k.h.unservedShare()),
                    x.instanceHours() / k.o.instanceHours(), k.h.instanceHours() / k.o.instanceHours(), x.actionsPerDay() / k.h.actionsPerDay()));
                if (Boolean.getBoolean("dbg")) b.append("\n   byday ").append(days(k, x)).append("\n   hpa   ").append(days(k, k.h)).append("\n");
            }
            System.out.println(b + " " + (System.nanoTime() - t0) / 1000000 + "ms");
        }
    }
}

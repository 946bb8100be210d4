package io.micado.examples.bench;

import io.micado.api.scaling.PolicySpec;
import io.micado.examples.bench.baseline.Baselines;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.*;
import java.nio.file.*;
import java.util.*;

public final class Lab {
    public static void main(String[] a) throws Exception {
        try (var files = Files.list(Path.of("/work/shared/traces"))) {
            for (Path f : files.filter(p -> p.toString().endsWith(".csv")).sorted().toList()) {
                LoadTrace t = LoadTrace.read(f);
                for (boolean w : new boolean[] {true, false}) {
                    double oracle = 0;
                    for (var e : Baselines.all().entrySet()) {
                        long t0 = System.nanoTime();
                        var trial = PolicyTrial.of(e.getValue()).trace(t);
                        TrialResult r = (w ? trial.workers() : trial.replicas()).run();
                        if (e.getKey().equals("oracle")) oracle = r.instanceHours();
                        print(f, w, e.getKey(), r, oracle, t0);
                    }
                    for (String p : List.of("target-tracking", "threshold")) {
                        long t0 = System.nanoTime();
                        var trial = PolicyTrial.of(PolicySpec.of(p)).trace(t);
                        TrialResult r = (w ? trial.workers() : trial.replicas()).run();
                        print(f, w, p, r, oracle, t0);
                    }
                }
            }
        }
    }

    static void print(Path f, boolean w, String n, TrialResult r, double oracle, long t0) {
        System.out.printf(Locale.ROOT, "%-26s %-7s %-16s under %6.3f%%  unserved %7.4f%%  vs oracle %6.3f  act/day %7.1f rev %5d  %4d ms%n",
                f.getFileName().toString().replace(".csv", ""), w ? "worker" : "service", n, 100 * r.underTimeShare(), 100 * r.unservedShare(),
                r.instanceHours() / oracle, r.actionsPerDay(), r.reversals(), (System.nanoTime() - t0) / 1000000);
    }
}

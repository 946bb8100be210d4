package io.micado.examples.bench;

import io.micado.examples.bench.baseline.Baselines;
import io.micado.policy.LabPredictive;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.*;
import java.nio.file.*;
import java.util.*;

public final class Lab2 {
    public static void main(String[] a) throws Exception {
        boolean both = a.length > 0;
        try (var files = Files.list(Path.of("/work/shared/traces"))) {
            for (Path f : files.filter(p -> p.toString().endsWith(".csv")).sorted().toList()) {
                LoadTrace t = LoadTrace.read(f);
                for (boolean w : both ? new boolean[] {true, false} : new boolean[] {true}) {
                    TrialResult[] r = new TrialResult[3];
                    int i = 0;
                    for (String n : List.of("oracle", "hpa-70", "micado-0.3")) {
                        var trial = PolicyTrial.of(Baselines.all().get(n)).trace(t);
                        r[i++] = (w ? trial.workers() : trial.replicas()).run();
                    }
                    LabPredictive[] keep = new LabPredictive[1];
                    var trial = PolicyTrial.of(s -> keep[0] = new LabPredictive(s, 0.7)).trace(t);
                    long t0 = System.nanoTime();
                    TrialResult x = (w ? trial.workers() : trial.replicas()).run();
                    double o = r[0].instanceHours();
                    System.out.printf(Locale.ROOT, "%-24s %-7s uns %7.4f (hpa %6.4f x%5.2f; mic %6.4f) cost %5.3f (hpa %5.3f; mic*.65 %5.3f) act %5.0f (hpa %4.0f) %s %d ms%n",
                        f.getFileName().toString().replace(".csv", ""), w ? "worker" : "service", 100 * x.unservedShare(), 100 * r[1].unservedShare(), x.unservedShare() / r[1].unservedShare(), 100 * r[2].unservedShare(),
                        x.instanceHours() / o, r[1].instanceHours() / o, .65 * r[2].instanceHours() / o, x.actionsPerDay(), r[1].actionsPerDay(), keep[0].report(), (System.nanoTime() - t0) / 1000000);
                }
            }
        }
    }
}

package io.micado.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.policy.TargetTracking;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/**
 * Measures how much CPU one simulated day takes: a service under a load like a day's, on some ten workers, with the whole loop. Prints
 * the first day of a JVM, most of which is the just-in-time compiler's, and the best of the days after it. Run from the command
 * line; takes about half a minute.
 */
public final class SimulationBench {
    private static final int DAYS = 15;

    private SimulationBench() {}

    /** Runs all measurements and prints a line for each; arguments are the intervals between passes in seconds, by default 5 and 15. */
    public static void main(String[] arguments) {
        String[] paces = arguments.length == 0 ? new String[] {"5", "15"} : arguments;
        for (String pace : paces) {
            days(Duration.ofSeconds(Long.parseLong(pace)));
        }
    }

    private static void days(Duration pace) {
        String what = "a simulated day with a pass every " + pace.toSeconds() + " s, ";
        try (Scenario scenario = scenario(pace)) {
            double best = Double.MAX_VALUE;
            for (int day = 0; day < DAYS; day++) {
                long thread = threadCpu();
                long process = processCpu();
                scenario.run(Duration.ofDays(1));
                double seconds = (threadCpu() - thread) / 1e9;
                if (day == 0) {
                    print(what + "the first, CPU seconds", seconds);
                    print(what + "the first, of the whole process", (processCpu() - process) / 1e9);
                } else {
                    best = Math.min(best, seconds);
                }
            }
            print(what + "best of " + (DAYS - 1) + " more", best);
        }
    }

    private static Scenario scenario(Duration pace) {
        return Scenario.builder()
                .seed(1)
                .metricInterval(pace)
                .micado(micado -> micado.passInterval(pace))
                .workers(1, 20, "medium")
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(1, 1024))
                                .replicas(1, 80)
                                .policy(TargetTracking.cpu(0.6))
                                .build(),
                        Workload.sine(16, 10, Duration.ofDays(1)),
                        1)
                .build();
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long processCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void print(String what, double value) {
        System.out.printf(Locale.ROOT, "%-78s %8.2f%n", what, value);
    }
}

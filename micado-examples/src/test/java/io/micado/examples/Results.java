package io.micado.examples;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.simulation.Bill;
import io.micado.simulation.ClusterCounters;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.ScenarioResult.Point;
import io.micado.simulation.ScenarioResult.ServicePoint;
import io.micado.simulation.ServedWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Results of scenarios, made by hand. */
final class Results {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Results() {}

    /** Two hours of a service: one replica on one of two machines, then three on both, then none served for a minute. */
    static ScenarioResult of(String service, List<Decision> decisions) {
        return new ScenarioResult(
                7,
                Duration.ofHours(2),
                Map.of(service, new ScenarioResult.ServiceResult(new ServedWork(1000, 990), 4, 3)),
                new Bill(3, 4, 0.3, 0.4),
                2,
                0,
                new ClusterCounters(3, 0, 0, 0, 0, 0),
                List.of(
                        point(Duration.ofMinutes(1), service, new ServicePoint(10, 10, 2, 1), 0, 1),
                        point(Duration.ofMinutes(2), service, new ServicePoint(10, 10, 2, 2), 1, 1),
                        point(Duration.ofHours(1), service, new ServicePoint(30, 20, 3, 3), 2, 2),
                        point(Duration.ofHours(2), service, new ServicePoint(30, 30, 3, 3), 2, 2)),
                decisions);
    }

    private static Point point(Duration at, String service, ServicePoint sample, int ready, int machines) {
        return new Point(at, START.plus(at), Map.of(service, sample), ready, machines);
    }

    static Decision decision(TargetId target, Duration at, int from, int to, String reason) {
        return new Decision(
                target,
                START.plus(at),
                from,
                to,
                OptionalInt.of(to),
                "target-tracking",
                Map.of("cpu.ratio", 1.25),
                List.of(new Decision.Step(Rule.RECOMMENDATION, from, to, reason)),
                Rule.NONE,
                reason,
                1,
                START.plus(at));
    }
}

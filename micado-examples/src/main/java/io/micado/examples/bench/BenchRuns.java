package io.micado.examples.bench;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.examples.bench.baseline.Baselines;
import io.micado.policy.Predictive;
import io.micado.policy.TargetTracking;
import io.micado.policy.Threshold;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.PolicyTrial;
import io.micado.simulation.fluid.TrialResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs every policy on every trace at both levels. Immutable. */
final class BenchRuns {
    private static final long SEED = 1;
    private static final double FAILING = 0.5;
    /** Who is tried on changed copies of the traces too. */
    private static final Set<String> ON_COPIES = Set.of(Baselines.ORACLE, "micado-0.3", "hpa-70", Predictive.TYPE);

    private final BenchOptions options;
    private final BenchWorld world;

    BenchRuns(BenchOptions options) {
        this.options = options;
        world = options.world();
    }

    /** {@return a row for each policy and level, oracle first} */
    List<BenchRow> run(String name, LoadTrace trace) {
        return run(name, trace, policy -> true);
    }

    /** {@return a row for each of the policies that matter most, level and changed copy of these traces; on all cores} */
    List<BenchRow> runCopies(Map<String, LoadTrace> traces) {
        Predicate<String> wanted = policy -> ON_COPIES.contains(policy) || policy.equals(tracking());
        return new TraceCopies(SEED)
                .of(traces).entrySet().parallelStream()
                        .flatMap(copy -> run(copy.getKey(), copy.getValue(), wanted).stream()
                                .map(BenchRow::scores))
                        .toList();
    }

    private List<BenchRow> run(String name, LoadTrace trace, Predicate<String> wanted) {
        List<BenchRow> rows = new ArrayList<>();
        for (TargetId.Level level : List.of(TargetId.Level.POOL, TargetId.Level.SERVICE)) {
            Map<String, Supplier<PolicyTrial>> policies = policies(level, trace);
            TrialResult oracle =
                    Objects.requireNonNull(policies.get(Baselines.ORACLE)).get().run();
            policies.keySet().removeIf(wanted.negate());
            policies.forEach((policy, trial) -> rows.add(row(name, trace, policy, level, trial, oracle)));
        }
        return rows;
    }

    /** {@return the autoscaler that costs as much as the default policy, at each level of these rows of a trace} */
    List<EqualCost> equalCosts(List<BenchRow> rows) {
        return rows.stream()
                .filter(row -> row.policy().equals(Predictive.TYPE))
                .map(row -> EqualCost.of(
                        row,
                        target -> world.at(level(row), PolicyTrial.of(Baselines.hpa(target)), row.load())
                                .run()))
                .toList();
    }

    private static TargetId.Level level(BenchRow row) {
        return row.level().equals("worker") ? TargetId.Level.POOL : TargetId.Level.SERVICE;
    }

    private BenchRow row(
            String name,
            LoadTrace trace,
            String policy,
            TargetId.Level level,
            Supplier<PolicyTrial> trial,
            TrialResult oracle) {
        TrialResult result =
                policy.equals(Baselines.ORACLE) ? oracle : trial.get().run();
        Optional<RequestQueue.Waiting> waiting = options.queue()
                ? Optional.of(RequestQueue.simulate(trace, world.capacity(trace), result.serving(), SEED))
                : Optional.empty();
        Optional<Duration> recovery = options.faults()
                ? trial.get().failing(BusyMoment.of(trace), FAILING).run().recovery()
                : Optional.empty();
        String levelName = level == TargetId.Level.POOL ? "worker" : "service";
        return new BenchRow(name, trace, world.capacity(trace), policy, levelName, result, oracle, waiting, recovery);
    }

    private Map<String, Supplier<PolicyTrial>> policies(TargetId.Level level, LoadTrace trace) {
        Map<String, Supplier<PolicyTrial>> policies = new LinkedHashMap<>();
        Baselines.all(level)
                .forEach((name, factory) -> policies.put(name, () -> world.at(level, PolicyTrial.of(factory), trace)));
        products(trace)
                .forEach((name, policy) -> policies.put(name, () -> world.at(level, PolicyTrial.of(policy), trace)));
        return policies;
    }

    /** {@return the name of the target tracker, which tells its target} */
    private String tracking() {
        return "target-tracking-"
                + BigDecimal.valueOf(world.targetPercent()).stripTrailingZeros().toPlainString();
    }

    private Map<String, PolicySpec> products(LoadTrace trace) {
        Map<String, PolicySpec> products = new LinkedHashMap<>();
        products.put("threshold", Threshold.builder().build());
        double target = world.targetPercent() / 100;
        products.put(tracking(), TargetTracking.cpu(target));
        products.put(Predictive.TYPE, Predictive.target(target));
        // What the host program itself knows: requests per second, which do not saturate.
        products.put(
                "predictive-requests",
                Predictive.builder()
                        .target(target)
                        .perInstance(PolicyTrial.REQUESTS, world.capacity(trace))
                        .build());
        return products;
    }
}

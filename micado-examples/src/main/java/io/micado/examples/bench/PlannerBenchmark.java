package io.micado.examples.bench;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.ClusterState;
import io.micado.internal.plan.Plan;
import io.micado.internal.plan.Planner;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.plan.TwoLevelPlanner;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long one pass of the planner takes on large infrastructures, in four situations. Run by JMH, on its own threads:
 *
 * <pre>
 * mvn -q -Pbench -pl micado-examples -am -DskipTests package -Dbench=PlannerBenchmark
 * </pre>
 *
 * <p>The heap is one gigabyte, so that a run that needs more fails.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and the set-up the rest
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 2, time = 8)
public class PlannerBenchmark {
    /** Workers, tasks and services. */
    @Param({"1000x30000x300", "10000x100000x1000"})
    public String size;

    /** What the infrastructure is like. */
    @Param
    public Situation situation;

    /** What the infrastructure is like. */
    public enum Situation {
        /** Everything is as it is wanted. */
        QUIET,
        /** A fifth of the tasks have no place. */
        PENDING,
        /** Every worker is under-used, and the policies want half of them. */
        UNDERUSED,
        /** A third of the workers is down, and their tasks have no place. */
        DOWN
    }

    private final Planner planner = new TwoLevelPlanner();
    private ClusterState state;
    private Map<TargetId, Recommendation> recommendations;
    private PlannerMemory memory;

    /** Builds the infrastructure. */
    @Setup
    public void build() {
        LargeInfrastructure infrastructure = LargeInfrastructure.of(size, situation);
        state = infrastructure.state();
        recommendations = infrastructure.recommendations();
        memory = infrastructure.memory();
        Plan plan = planner.plan(state, recommendations, memory);
        System.out.printf(
                "%n%s %s plans %d actions%n", size, situation, plan.actions().size());
    }

    /** Plans one pass. */
    @Benchmark
    public Plan plan() {
        return planner.plan(state, recommendations, memory);
    }
}

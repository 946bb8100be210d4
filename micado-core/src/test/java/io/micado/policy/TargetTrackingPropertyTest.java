package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.TaskState.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;

class TargetTrackingPropertyTest {
    private static final double TARGET = 0.6;
    private static final Scaler CPU = Policies.scaler(TargetTracking.cpu(TARGET));
    private static final double CORES = 4;

    @Property
    void moreLoadNeverNeedsFewerReplicas(
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(max = 2) Double> uses,
            @ForAll @IntRange(max = 7) int busier,
            @ForAll @DoubleRange(max = 2) double more,
            @ForAll @IntRange(max = 3) int missing,
            @ForAll @IntRange(max = 3) int starting,
            @ForAll @IntRange(max = 2) int young,
            @ForAll @IntRange(min = 1, max = 15) int desired,
            @ForAll boolean reserved) {
        List<Double> higher = new ArrayList<>(uses);
        int index = busier % uses.size();
        higher.set(index, higher.get(index) + more);

        int before = count(service(uses, missing, starting, young, desired, reserved));
        int after = count(service(higher, missing, starting, young, desired, reserved));

        assertThat(after).isGreaterThanOrEqualTo(before);
    }

    @Property
    void moreLoadNeverNeedsFewerWorkers(
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(max = 4) Double> uses,
            @ForAll @DoubleRange(max = 1) double more,
            @ForAll @IntRange(max = 2) int missing) {
        List<Double> higher = uses.stream().map(use -> use + more).toList();

        assertThat(count(pool(higher, missing))).isGreaterThanOrEqualTo(count(pool(uses, missing)));
    }

    @Property
    void staysWithinTheTolerance(
            @ForAll @IntRange(min = 1, max = 200) int replicas,
            @ForAll @DoubleRange(min = 0.54, max = 0.669999) @Scale(6) double use) {
        assertThat(count(web().replicas(replicas, use).build())).isEqualTo(replicas);
    }

    @Property
    void neverGoesAgainstTheLoad(
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(max = 2) Double> uses,
            @ForAll @IntRange(max = 3) int missing,
            @ForAll @IntRange(max = 3) int starting,
            @ForAll @IntRange(max = 2) int young,
            @ForAll @IntRange(min = 1, max = 15) int desired,
            @ForAll boolean reserved) {
        Recommendation.Capacity answer = answer(service(uses, missing, starting, young, desired, reserved));
        double ratio = answer.inputs().getOrDefault("cpu.ratio", 1.0);

        if (ratio >= 1) {
            assertThat(answer.count()).as(answer.reason()).isGreaterThanOrEqualTo(desired);
        }
        if (ratio <= 1) {
            assertThat(answer.count()).as(answer.reason()).isLessThanOrEqualTo(desired);
        }
    }

    @Property(tries = 100)
    void noiseAtTheTargetChangesNothing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int replicas) {
        Random random = new Random(seed);
        for (int pass = 0; pass < 20; pass++) {
            PolicyContexts context = web();
            for (int i = 0; i < replicas; i++) {
                // 400 requests in the interval: a standard deviation of 5 %.
                context.replicas(TARGET * poisson(random, 400) / 400);
            }
            Recommendation.Capacity answer = answer(context.build());
            double ratio = answer.inputs().getOrDefault("cpu.ratio", 1.0);

            if (ratio >= 0.9 && ratio <= 1.1 || replicas >= 16) {
                assertThat(answer.count()).as(answer.reason()).isEqualTo(replicas);
            } else {
                assertThat(answer.count()).as(answer.reason()).isBetween(replicas - 2, replicas + 2);
            }
        }
    }

    @Property
    void theAnswerBringsTheLoadToTheTarget(
            @ForAll @IntRange(min = 1, max = 50) int replicas, @ForAll @DoubleRange(min = 0.01, max = 1) double use) {
        int next = count(web().replicas(replicas, use).build());
        double afterwards = replicas * use / next;

        // What is above the tolerance, and the percent that is cut, may stay; nothing more.
        assertThat(afterwards).isLessThan(0.67);
        assertThat(count(web().replicas(next, afterwards).build()))
                .as("once more")
                .isBetween(next - 1, next);
    }

    private static ScalingContext service(
            List<Double> uses, int missing, int starting, int young, int desired, boolean reserved) {
        PolicyContexts context = PolicyContexts.service("web");
        if (reserved) {
            context.reservation(1, 0);
        } else {
            double total = uses.stream().mapToDouble(Double::doubleValue).sum() + young * 0.5;
            context.worker("a", CORES * uses.size(), Math.min(total, CORES * uses.size()))
                    .on("a");
        }
        uses.forEach(context::replicas);
        for (int i = 0; i < young; i++) {
            context.replica(Duration.ofSeconds(5), Metric.CPU, 0.5);
        }
        return context.unmeasured(missing)
                .inPhase(Phase.STARTING, starting)
                .desired(desired)
                .build();
    }

    private static ScalingContext pool(List<Double> uses, int missing) {
        PolicyContexts context = PolicyContexts.pool("workers");
        for (int i = 0; i < uses.size(); i++) {
            context.worker("w" + i, CORES, uses.get(i));
        }
        for (int i = 0; i < missing; i++) {
            context.worker("m" + i, CORES);
        }
        return context.build();
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web").reservation(1, 0);
    }

    private static int poisson(Random random, int mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private static int count(ScalingContext context) {
        return answer(context).count();
    }

    private static Recommendation.Capacity answer(ScalingContext context) {
        return (Recommendation.Capacity) CPU.recommend(context);
    }
}

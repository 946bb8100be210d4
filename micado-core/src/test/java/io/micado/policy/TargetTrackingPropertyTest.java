package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.TaskState.Phase;
import io.micado.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetTrackingPropertyTest {
    private static final double TARGET = 0.6;
    private static final Scaler CPU = Policies.scaler(TargetTracking.cpu(TARGET));
    private static final double CORES = 4;

    /** A service in some state: what its measured replicas use, and how many others there are. */
    private record Some(List<Double> uses, int missing, int starting, int young, int desired, boolean reserved) {
        static Some from(Random random) {
            return new Some(
                    someUses(random, 8, 2),
                    random.nextInt(4),
                    random.nextInt(4),
                    random.nextInt(3),
                    Seeds.between(random, 1, 15),
                    random.nextBoolean());
        }

        ScalingContext using(List<Double> others) {
            return service(others, missing, starting, young, desired, reserved);
        }
    }

    private static List<Double> someUses(Random random, int most, double highest) {
        List<Double> uses = new ArrayList<>();
        int count = Seeds.between(random, 1, most);
        for (int i = 0; i < count; i++) {
            uses.add(Seeds.between(random, 0.0, highest));
        }
        return uses;
    }

    @Test
    void moreLoadNeverNeedsFewerReplicas() {
        Seeds.check(1_000, random -> {
            Some some = Some.from(random);
            List<Double> higher = new ArrayList<>(some.uses());
            int busier = random.nextInt(higher.size());
            higher.set(busier, higher.get(busier) + Seeds.between(random, 0.0, 2.0));

            assertThat(count(some.using(higher))).isGreaterThanOrEqualTo(count(some.using(some.uses())));
        });
    }

    @Test
    void moreLoadNeverNeedsFewerWorkers() {
        Seeds.check(1_000, random -> {
            List<Double> uses = someUses(random, 6, 4);
            double more = Seeds.between(random, 0.0, 1.0);
            int missing = random.nextInt(3);
            List<Double> higher =
                    uses.stream().map(use -> Math.min(4, use + more)).toList();

            assertThat(count(pool(higher, missing))).isGreaterThanOrEqualTo(count(pool(uses, missing)));
        });
    }

    @Test
    void staysWithinTheTolerance() {
        Seeds.check(1_000, random -> {
            int replicas = Seeds.between(random, 1, 200);
            double use = Seeds.between(random, 0.54, 0.669999);
            assertThat(count(web().replicas(replicas, use).build())).isEqualTo(replicas);
        });
    }

    @Test
    void neverGoesAgainstTheLoad() {
        Seeds.check(1_000, random -> {
            Some some = Some.from(random);
            Recommendation.Capacity answer = answer(some.using(some.uses()));
            double ratio = answer.inputs().getOrDefault("cpu.ratio", 1.0);

            if (ratio >= 1) {
                assertThat(answer.count()).as(answer.reason()).isGreaterThanOrEqualTo(some.desired());
            }
            if (ratio <= 1) {
                assertThat(answer.count()).as(answer.reason()).isLessThanOrEqualTo(some.desired());
            }
        });
    }

    @Test
    void noiseAtTheTargetChangesNothing() {
        Seeds.check(100, random -> staysInSpiteOfNoise(random, Seeds.between(random, 1, 30)));
    }

    private static void staysInSpiteOfNoise(Random random, int replicas) {
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

    @Test
    void theAnswerBringsTheLoadToTheTarget() {
        Seeds.check(1_000, random -> {
            int replicas = Seeds.between(random, 1, 50);
            // Whole percents: the algorithm cuts what is beyond, which tells much of a use of one or two percent.
            double use = Seeds.between(random, 1, 100) / 100.0;
            int next = countInTheEnd(web().replicas(replicas, use).build());
            double afterwards = replicas * use / next;

            // What is above the tolerance, and the percent that is cut, may stay; nothing more.
            assertThat(afterwards).isLessThan(0.67);
            assertThat(count(web().replicas(next, afterwards).build()))
                    .as("once more")
                    .isBetween(next - 1, next);
        });
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

    /** The answer to what has been measured before, and so is no passing noise. */
    private static int countInTheEnd(ScalingContext context) {
        SlightExcess slight = new SlightExcess(2, PolicyContexts.NOW.minusSeconds(60));
        return count(context.withState(new TrackerState(Optional.of(slight), Beliefs.NOTHING)));
    }

    private static Recommendation.Capacity answer(ScalingContext context) {
        return (Recommendation.Capacity) CPU.recommend(context);
    }
}

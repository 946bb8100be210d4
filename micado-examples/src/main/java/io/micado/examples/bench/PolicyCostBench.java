package io.micado.examples.bench;

import com.sun.management.ThreadMXBean;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import io.micado.policy.Policies;
import io.micado.policy.Predictive;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what the default policy costs: one pass over a thousand services with a few replicas each, on one thread, and what is
 * remembered of each. Run from the command line; takes about half a minute.
 */
public final class PolicyCostBench {
    private static final int SERVICES = 1_000;
    private static final int REPLICAS = 5;
    private static final int PASSES = 400;
    private static final int MEASURED = 100;
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final Resources ONE_CORE = Resources.ofCores(1);

    private final Scaler scaler = Policies.scaler(Predictive.target(0.7));
    private final PolicyState[] states = new PolicyState[SERVICES];

    private PolicyCostBench() {
        Arrays.fill(states, PolicyState.NONE);
    }

    /** Runs all passes and prints what the last of them took. */
    public static void main(String[] arguments) {
        new PolicyCostBench().run();
    }

    private void run() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] millis = new double[MEASURED];
        long allocated = 0;
        for (int pass = 0; pass < PASSES; pass++) {
            List<ScalingContext> contexts = contexts(pass);
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < SERVICES; i++) {
                states[i] = scaler.recommend(contexts.get(i)).state();
            }
            int measured = pass - (PASSES - MEASURED);
            if (measured >= 0) {
                millis[measured] = (threads.getCurrentThreadCpuTime() - before) / 1e6;
                allocated += threads.getCurrentThreadAllocatedBytes() - bytes;
            }
        }
        Arrays.sort(millis);
        print("one pass over 1,000 services, CPU milliseconds, median of 100", millis[MEASURED / 2]);
        print("the same, worst of 100", millis[MEASURED - 1]);
        print("one service, CPU microseconds, median", millis[MEASURED / 2] * 1_000 / SERVICES);
        print("garbage of one service and pass, kB", allocated / 1e3 / MEASURED / SERVICES);
        print("remembered of one service, as text, kB", states[0].encode().length() / 1e3);
    }

    private List<ScalingContext> contexts(int pass) {
        Instant now = START.plus(INTERVAL.multipliedBy(pass));
        Map<MetricKey, Sample> samples = new HashMap<>();
        List<List<TaskState>> tasks = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            List<TaskState> own = new ArrayList<>();
            for (int replica = 0; replica < REPLICAS; replica++) {
                String id = i + "-" + replica;
                own.add(TaskState.placed(
                        id, "s" + i, TaskState.Phase.RUNNING, new NodeId(id), START.minus(Duration.ofHours(1)), null));
                double use = 0.6 + 0.2 * Math.sin(0.01 * pass + i) + 0.1 * Math.sin(7.0 * pass + replica + i);
                samples.put(MetricKey.task(Metric.CPU, id), new Sample(use, now, INTERVAL));
            }
            tasks.add(own);
        }
        MetricReadings readings = new MetricReadings(samples, List.of());
        List<ScalingContext> contexts = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            contexts.add(context(i, now, tasks.get(i), readings));
        }
        return contexts;
    }

    private ScalingContext context(int service, Instant now, List<TaskState> tasks, MetricReadings readings) {
        String name = "s" + service;
        ServiceState state = ServiceState.builder(name, name)
                .desiredReplicas(REPLICAS)
                .reservation(ONE_CORE)
                .limit(ONE_CORE)
                .build();
        return new ScalingContext(
                new TargetId(TargetId.Level.SERVICE, name),
                now,
                REPLICAS,
                REPLICAS,
                Bounds.of(1, 100),
                Behavior.REPLICAS,
                Optional.of(state),
                tasks,
                List.of(),
                readings,
                INTERVAL,
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                states[service]);
    }

    private static void print(String what, double value) {
        System.out.println(String.format(Locale.ROOT, "%-70s %10.2f", what, value));
    }
}

package io.micado;

import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;

/** Every default of the engine in one place; the defaults of replicas and workers are in {@code Behavior}. Not instantiable. */
public final class Defaults {
    /** How often a pass is made when nothing happens: 5 s, unless a metric source wants to be read more often. */
    public static final Duration PASS_INTERVAL = Duration.ofSeconds(5);
    /** How often a pass is made at most when nothing happens, unless told otherwise: 1 s. */
    public static final Duration LEAST_PASS_INTERVAL = Duration.ofSeconds(1);
    /** How often the cluster is looked at when nothing happens: 5 s. */
    public static final Duration CLUSTER_INTERVAL = Duration.ofSeconds(5);
    /** How often a cloud is asked for its machines: 10 s. */
    public static final Duration CLOUD_INTERVAL = Duration.ofSeconds(10);
    /** How long a call to the cluster may take: 10 s. */
    public static final Duration CLUSTER_DEADLINE = Duration.ofSeconds(10);
    /** How long listing or terminating the machines of a cloud may take: 30 s. */
    public static final Duration CLOUD_DEADLINE = Duration.ofSeconds(30);
    /** How long a launch may take until the cloud accepts it: 60 s. */
    public static final Duration LAUNCH_DEADLINE = Duration.ofSeconds(60);
    /** How long the deployment of a service waits for a cloud to bring its image to the workers: 10 s. */
    public static final Duration IMAGES_DEADLINE = Duration.ofSeconds(10);
    /** How long reading metrics may take: 5 s. */
    public static final Duration METRICS_DEADLINE = Duration.ofSeconds(5);
    /** How long a metric source may take to tell of the past, and a policy to learn from that: 10 s. */
    public static final Duration HISTORY_DEADLINE = Duration.ofSeconds(10);
    /** How long a policy may think: 1 s. */
    public static final Duration POLICY_DEADLINE = Duration.ofSeconds(1);
    /** How long the drain guard may think; no answer is "not now": 5 s. */
    public static final Duration GUARD_DEADLINE = Duration.ofSeconds(5);
    /** How long {@code close()} may take: 10 s. */
    public static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);
    /** How long {@code destroy()} may take before it reports what stays: 15 min. */
    public static final Duration DESTROY_DEADLINE = Duration.ofMinutes(15);
    /** How long a hold lasts unless told otherwise: 30 min. */
    public static final Duration HOLD = Duration.ofMinutes(30);
    /** The lead time of a replica before one was measured: 5 s. */
    public static final Duration REPLICA_LEAD_TIME = Duration.ofSeconds(5);
    /** The lead time of a worker before one was measured: 120 s. */
    public static final Duration WORKER_LEAD_TIME = Duration.ofMinutes(2);
    /** How often memory is saved: 30 s. */
    public static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);
    /** The bounds of services that carry none: 1 to 10 replicas. */
    public static final Bounds REPLICAS = Bounds.of(1, 10);
    /** The policy of services that name none: {@code predictive}, on CPU, for what a tracker at 70 % would cost. */
    public static final PolicySpec POLICY = PolicySpec.of("predictive");
    /**
     * The policy of pools that name none: {@code predictive}, on the CPU of their workers, for what a tracker at 60 % would cost. A
     * worker takes minutes to arrive where a replica takes seconds, so more is kept free.
     */
    public static final PolicySpec POOL_POLICY = PolicySpec.of("predictive", Settings.of("target", 0.6));

    private Defaults() {}
}

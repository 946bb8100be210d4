package io.micado.api.worker;

import java.util.Set;

/** The names of the tags and labels that MiCADO writes on machines, nodes, engines and services. Not instantiable. */
public final class Tags {
    /** On a machine: the {@link InfrastructureId} that owns it. */
    public static final String INFRASTRUCTURE = "micado.infrastructure";
    /** On a machine and a node: the pool. */
    public static final String POOL = "micado.pool";
    /** On a machine, an engine and a node: the {@link WorkerId}. */
    public static final String WORKER = "micado.worker";
    /** On everything: the version of the format that the other tags and labels follow, now {@link #FORMAT_VERSION}. */
    public static final String FORMAT = "micado.format";
    /** The version of the format that this release writes, and the newest that it reads. */
    public static final String FORMAT_VERSION = "1";

    /** On a node: since when we drain it, as ISO-8601; absent on a node that a person drains. */
    public static final String DRAIN_SINCE = "micado.drain.since";
    /** On a node: why we drain it. */
    public static final String DRAIN_REASON = "micado.drain.reason";

    /** On a service: that we manage it, with the infrastructure's name. */
    public static final String SERVICE_MANAGED = "micado.managed";
    /** On a service: least replicas. */
    public static final String SERVICE_MIN = "micado.replicas.min";
    /** On a service: most replicas. */
    public static final String SERVICE_MAX = "micado.replicas.max";
    /** On a service: the policy's type; its settings follow as {@code micado.policy.KEY}. */
    public static final String SERVICE_POLICY = "micado.policy";
    /** On a service: tolerance, windows and rates, as the engine writes them. */
    public static final String SERVICE_BEHAVIOR = "micado.behavior";
    /** On a service: a hold, as {@code COUNT until INSTANT} or {@code COUNT until released}. */
    public static final String SERVICE_HOLD = "micado.hold";
    /** On a service: our last change, as {@code FROM>TO at INSTANT}. */
    public static final String SERVICE_LAST_CHANGE = "micado.last-change";
    /** On a service: how many extra replicas run for a drain and are to be given back. */
    public static final String SERVICE_SURGE = "micado.surge";
    /** On a service: one more replica is started before a drain moves one. */
    public static final String SERVICE_SURGE_ON_DRAIN = "micado.surge-on-drain";

    /** On a service: {@code true} to release no worker that runs a replica of it; one that is lost is repaired all the same. */
    public static final String SERVICE_KEEP_WORKER = "micado.keep-worker";

    /**
     * On a service: whether its published ports are open to everybody on clouds whose ports are opened, {@code true} or {@code false};
     * without it those of services are that MiCADO deployed or scales.
     */
    public static final String SERVICE_OPEN_TO_WORLD = "micado.open-to-world";

    /**
     * On a service: {@code true} to start its replicas anew, one after the other, when they could spread over more workers, {@code false} not
     * to; without it as the host program says for all.
     */
    public static final String SERVICE_REBALANCE = "micado.rebalance";

    private static final Set<String> OF_DEPLOYMENT = Set.of(
            FORMAT,
            SERVICE_MANAGED,
            SERVICE_MIN,
            SERVICE_MAX,
            SERVICE_POLICY,
            SERVICE_BEHAVIOR,
            SERVICE_SURGE_ON_DRAIN,
            SERVICE_KEEP_WORKER,
            SERVICE_OPEN_TO_WORLD);

    private Tags() {}

    /**
     * {@return whether a service's label tells what the service was deployed with, so that the next deployment takes it back unless it
     * says it again} The others tell of the service's life, such as a hold, or are set by people only.
     */
    public static boolean isOfDeployment(String label) {
        return OF_DEPLOYMENT.contains(label) || label.startsWith(SERVICE_POLICY + ".");
    }
}

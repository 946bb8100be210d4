package io.micado.api.spi;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One machine to launch, which is to become one worker. Immutable.
 *
 * @param worker the worker's identity: idempotency token, tag and engine label
 * @param pool the pool's name
 * @param infrastructure the infrastructure that owns it
 * @param infrastructureName the infrastructure's name, for people and for names of machines
 * @param offering what to buy
 * @param join how it joins the cluster, for a cloud plug-in that sees to it itself
 * @param userData what the machine is to be given at its first boot; empty for none
 */
public record LaunchRequest(
        WorkerId worker,
        String pool,
        InfrastructureId infrastructure,
        String infrastructureName,
        Offering offering,
        JoinInfo join,
        Optional<Secret> userData) {

    /** Checks that nothing is null. */
    public LaunchRequest {
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(infrastructure, "infrastructure");
        Objects.requireNonNull(infrastructureName, "infrastructureName");
        Objects.requireNonNull(offering, "offering");
        Objects.requireNonNull(join, "join");
        Objects.requireNonNull(userData, "userData");
    }

    /** {@return the tags that the machine has to carry, in a fixed order} */
    public Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
        tags.put(Tags.POOL, pool);
        tags.put(Tags.WORKER, worker.value());
        tags.put("Name", infrastructureName + "-" + worker.value());
        return tags;
    }

    /** {@return the labels that the machine's Docker Engine has to be started with} */
    public Map<String, String> engineLabels() {
        return engineLabels(worker, pool);
    }

    /** {@return the labels that the Docker Engine of a worker has to be started with} */
    public static Map<String, String> engineLabels(WorkerId worker, String pool) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Tags.WORKER, worker.value());
        labels.put(Tags.POOL, pool);
        return labels;
    }
}

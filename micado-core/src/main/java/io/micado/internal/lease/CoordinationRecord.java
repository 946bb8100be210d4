package io.micado.internal.lease;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the cluster's store holds of an infrastructure: identity, lease, launch intents, leaves. Immutable; every change is a
 * copy.
 *
 * @param infrastructure the identity
 * @param holder who holds the lease; empty when it was given back
 * @param epoch how often the lease changed hands
 * @param renewed how often it was renewed in this epoch
 * @param launches launches that are on their way, by worker
 * @param leaves workers that are being taken away for good, with the reason
 */
public record CoordinationRecord(
        InfrastructureId infrastructure,
        String holder,
        long epoch,
        long renewed,
        Map<WorkerId, LaunchIntent> launches,
        Map<WorkerId, String> leaves) {
    private static final String HOLDER = "micado.lease.holder";
    private static final String EPOCH = "micado.lease.epoch";
    private static final String RENEWED = "micado.lease.renewed";
    private static final String LAUNCH = "micado.launch.";
    private static final String LEAVE = "micado.leave.";

    /** Copies the maps; their order is by worker. */
    public CoordinationRecord {
        launches = Collections.unmodifiableMap(new TreeMap<>(launches));
        leaves = Collections.unmodifiableMap(new TreeMap<>(leaves));
    }

    static CoordinationRecord initial(InfrastructureId infrastructure, String holder) {
        return new CoordinationRecord(infrastructure, holder, 1, 0, Map.of(), Map.of());
    }

    CoordinationRecord renewedBy(String newHolder) {
        return holder.equals(newHolder)
                ? new CoordinationRecord(infrastructure, holder, epoch, renewed + 1, launches, leaves)
                : new CoordinationRecord(infrastructure, newHolder, epoch + 1, 0, launches, leaves);
    }

    CoordinationRecord madeAgainBy(String newHolder) {
        return new CoordinationRecord(infrastructure, newHolder, epoch + 1, 0, launches, leaves);
    }

    CoordinationRecord givenBack() {
        return new CoordinationRecord(infrastructure, "", epoch, renewed + 1, launches, leaves);
    }

    /** {@return a copy with more launch intents} */
    public CoordinationRecord launching(List<LaunchIntent> intents) {
        Map<WorkerId, LaunchIntent> more = new LinkedHashMap<>(launches);
        intents.forEach(intent -> more.put(intent.worker(), intent));
        return new CoordinationRecord(infrastructure, holder, epoch, renewed, more, leaves);
    }

    /** {@return a copy without these launch intents} */
    public CoordinationRecord launchesEnded(Iterable<WorkerId> workers) {
        Map<WorkerId, LaunchIntent> fewer = new LinkedHashMap<>(launches);
        workers.forEach(fewer::remove);
        return new CoordinationRecord(infrastructure, holder, epoch, renewed, fewer, leaves);
    }

    /** {@return a copy in which these workers leave; with them their launches end} */
    public CoordinationRecord leaving(Map<WorkerId, String> workers) {
        Map<WorkerId, String> more = new LinkedHashMap<>(leaves);
        more.putAll(workers);
        Map<WorkerId, LaunchIntent> fewer = new LinkedHashMap<>(launches);
        fewer.keySet().removeAll(workers.keySet());
        return new CoordinationRecord(infrastructure, holder, epoch, renewed, fewer, more);
    }

    /** {@return a copy in which these workers have left} */
    public CoordinationRecord left(Iterable<WorkerId> workers) {
        Map<WorkerId, String> fewer = new LinkedHashMap<>(leaves);
        workers.forEach(fewer::remove);
        return new CoordinationRecord(infrastructure, holder, epoch, renewed, launches, fewer);
    }

    Map<String, String> encode() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        values.put(Tags.INFRASTRUCTURE, infrastructure.value());
        values.put(HOLDER, holder);
        values.put(EPOCH, Long.toString(epoch));
        values.put(RENEWED, Long.toString(renewed));
        launches.forEach((worker, intent) -> values.put(LAUNCH + worker, intent.encode()));
        leaves.forEach((worker, reason) -> values.put(LEAVE + worker, reason.isEmpty() ? "-" : reason));
        return values;
    }

    /** {@return whether the values were written by a newer release than this one understands} */
    static boolean isNewer(Map<String, String> values) {
        try {
            return Integer.parseInt(values.getOrDefault(Tags.FORMAT, Tags.FORMAT_VERSION))
                    > Integer.parseInt(Tags.FORMAT_VERSION);
        } catch (NumberFormatException e) {
            return true;
        }
    }

    static CoordinationRecord decode(Map<String, String> values) {
        String id = values.get(Tags.INFRASTRUCTURE);
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("there is no " + Tags.INFRASTRUCTURE + " in it");
        }
        Map<WorkerId, LaunchIntent> launches = new LinkedHashMap<>();
        Map<WorkerId, String> leaves = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(LAUNCH)) {
                LaunchIntent intent = LaunchIntent.decode(key.substring(LAUNCH.length()), value);
                launches.put(intent.worker(), intent);
            } else if (key.startsWith(LEAVE)) {
                leaves.put(new WorkerId(key.substring(LEAVE.length())), value);
            }
        });
        return new CoordinationRecord(
                new InfrastructureId(id),
                values.getOrDefault(HOLDER, ""),
                Long.parseLong(values.getOrDefault(EPOCH, "0")),
                Long.parseLong(values.getOrDefault(RENEWED, "0")),
                launches,
                leaves);
    }
}

package io.micado.internal.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.Hold;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.plan.PlannerMemory.Change;
import io.micado.internal.plan.PlannerMemory.OfferingMemory;
import io.micado.internal.plan.PlannerMemory.PoolMemory;
import io.micado.internal.plan.PlannerMemory.Stamped;
import io.micado.internal.plan.PlannerMemory.TargetMemory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the planner and the policies remember as JSON, and reads it. Not instantiable.
 *
 * <p>Text of another version, or of another infrastructure, or damaged text counts as no memory: it may be lost.
 */
public final class MemoryCodec {
    private static final int VERSION = 1;

    private MemoryCodec() {}

    /**
     * Everything that is saved.
     *
     * @param planner the planner's memory
     * @param policies the policies' memories, by target
     */
    public record Saved(PlannerMemory planner, Map<TargetId, PolicyState> policies) {}

    /**
     * {@return the text of a memory}
     *
     * @param infrastructure the identity that it belongs to
     */
    public static String encode(String infrastructure, Saved saved) {
        PlannerMemory memory = saved.planner();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", VERSION);
        root.put("infrastructure", infrastructure);
        root.put("observedSince", memory.observedSince().toString());
        Map<String, Object> targets = new LinkedHashMap<>();
        memory.targets().forEach((target, of) -> targets.put(target.toString(), encode(of)));
        root.put("targets", targets);
        Map<String, Object> offerings = new LinkedHashMap<>();
        memory.offerings().forEach((key, of) -> offerings.put(key, encode(of)));
        root.put("offerings", offerings);
        Map<String, Object> pools = new LinkedHashMap<>();
        memory.pools().forEach((pool, of) -> pools.put(pool, encode(of)));
        root.put("pools", pools);
        Map<String, Object> policies = new LinkedHashMap<>();
        saved.policies().forEach((target, state) ->
                policies.put(target.toString(), Map.of("version", state.version(), "state", state.encode())));
        root.put("policies", policies);
        try {
            return JSON.std.asString(root);
        } catch (IOException e) {
            throw new IllegalStateException("plain maps are always writable", e);
        }
    }

    /** {@return the memory that a text tells; empty when it is of no use} */
    public static Optional<Saved> decode(String infrastructure, String text) {
        try {
            Map<String, Object> root = JSON.std.mapFrom(text);
            if (!Integer.valueOf(VERSION).equals(root.get("version"))
                    || !infrastructure.equals(root.get("infrastructure"))) {
                return Optional.empty();
            }
            Map<TargetId, TargetMemory> targets = new HashMap<>();
            map(root, "targets").forEach((key, of) -> targets.put(target(key), decodeTarget(asMap(of))));
            Map<String, OfferingMemory> offerings = new HashMap<>();
            map(root, "offerings").forEach((key, of) -> offerings.put(key, decodeOffering(asMap(of))));
            Map<String, PoolMemory> pools = new HashMap<>();
            map(root, "pools")
                    .forEach((pool, of) -> pools.put(
                            pool, new PoolMemory(integer(asMap(of), "joinFailures"), instant(asMap(of), "stoppedUntil"))));
            Map<TargetId, PolicyState> policies = new HashMap<>();
            map(root, "policies")
                    .forEach((key, of) -> policies.put(
                            target(key),
                            new PolicyState.Encoded(integer(asMap(of), "version"), string(asMap(of), "state"))));
            PlannerMemory memory = new PlannerMemory(
                    Instant.parse(string(root, "observedSince")), targets, offerings, pools);
            return Optional.of(new Saved(memory, policies));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> encode(TargetMemory memory) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(
                "recommendations",
                memory.recommendations().stream()
                        .map(r -> List.of(r.at().toString(), r.count()))
                        .toList());
        values.put(
                "changes",
                memory.changes().stream()
                        .map(c -> List.of(c.at().toString(), c.from(), c.to()))
                        .toList());
        memory.lastSeen().ifPresent(count -> values.put("lastSeen", count));
        memory.lastSet().ifPresent(count -> values.put("lastSet", count));
        values.put("reversals", memory.reversals().stream().map(Instant::toString).toList());
        memory.conflictUntil().ifPresent(until -> values.put("conflictUntil", until.toString()));
        values.put("replicaStarts", memory.replicaStarts());
        memory.hold().ifPresent(hold -> {
            values.put("hold", hold.count());
            hold.until().ifPresent(until -> values.put("holdUntil", until.toString()));
        });
        return values;
    }

    private static TargetMemory decodeTarget(Map<String, Object> values) {
        List<Stamped> recommendations = new ArrayList<>();
        list(values, "recommendations").forEach(of -> recommendations.add(new Stamped(at(of, 0), number(of, 1))));
        List<Change> changes = new ArrayList<>();
        list(values, "changes").forEach(of -> changes.add(new Change(at(of, 0), number(of, 1), number(of, 2))));
        List<Instant> reversals = new ArrayList<>();
        list(values, "reversals").forEach(at -> reversals.add(Instant.parse(String.valueOf(at))));
        Optional<Hold> hold = values.containsKey("hold")
                ? Optional.of(new Hold(integer(values, "hold"), instant(values, "holdUntil")))
                : Optional.empty();
        return new TargetMemory(
                recommendations,
                changes,
                optionalInt(values, "lastSeen"),
                optionalInt(values, "lastSet"),
                reversals,
                instant(values, "conflictUntil"),
                doubles(values, "replicaStarts"),
                hold);
    }

    private static Map<String, Object> encode(OfferingMemory memory) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("failures", memory.failures());
        memory.restingUntil().ifPresent(until -> values.put("restingUntil", until.toString()));
        values.put("why", memory.why());
        values.put("startSeconds", memory.startSeconds());
        return values;
    }

    private static OfferingMemory decodeOffering(Map<String, Object> values) {
        return new OfferingMemory(
                integer(values, "failures"),
                instant(values, "restingUntil"),
                string(values, "why"),
                doubles(values, "startSeconds"));
    }

    private static Map<String, Object> encode(PoolMemory memory) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("joinFailures", memory.joinFailures());
        memory.launchesStoppedUntil().ifPresent(until -> values.put("stoppedUntil", until.toString()));
        return values;
    }

    private static TargetId target(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return text.startsWith("pool:") ? TargetId.pool(name) : TargetId.service(name);
    }

    @SuppressWarnings("unchecked") // JSON objects have string keys
    private static Map<String, Object> asMap(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static Map<String, Object> map(Map<String, Object> values, String key) {
        return asMap(values.get(key));
    }

    private static List<?> list(Map<String, Object> values, String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    private static List<Double> doubles(Map<String, Object> values, String key) {
        List<Double> doubles = new ArrayList<>();
        list(values, key).forEach(value -> doubles.add(((Number) value).doubleValue()));
        return doubles;
    }

    private static int integer(Map<String, Object> values, String key) {
        return values.get(key) instanceof Number number ? number.intValue() : 0;
    }

    private static OptionalInt optionalInt(Map<String, Object> values, String key) {
        return values.get(key) instanceof Number number ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }

    private static String string(Map<String, Object> values, String key) {
        return String.valueOf(values.getOrDefault(key, ""));
    }

    private static Optional<Instant> instant(Map<String, Object> values, String key) {
        return values.containsKey(key) ? Optional.of(Instant.parse(string(values, key))) : Optional.empty();
    }

    private static Instant at(Object list, int index) {
        return Instant.parse(String.valueOf(((List<?>) list).get(index)));
    }

    private static int number(Object list, int index) {
        return ((Number) ((List<?>) list).get(index)).intValue();
    }
}

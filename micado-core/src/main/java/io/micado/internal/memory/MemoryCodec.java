package io.micado.internal.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.PlannerMemory;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the planner and the policies remember as JSON, and reads it. Not instantiable.
 *
 * <p>Text of another version, or of another infrastructure, or damaged text counts as no memory: it may be lost.
 */
public final class MemoryCodec {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryCodec.class);
    private static final int VERSION = 1;
    private static final int LONGEST_STATE = 64 * 1024;

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
        Map<String, Object> policies = new LinkedHashMap<>();
        saved.policies()
                .forEach((target, state) ->
                        encode(target, state).ifPresent(encoded -> policies.put(target.toString(), encoded)));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", VERSION);
        root.put("infrastructure", infrastructure);
        root.put("planner", RecordCodec.encode(saved.planner()));
        root.put("policies", policies);
        try {
            return JSON.std.asString(root);
        } catch (IOException e) {
            throw new IllegalStateException("plain maps are always writable", e);
        }
    }

    /** One policy's memory is code of others: it costs that policy its memory when it fails, and nobody else theirs. */
    private static Optional<Map<String, Object>> encode(TargetId target, PolicyState state) {
        try {
            String text = state.encode();
            if (text.length() <= LONGEST_STATE) {
                return Optional.of(Map.of("version", state.version(), "state", text));
            }
            LOG.warn(
                    "what the policy of {} remembers is not saved: it is longer than {} characters",
                    target,
                    LONGEST_STATE);
        } catch (RuntimeException e) {
            LOG.warn("what the policy of {} remembers is not saved, since it cannot be written", target, e);
        }
        return Optional.empty();
    }

    /** {@return the memory that a text tells; empty when it is of no use} */
    public static Optional<Saved> decode(String infrastructure, String text) {
        try {
            Map<String, Object> root = JSON.std.mapFrom(text);
            if (!Integer.valueOf(VERSION).equals(root.get("version"))
                    || !infrastructure.equals(root.get("infrastructure"))) {
                return Optional.empty();
            }
            Map<TargetId, PolicyState> policies = new HashMap<>();
            if (root.get("policies") instanceof Map<?, ?> saved) {
                saved.forEach((target, of) -> policies.put(
                        RecordCodec.target(String.valueOf(target)),
                        RecordCodec.decode(SavedState.class, of).toState()));
            }
            return Optional.of(new Saved(RecordCodec.decode(PlannerMemory.class, root.get("planner")), policies));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A policy's memory as JSON has it. */
    record SavedState(int version, String state) {
        PolicyState toState() {
            return new PolicyState.Encoded(version, state);
        }
    }
}

package io.micado.internal.plan;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A placement constraint, read from the orchestrator's syntax: {@code node.labels.disk==ssd}. Used by {@link ServiceProfile} on
 * the loop thread. Immutable.
 *
 * <p>As in Swarm, values and the names before a label's own are compared without regard to case, and a label that is missing is
 * the empty word. What cannot be decided, such as a platform that nobody told, is not satisfied.
 *
 * @param key what is asked, such as {@code node.role}
 * @param equal whether it must be equal, as opposed to different
 * @param value what it is compared with
 */
record Constraint(String key, boolean equal, String value) {
    private static final String NODE_LABEL = "node.labels.";
    private static final String ENGINE_LABEL = "engine.labels.";
    private static final String PLATFORM = "node.platform.";

    /** {@return the constraint; one that cannot be read is satisfied by no node} */
    static Constraint parse(String text) {
        int equal = text.indexOf("==");
        int different = text.indexOf("!=");
        if (equal < 0 && different < 0) {
            return new Constraint(text.strip(), true, "");
        }
        boolean isEqual = different < 0 || (equal >= 0 && equal < different);
        int operator = isEqual ? equal : different;
        return new Constraint(
                text.substring(0, operator).strip(),
                isEqual,
                text.substring(operator + 2).strip());
    }

    /** {@return whether the node satisfies all of them} */
    static boolean allMatch(List<Constraint> constraints, NodeTraits node) {
        for (Constraint constraint : constraints) {
            if (!constraint.matches(node)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the node satisfies it} */
    boolean matches(NodeTraits node) {
        String actual = actual(node);
        return actual != null && actual.equalsIgnoreCase(value) == equal;
    }

    private @Nullable String actual(NodeTraits node) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (lower.startsWith(NODE_LABEL)) {
            return node.labels().getOrDefault(key.substring(NODE_LABEL.length()), "");
        }
        if (lower.startsWith(ENGINE_LABEL)) {
            return node.engineLabels().getOrDefault(key.substring(ENGINE_LABEL.length()), "");
        }
        if (lower.startsWith(PLATFORM)) {
            return node.attributes().get("platform." + lower.substring(PLATFORM.length()));
        }
        return switch (lower) {
            case "node.id" -> node.id();
            case "node.hostname" -> node.hostname();
            case "node.role" -> node.manager() ? "manager" : "worker";
            default -> null;
        };
    }

    @Override
    public String toString() {
        return key + (equal ? "==" : "!=") + value;
    }
}

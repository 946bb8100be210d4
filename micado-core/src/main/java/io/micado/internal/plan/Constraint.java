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
 * @param subject what of a node is asked
 * @param name which label, or which part of the platform; empty for the other subjects
 * @param equal whether it must be equal, as opposed to different
 * @param value what it is compared with
 */
record Constraint(Subject subject, String name, boolean equal, String value) {

    /** What of a node a constraint asks. */
    enum Subject {
        /** One of the node's labels. */
        NODE_LABEL("node.labels."),
        /** One of its engine's labels. */
        ENGINE_LABEL("engine.labels."),
        /** Its operating system or architecture. */
        PLATFORM("node.platform."),
        /** Its id. */
        ID("node.id"),
        /** Its host name. */
        HOSTNAME("node.hostname"),
        /** Whether it is a manager or a worker. */
        ROLE("node.role"),
        /** Something that nobody here understands. */
        UNDECIDABLE("");

        private final String key;

        Subject(String key) {
            this.key = key;
        }

        private boolean isNamed() {
            return key.endsWith(".");
        }

        private boolean matches(String text) {
            return isNamed()
                    ? text.length() > key.length() && text.regionMatches(true, 0, key, 0, key.length())
                    : text.equalsIgnoreCase(key);
        }

        static Subject of(String text) {
            for (Subject subject : values()) {
                if (subject.matches(text)) {
                    return subject;
                }
            }
            return UNDECIDABLE;
        }
    }

    /** {@return the constraint; one that cannot be read is satisfied by no node} */
    static Constraint parse(String text) {
        int equal = text.indexOf("==");
        int different = text.indexOf("!=");
        if (equal < 0 && different < 0) {
            return new Constraint(Subject.UNDECIDABLE, text, true, "");
        }
        boolean isEqual = different < 0 || (equal >= 0 && equal < different);
        int operator = isEqual ? equal : different;
        String key = text.substring(0, operator).strip();
        Subject subject = Subject.of(key);
        String name = subject.isNamed() ? key.substring(subject.key.length()) : "";
        if (subject == Subject.PLATFORM) {
            name = "platform." + name.toLowerCase(Locale.ROOT);
        }
        return new Constraint(
                subject, name, isEqual, text.substring(operator + 2).strip());
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
        return switch (subject) {
            case NODE_LABEL -> node.labels().getOrDefault(name, "");
            case ENGINE_LABEL -> node.engineLabels().getOrDefault(name, "");
            case PLATFORM -> node.attributes().get(name);
            case ID -> node.id();
            case HOSTNAME -> node.hostname();
            case ROLE -> node.manager() ? "manager" : "worker";
            case UNDECIDABLE -> null;
        };
    }
}

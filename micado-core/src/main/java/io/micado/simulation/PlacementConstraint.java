package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A placement constraint in Docker Swarm's syntax, such as {@code node.labels.disk==ssd}. Immutable.
 *
 * @param key what of a node is compared
 * @param equal whether it has to be equal, or else different
 * @param value what it is compared with; case does not matter
 */
record PlacementConstraint(String key, boolean equal, String value) {
    private static final String NODE_LABELS = "node.labels.";
    private static final String ENGINE_LABELS = "engine.labels.";
    private static final Pattern SYNTAX =
            Pattern.compile("\\s*([a-zA-Z][a-zA-Z0-9._-]*)\\s*(==|!=)\\s*(\\S(?:.*\\S)?)\\s*");

    static PlacementConstraint parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches() || !isKnown(parts.group(1))) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "placement constraint \"" + text
                            + "\" must be KEY==VALUE or KEY!=VALUE, where KEY is node.id, node.hostname, "
                            + "node.ip, node.role, node.platform.os, node.platform.arch, node.labels.NAME or "
                            + "engine.labels.NAME");
        }
        return new PlacementConstraint(parts.group(1), parts.group(2).equals("=="), parts.group(3));
    }

    boolean allows(SimulatedNode node) {
        return valueOf(node).equalsIgnoreCase(value) == equal;
    }

    private String valueOf(SimulatedNode node) {
        if (key.startsWith(NODE_LABELS)) {
            return node.labels.getOrDefault(key.substring(NODE_LABELS.length()), "");
        }
        if (key.startsWith(ENGINE_LABELS)) {
            return node.engineLabels.getOrDefault(key.substring(ENGINE_LABELS.length()), "");
        }
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "node.id" -> node.id.value();
            case "node.hostname" -> node.hostname;
            case "node.ip" -> node.address;
            case "node.role" -> node.manager ? "manager" : "worker";
            case "node.platform.os" -> "linux";
            default -> "x86_64";
        };
    }

    private static boolean isKnown(String key) {
        if (key.startsWith(NODE_LABELS) || key.startsWith(ENGINE_LABELS)) {
            return true;
        }
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "node.id", "node.hostname", "node.ip", "node.role", "node.platform.os", "node.platform.arch" -> true;
            default -> false;
        };
    }
}

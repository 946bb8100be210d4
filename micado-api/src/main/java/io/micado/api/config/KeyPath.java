package io.micado.api.config;

import org.jspecify.annotations.Nullable;

/**
 * The way to a node by keys and indices, such as {@code pools.workers.offerings[0]}. Immutable. It is put together when it is
 * shown: written out for each node, the paths of a deep file would outgrow it by far.
 */
public final class KeyPath {
    /** The path of the document itself. */
    public static final KeyPath ROOT = new KeyPath(null, "");

    private static final int LONGEST_KEY = 60;

    private final @Nullable KeyPath parent;
    private final String step;

    private KeyPath(@Nullable KeyPath parent, String step) {
        this.parent = parent;
        this.step = step;
    }

    /** {@return the path of a key's value} */
    public KeyPath key(String key) {
        return new KeyPath(this, key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) + "…" : key);
    }

    /** {@return the path of a list's item, counted from 0} */
    public KeyPath item(int index) {
        return new KeyPath(this, "[" + index + "]");
    }

    @Override
    public String toString() {
        if (parent == null) {
            return step;
        }
        String before = parent.toString();
        return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
    }
}

package io.micado.simulation;

import java.util.Map;

/** The rule by which labels are set: an empty value removes one. Not instantiable. */
final class Labels {

    private Labels() {}

    /** Sets labels; tells whether anything changed. */
    static boolean set(Map<String, String> labels, Map<String, String> changes) {
        boolean changed = false;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (change.getValue().isEmpty()) {
                changed |= labels.remove(change.getKey()) != null;
            } else {
                changed |= !change.getValue().equals(labels.put(change.getKey(), change.getValue()));
            }
        }
        return changed;
    }
}

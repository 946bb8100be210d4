package io.micado.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A number at one time. Immutable.
 *
 * @param family what it is
 * @param labels what it is of, in the order in which they are told
 * @param value the number
 */
public record Sample(Family family, Map<String, String> labels, double value) {
    /** Copies the labels. */
    public Sample {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}

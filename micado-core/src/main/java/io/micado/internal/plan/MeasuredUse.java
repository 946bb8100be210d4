package io.micado.internal.plan;

import io.micado.api.service.Resources;
import java.util.OptionalDouble;

/**
 * What one replica of a service was measured to use. What no source measured is absent, not zero. Immutable.
 *
 * @param cpuCores in cores
 * @param memoryBytes in bytes
 */
public record MeasuredUse(OptionalDouble cpuCores, OptionalDouble memoryBytes) {
    /** Nothing was measured. */
    public static final MeasuredUse UNKNOWN = new MeasuredUse(OptionalDouble.empty(), OptionalDouble.empty());

    /** {@return what was measured, and for what was not the other} */
    Resources orElse(Resources other) {
        return new Resources(
                cpuCores.orElse(other.cpuCores()),
                memoryBytes.isPresent() ? (long) memoryBytes.getAsDouble() : other.memoryBytes());
    }
}

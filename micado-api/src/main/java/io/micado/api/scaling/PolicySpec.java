package io.micado.api.scaling;

import io.micado.api.spi.Settings;
import java.util.Objects;

/** Which policy scales a target. Immutable. */
public sealed interface PolicySpec permits PolicySpec.OfType, PolicySpec.OfScaler {

    /** {@return the type's name, or {@code custom} for a scaler of the host program's own} */
    String type();

    /** {@return the policy of this type, with its default settings} */
    static PolicySpec of(String type) {
        return new OfType(type, Settings.EMPTY);
    }

    /** {@return the policy of this type, with these settings} */
    static PolicySpec of(String type, Settings settings) {
        return new OfType(type, settings);
    }

    /** {@return a scaler of the host program's own; it must be thread-safe and is called off the loop thread} */
    static PolicySpec of(Scaler scaler) {
        return new OfScaler(scaler);
    }

    /**
     * A policy that is found by its type.
     *
     * @param type the type's name
     * @param settings its settings
     */
    record OfType(String type, Settings settings) implements PolicySpec {
        /** Checks that nothing is null or blank. */
        public OfType {
            Objects.requireNonNull(settings, "settings");
            if (type.isBlank()) {
                throw new IllegalArgumentException("type must not be blank");
            }
        }
    }

    /**
     * A scaler of the host program's own.
     *
     * @param scaler the scaler
     */
    record OfScaler(Scaler scaler) implements PolicySpec {
        /** Checks that nothing is null. */
        public OfScaler {
            Objects.requireNonNull(scaler, "scaler");
        }

        @Override
        public String type() {
            return "custom";
        }
    }
}

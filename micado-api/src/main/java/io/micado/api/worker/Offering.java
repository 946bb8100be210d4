package io.micado.api.worker;

import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What can be bought: an instance type of a cloud, in a zone, at a price. Immutable; made by {@link #builder}.
 *
 * @param name unique in its pool; default {@code CLOUD/INSTANCE_TYPE[/ZONE]}
 * @param cloud the name under which the infrastructure knows the cloud
 * @param instanceType the instance type or flavor, in the cloud's words
 * @param zone the zone; empty leaves it to the cloud
 * @param capacity what one has; empty when only the cloud knows
 * @param pricePerHour what one costs an hour, in any one currency; empty when unknown
 * @param settings what the cloud plug-in takes for a machine, such as an image
 */
public record Offering(
        String name,
        String cloud,
        String instanceType,
        Optional<String> zone,
        Optional<Resources> capacity,
        OptionalDouble pricePerHour,
        Settings settings) {

    /** Checks that nothing is null or negative. */
    public Offering {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(cloud, "cloud");
        Objects.requireNonNull(instanceType, "instanceType");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(capacity, "capacity");
        Objects.requireNonNull(pricePerHour, "pricePerHour");
        Objects.requireNonNull(settings, "settings");
        if (pricePerHour.isPresent() && !(pricePerHour.getAsDouble() >= 0)) {
            throw new IllegalArgumentException("pricePerHour must be 0 or more, got " + pricePerHour.getAsDouble());
        }
    }

    /** Starts an offering of a cloud. */
    public static Builder builder(String cloud, String instanceType) {
        return new Builder(cloud, instanceType);
    }

    /** {@return a copy with this capacity} It takes the place of one that is there: {@link #completedBy} keeps that. */
    public Offering withCapacity(Resources replacement) {
        return new Offering(name, cloud, instanceType, zone, Optional.of(replacement), pricePerHour, settings);
    }

    /** {@return a copy that has the capacity and the price of what is known of it, each where this one says none} */
    public Offering completedBy(Offering known) {
        return new Offering(
                name,
                cloud,
                instanceType,
                zone,
                capacity.or(known::capacity),
                pricePerHour.isPresent() ? pricePerHour : known.pricePerHour(),
                settings);
    }

    /** {@return a copy with these settings} */
    public Offering withSettings(Settings replacement) {
        return new Offering(name, cloud, instanceType, zone, capacity, pricePerHour, replacement);
    }

    /** Collects an {@link Offering}. Not thread-safe. */
    public static final class Builder {
        private final String cloud;
        private final String instanceType;
        private @Nullable String name;
        private @Nullable String zone;
        private @Nullable Resources capacity;
        private OptionalDouble pricePerHour = OptionalDouble.empty();
        private Settings settings = Settings.EMPTY;

        private Builder(String cloud, String instanceType) {
            this.cloud = Objects.requireNonNull(cloud, "cloud");
            this.instanceType = Objects.requireNonNull(instanceType, "instanceType");
        }

        /** Sets the name. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Sets the zone. */
        public Builder zone(String value) {
            zone = value;
            return this;
        }

        /** Sets what one has. */
        public Builder capacity(Resources value) {
            capacity = value;
            return this;
        }

        /** Sets the price of an hour. */
        public Builder pricePerHour(double value) {
            pricePerHour = OptionalDouble.of(value);
            return this;
        }

        /** Sets what the cloud plug-in takes for a machine. */
        public Builder settings(Settings value) {
            settings = value;
            return this;
        }

        /** {@return the offering} */
        public Offering build() {
            String defaultName = cloud + "/" + instanceType + (zone == null ? "" : "/" + zone);
            return new Offering(
                    name == null ? defaultName : name,
                    cloud,
                    instanceType,
                    Optional.ofNullable(zone),
                    Optional.ofNullable(capacity),
                    pricePerHour,
                    settings);
        }
    }
}

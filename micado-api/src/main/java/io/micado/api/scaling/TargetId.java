package io.micado.api.scaling;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is scaled: the replicas of a service or the workers of a pool. Immutable.
 *
 * @param level which of the two levels
 * @param name the name of the service or the pool
 */
public record TargetId(Level level, String name) implements Comparable<TargetId> {

    /** The two levels that are scaled. */
    public enum Level {
        /** The replicas of a service. */
        SERVICE,
        /** The workers of a pool. */
        POOL
    }

    /** Checks that nothing is null or blank. */
    public TargetId {
        Objects.requireNonNull(level, "level");
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
    }

    /** {@return the replicas of the service of this name} */
    public static TargetId service(String name) {
        return new TargetId(Level.SERVICE, name);
    }

    /** {@return the workers of the pool of this name} */
    public static TargetId pool(String name) {
        return new TargetId(Level.POOL, name);
    }

    /** {@return what is counted: {@code replicas} or {@code workers}} */
    public String unit() {
        return level == Level.SERVICE ? "replicas" : "workers";
    }

    // Written out, as is hashCode: these are keys of large maps, and what a record brings is many times slower until it
    // is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof TargetId target && level == target.level && name.equals(target.name));
    }

    @Override
    public int hashCode() {
        return 31 * level.name().hashCode() + name.hashCode();
    }

    @Override
    public int compareTo(TargetId other) {
        int byLevel = level.compareTo(other.level);
        return byLevel != 0 ? byLevel : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return (level == Level.SERVICE ? "service:" : "pool:") + name;
    }
}

package io.micado.api.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A setting that a plug-in takes. From these alone the builder and every configuration format check the input, without a
 * network. Immutable.
 *
 * @param name the key; nested keys are joined by dots
 * @param type what its value looks like
 * @param required whether it has to be given
 * @param defaultValue the default as text, for people and for reading; empty for none
 * @param example an example for people; may be empty
 * @param description one sentence for people
 */
public record SettingKey(
        String name, Type type, boolean required, Optional<String> defaultValue, String example, String description) {

    /** What a setting's value looks like. */
    public enum Type {
        /** Text. */
        STRING,
        /** A whole number. */
        INTEGER,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** A time span such as {@code 90s}, {@code 5m}, {@code 1h30m} or ISO-8601. */
        DURATION,
        /** An amount of bytes such as {@code 512MiB} or {@code 2GB}. */
        BYTES,
        /** A list of texts. */
        LIST,
        /** A map of texts. */
        MAP,
        /** A text that must never be shown. */
        SECRET
    }

    /** Checks that nothing is null. */
    public SettingKey {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultValue, "defaultValue");
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(description, "description");
    }

    /** {@return a setting that has to be given} */
    public static SettingKey required(String name, Type type, String example, String description) {
        return new SettingKey(name, type, true, Optional.empty(), example, description);
    }

    /** {@return a setting that may be given} */
    public static SettingKey optional(String name, Type type, @Nullable String defaultValue, String description) {
        return new SettingKey(
                name,
                type,
                false,
                Optional.ofNullable(defaultValue),
                defaultValue == null ? "" : defaultValue,
                description);
    }
}

package io.micado.api.spi;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What the plug-ins of one infrastructure share, such as a connection that two of them need: whoever asks first makes it. Held by the
 * engine, asked by plug-ins on any thread; thread-safe.
 */
public final class SharedParts {
    private final Map<Class<?>, Object> parts = new HashMap<>();

    /** Starts without any. */
    public SharedParts() {}

    /** {@return the one part of this type, made now if there is none yet; making it must not wait} */
    public synchronized <T> T get(Class<T> type, Supplier<? extends T> make) {
        Object part = parts.get(type);
        if (part == null) {
            part = Objects.requireNonNull(make.get(), "make returned null");
            parts.put(type, part);
        }
        return type.cast(part);
    }
}

package io.micado.provider.jclouds;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made when it is first needed, once; if making it fails, the next one to ask tries again. Thread-safe. */
final class Lazy<T> {
    private final Supplier<T> maker;
    private @Nullable T made;

    Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    synchronized T get() {
        T value = made;
        if (value == null) {
            value = maker.get();
            made = value;
        }
        return value;
    }

    /** {@return what was made and is forgotten now; empty when nothing was} */
    synchronized Optional<T> take() {
        Optional<T> value = Optional.ofNullable(made);
        made = null;
        return value;
    }
}

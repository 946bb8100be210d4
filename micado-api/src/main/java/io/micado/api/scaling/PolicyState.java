package io.micado.api.scaling;

import java.util.Objects;

/**
 * What a policy remembers of one target from one pass to the next. Implementations are immutable. The engine keeps it, and
 * saves it now and then as text; after a restart the policy gets {@link Encoded}, or {@link #NONE} when it was lost.
 */
public interface PolicyState {
    /** No memory. */
    PolicyState NONE = new Encoded(0, "");

    /** {@return the version of the encoding; a policy starts anew when it does not know it} */
    int version();

    /** {@return everything as text, at most 64 KiB} */
    String encode();

    /**
     * Memory as it was saved, not yet understood by its policy.
     *
     * @param version the version of the encoding
     * @param encode the text
     */
    record Encoded(int version, String encode) implements PolicyState {
        /** Checks that nothing is null. */
        public Encoded {
            Objects.requireNonNull(encode, "encode");
        }
    }
}

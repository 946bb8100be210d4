package io.micado.api.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What is particular about a cloud. Immutable.
 *
 * @param listLag how long after its launch a machine may be missing from a list; default 60 s
 * @param idempotentLaunch whether launching the same worker twice makes one machine; default false
 * @param userDataLimit the most bytes of user data, before any encoding for transport; 0 for a cloud that takes none and itself sees to
 *     it that machines join; default 16 KiB
 * @param opensPorts whether it can open ports; default false
 * @param maxConcurrentCalls the most calls at a time; default 4
 */
public record CloudTraits(
        Duration listLag, boolean idempotentLaunch, int userDataLimit, boolean opensPorts, int maxConcurrentCalls) {
    /** The defaults. */
    public static final CloudTraits DEFAULT = new CloudTraits(Duration.ofSeconds(60), false, 16 * 1024, false, 4);

    /** Checks the ranges. */
    public CloudTraits {
        Objects.requireNonNull(listLag, "listLag");
        if (listLag.isNegative()) {
            throw new IllegalArgumentException("listLag must not be negative, got " + listLag);
        }
        if (userDataLimit < 0) {
            throw new IllegalArgumentException("userDataLimit must be 0 or more, got " + userDataLimit);
        }
        if (maxConcurrentCalls < 1) {
            throw new IllegalArgumentException("maxConcurrentCalls must be 1 or more, got " + maxConcurrentCalls);
        }
    }

    /** {@return a copy with this list lag} */
    public CloudTraits withListLag(Duration value) {
        return new CloudTraits(value, idempotentLaunch, userDataLimit, opensPorts, maxConcurrentCalls);
    }

    /** {@return a copy with or without idempotent launches} */
    public CloudTraits withIdempotentLaunch(boolean value) {
        return new CloudTraits(listLag, value, userDataLimit, opensPorts, maxConcurrentCalls);
    }

    /** {@return a copy with this limit of user data} */
    public CloudTraits withUserDataLimit(int bytes) {
        return new CloudTraits(listLag, idempotentLaunch, bytes, opensPorts, maxConcurrentCalls);
    }

    /** {@return a copy that can or cannot open ports} */
    public CloudTraits withOpensPorts(boolean value) {
        return new CloudTraits(listLag, idempotentLaunch, userDataLimit, value, maxConcurrentCalls);
    }

    /** {@return a copy with this many calls at a time} */
    public CloudTraits withMaxConcurrentCalls(int value) {
        return new CloudTraits(listLag, idempotentLaunch, userDataLimit, opensPorts, value);
    }
}

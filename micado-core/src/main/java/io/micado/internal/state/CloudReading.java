package io.micado.internal.state;

import io.micado.Defaults;
import io.micado.api.spi.MachineList;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one cloud at the time of a pass. Immutable.
 *
 * @param list the latest list; empty before the first
 * @param askedAt when that list was asked for
 * @param known whether the list is young and complete enough to launch and terminate on
 * @param listLag how long after its launch a machine may be missing from a list
 */
public record CloudReading(Optional<MachineList> list, Instant askedAt, boolean known, Duration listLag) {
    /** {@return whether this list would show the machine of a launch that was known of then, its call's deadline included} */
    boolean hadTheTimeToList(Instant launchKnownAt) {
        return known
                && list.isPresent()
                && askedAt.isAfter(launchKnownAt.plus(Defaults.LAUNCH_DEADLINE).plus(listLag));
    }
}

package io.micado.internal.loop;

import io.micado.api.spi.Cloud;
import io.micado.api.worker.Offering;
import java.util.Optional;

/**
 * Completes offerings by what their cloud tells of them. Called by {@link Engine} on the threads that call the cloud. Not instantiable.
 *
 * <p>What the user wrote stays, unless the cloud plug-in itself knows better; what both leave open stays open, and is learned from the
 * first worker that joins.
 */
final class OfferingFacts {
    private OfferingFacts() {}

    /** {@return the offering with size and price, as far as the cloud knows them} */
    static Offering complete(Offering offering, Cloud cloud) {
        Offering described = cloud.describe(offering);
        if (described.capacity().isPresent() && described.pricePerHour().isPresent()) {
            return described;
        }
        Optional<Offering> listed =
                cloud.offerings().stream().filter(one -> isSame(one, described)).findFirst();
        return listed.map(described::completedBy).orElse(described);
    }

    private static boolean isSame(Offering listed, Offering offering) {
        boolean sameZone = listed.zone().isEmpty()
                || offering.zone().isEmpty()
                || listed.zone().equals(offering.zone());
        return sameZone && listed.instanceType().equals(offering.instanceType());
    }
}

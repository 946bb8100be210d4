package io.micado.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OfferingFactsTest {
    private static final Resources TOLD = Resources.ofMebibytes(8, 16384);

    @Test
    void takesSizeAndPriceFromTheCloudsList() {
        Offering mine = Offering.builder("c", "m8").name("mine").build();

        Offering completed = OfferingFacts.complete(
                mine,
                new ListingCloud(List.of(listed("m4").build(), listed("m8").build())));

        assertThat(completed.name()).isEqualTo("mine");
        assertThat(completed.capacity()).contains(TOLD);
        assertThat(completed.pricePerHour()).hasValue(0.5);
    }

    @Test
    void keepsWhatTheUserWrote() {
        Resources own = Resources.ofMebibytes(7, 1024);
        Offering mine = Offering.builder("c", "m8").capacity(own).build();

        Offering completed = OfferingFacts.complete(
                mine, new ListingCloud(List.of(listed("m8").build())));

        assertThat(completed.capacity()).contains(own);
        assertThat(completed.pricePerHour()).hasValue(0.5);
    }

    @Test
    void doesNotMixUpZones() {
        Offering mine = Offering.builder("c", "m8").zone("b").build();

        Offering completed = OfferingFacts.complete(
                mine, new ListingCloud(List.of(listed("m8").zone("a").build())));

        assertThat(completed.capacity()).isEmpty();
    }

    @Test
    void leavesOpenWhatNobodyKnows() {
        Offering unknown = Offering.builder("c", "m16").build();

        assertThat(OfferingFacts.complete(
                        unknown, new ListingCloud(List.of(listed("m8").build()))))
                .isEqualTo(unknown);
    }

    private static Offering.Builder listed(String type) {
        return Offering.builder("c", type).capacity(TOLD).pricePerHour(0.5);
    }

    /** A cloud that only tells what it has. */
    private record ListingCloud(List<Offering> offerings) implements Cloud {
        @Override
        public List<LaunchResult> launch(List<LaunchRequest> requests) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MachineList list(InfrastructureId infrastructure) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TerminateResult> terminate(Set<MachineId> machines) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}

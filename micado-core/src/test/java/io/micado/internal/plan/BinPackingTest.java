package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Offering;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BinPackingTest {
    private final List<TaskGroup> groups = new ArrayList<>();
    private BinPacking packing;

    @Test
    void buysTheCheapestWorkersThatTheTasksFitOn() {
        tasks("web", 6, 1, 1);

        assertBought(10, List.of(offer("small", 2, 0.11), offer("big", 4, 0.2)), tuple("big", 1), tuple("small", 1));
    }

    @Test
    void mixesTasksThatWouldWasteAWorkerAlone() {
        tasks("cpu", 2, 3, 1);
        tasks("memory", 2, 1, 7);

        assertBought(10, List.of(offer("small", 2, 0.15), offer("big", 4, 0.2)), tuple("big", 2));
    }

    @Test
    void goesByThePoolsOrderWhereAPriceIsUnknown() {
        tasks("web", 6, 1, 1);

        assertBought(10, List.of(offer("small", 2, -1), offer("big", 4, 0.01)), tuple("small", 3));
    }

    @Test
    void takesTheLargestWhereRoomIsScarce() {
        tasks("web", 6, 1, 1);

        assertBought(1, List.of(offer("small", 2, 0.1), offer("big", 4, 0.9)), tuple("big", 1));
        assertThat(packing.unpacked()).extracting(TaskGroup::tasks).containsExactly(2);
    }

    @Test
    void fillsWorkersFirstThatAreBoughtAlready() {
        tasks("web", 6, 1, 1);
        List<Offer> offers = List.of(offer("small", 2, 0.1), offer("big", 4, 0.9));

        packing = new BinPacking(groups, offers, new int[] {0, 1}, 10);

        assertThat(packing.pack())
                .extracting(it -> it.offer().offering().name(), Purchase::workers)
                .containsExactlyInAnyOrder(tuple("big", 1), tuple("small", 1));
    }

    @Test
    void leavesTasksThatFitOnNone() {
        tasks("huge", 1, 5, 1);
        tasks("web", 1, 1, 1);

        assertBought(10, List.of(offer("small", 2, 0.1), offer("big", 4, 0.9)), tuple("small", 1));
        assertThat(packing.unpacked())
                .extracting(group -> group.service().name())
                .containsExactly("huge");
    }

    @Test
    void putsTasksThatTakeTheSamePortOnDifferentWorkers() {
        PublishedPort port = new PublishedPort(80, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST);
        groups.add(group(
                ServiceState.builder("a", "a")
                        .reservation(Resources.ofMebibytes(1, 1024))
                        .ports(List.of(port)),
                1));
        groups.add(group(
                ServiceState.builder("b", "b")
                        .reservation(Resources.ofMebibytes(1, 1024))
                        .ports(List.of(port)),
                1));

        assertBought(10, List.of(offer("small", 2, 0.1), offer("big", 4, 0.15)), tuple("small", 2));
    }

    @Test
    void tellsWhatEachWorkerIsToTake() {
        tasks("web", 6, 1, 1);
        tasks("db", 2, 2, 2);

        List<Purchase> purchases =
                assertBought(10, List.of(offer("big", 4, 0.2), offer("small", 2, 0.2)), tuple("big", 3));

        assertThat(purchases.get(0).load())
                .extracting(group -> group.service().name(), TaskGroup::tasks)
                .containsExactlyInAnyOrder(tuple("web", 6), tuple("db", 2));
    }

    private List<Purchase> assertBought(int room, List<Offer> offers, org.assertj.core.groups.Tuple... expected) {
        packing = new BinPacking(groups, offers, new int[offers.size()], room);
        List<Purchase> purchases = packing.pack();
        assertThat(purchases)
                .extracting(it -> it.offer().offering().name(), Purchase::workers)
                .containsExactlyInAnyOrder(expected);
        return purchases;
    }

    private void tasks(String name, int count, double cpu, int gibibytes) {
        groups.add(group(
                ServiceState.builder(name, name).reservation(Resources.ofMebibytes(cpu, 1024L * gibibytes)), count));
    }

    private TaskGroup group(ServiceState.Builder state, int count) {
        return new TaskGroup(
                ServiceProfile.of(groups.size(), state.image("image").build(), MeasuredUse.UNKNOWN), count);
    }

    /** Workers with two gibibytes for each core; a negative price is unknown. */
    private static Offer offer(String name, int cores, double price) {
        Offering.Builder offering = Offering.builder("cloud", name).name(name);
        if (price >= 0) {
            offering.pricePerHour(price);
        }
        return new Offer(
                "pool",
                offering.build(),
                Optional.of(Resources.ofMebibytes(cores, 2048L * cores)),
                NodeTraits.comingTo("pool"),
                Resources.ZERO,
                Optional.empty(),
                false);
    }
}

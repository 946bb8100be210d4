package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerLeadTimesTest {
    private static final Resources LARGE = Resources.ofMebibytes(16, 32_768);
    private static final WorkerPool POOL = World.pool("pool", 0, 9)
            .offering(World.offering("cheap", World.SMALL))
            .offering(World.offering("fallback", World.SMALL))
            .build();

    private final World world = new World().with(POOL);

    @Test
    void theOfferingThatIsBoughtCountsAndNotAFallbackThatNeverWas() {
        seen("pool", "cheap", 300);

        assertThat(ofPool()).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void theOfferingThatIsBoughtCountsAndNotAQuickerOne() {
        seen("pool", "cheap", 300);
        seen("pool", "fallback", 60);

        assertThat(ofPool()).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void whileItRestsTheNextOneCounts() {
        seen("pool", "cheap", 300);
        seen("pool", "fallback", 60);
        world.memory = world.memory.launchFailed(
                "pool", "cheap", ErrorKind.INSUFFICIENT_CAPACITY, Optional.empty(), "none left", world.now);

        assertThat(ofPool()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whileItsCloudDoesNotAnswerTheSlowestCounts() {
        seen("pool", "cheap", 300);
        seen("pool", "fallback", 60);
        world.unknownClouds.add("cloud");

        assertThat(ofPool()).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void oneThatNeverStartedIsTakenToBeAsSlowAsTheOthersAndTheDefaultIsForWhenNoneDid() {
        assertThat(ofPool()).isEqualTo(Defaults.WORKER_LEAD_TIME);

        seen("pool", "fallback", 45);
        assertThat(ofPool()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void ofAServiceOnlyPoolsCountThatTakeIt() {
        world.with(World.pool("large", 0, 9)
                .offering(World.offering("large", LARGE))
                .build());
        seen("pool", "cheap", 40);
        seen("large", "large", 400);
        World.Service small = world.service("small", 1);
        World.Service large = world.service("large", 1);
        large.reservation = Resources.ofMebibytes(8, 1_024);
        World.Service placed = world.service("placed", 1);
        placed.constraints = List.of("node.labels." + Tags.POOL + "==large");

        assertThat(of(small)).isEqualTo(Duration.ofSeconds(40));
        assertThat(of(large)).isEqualTo(Duration.ofSeconds(400));
        assertThat(of(placed)).isEqualTo(Duration.ofSeconds(400));
    }

    private void seen(String pool, String offering, double seconds) {
        world.memory = world.memory.workerReady(pool, offering, seconds);
    }

    private Duration ofPool() {
        return new WorkerLeadTimes(world.state(), world.memory).of(POOL);
    }

    private Duration of(World.Service service) {
        return new WorkerLeadTimes(world.state(), world.memory).of(service.state());
    }

    @Test
    void whereAllHavePricesTheCheapestIsBought() {
        WorkerPool priced = World.pool("priced", 0, 9)
                .offering(Offering.builder("cloud", "large")
                        .name("large")
                        .capacity(LARGE)
                        .pricePerHour(1)
                        .build())
                .offering(Offering.builder("cloud", "small")
                        .name("small")
                        .capacity(World.SMALL)
                        .pricePerHour(0.1)
                        .build())
                .build();
        world.with(priced);
        seen("priced", "large", 60);
        seen("priced", "small", 300);

        assertThat(new WorkerLeadTimes(world.state(), world.memory).of(priced)).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void ofAServiceAPoolThatHasAllItMayHaveBuysNothing() {
        WorkerPool full = World.pool("full", 0, 1)
                .offering(World.offering("quick", World.SMALL))
                .build();
        World two = new World().with(full);
        two.add("full", WorkerState.READY);
        two.with(POOL);
        two.memory = two.memory.workerReady("full", "quick", 20).workerReady("pool", "cheap", 300);

        assertThat(new WorkerLeadTimes(two.state(), two.memory)
                        .of(two.service("web", 1).state()))
                .isEqualTo(Duration.ofSeconds(300));
    }
}

package io.micado.scenario;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.VirtualTime;
import java.time.Duration;

/**
 * A small world for scenario tests: one service whose need the test sets by hand, on workers of two cores, with windows short
 * enough that a whole story takes minutes of virtual time. Programs can be started, killed and started again in it.
 */
final class ShopWorld {
    static final int MOST_WORKERS = 6;

    final VirtualTime time;
    final SimulatedCluster cluster;
    final SimulatedCloud cloud;
    int need = 1;

    ShopWorld(long seed) {
        time = VirtualTime.seeded(seed);
        cluster = SimulatedCluster.create(time);
        cloud = SimulatedCloud.builder("sim", time)
                .joins(cluster)
                .offering("small", Resources.ofMebibytes(2, 4096), 0.1)
                .bootTime(RandomDuration.constant(Duration.ofSeconds(10)))
                .listLag(RandomDuration.constant(Duration.ofSeconds(2)))
                .drives(true)
                .build();
    }

    /** Makes a program of this infrastructure, not yet started. */
    Micado program(VirtualProcess process) {
        return builder(process).build();
    }

    MicadoBuilder builder(VirtualProcess process) {
        return Micado.builder()
                .name("shop")
                .programId(process.name())
                .timekeeper(process)
                .stateStore(cluster.stateStore().orElseThrow())
                .orchestrator(cluster)
                .cloud("sim", cloud)
                .policy("web", PolicySpec.of(in -> Recommendation.of(need, "as the test needs")))
                .service(web())
                .pool("workers", pool -> pool.between(1, MOST_WORKERS)
                        .offering("sim", "small", Settings.EMPTY)
                        .policy(PolicySpec.of(in -> Recommendation.of(1, "as many as its tasks need")))
                        .behavior(Behavior.WORKERS
                                .withStabilization(Duration.ZERO, Duration.ofSeconds(20))
                                .withRateIn())
                        .maxDisruptedWorkers(MOST_WORKERS)
                        .drainDeadline(Duration.ofMinutes(2)));
    }

    static ServiceSpec web() {
        return ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofMebibytes(1, 512))
                .replicas(1, 2 * MOST_WORKERS)
                .behavior(Behavior.REPLICAS
                        .withStabilization(Duration.ZERO, Duration.ofSeconds(20))
                        .withRateOut())
                .build();
    }
}

package io.micado.scenario;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.VirtualTime;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A small world for scenario tests: one service whose need the test sets by hand, on workers of two cores, with windows short
 * enough that a whole story takes minutes of virtual time. Programs can be started, killed and started again in it.
 */
final class ShopWorld {
    static final int MOST_WORKERS = 6;

    final VirtualTime time;
    final SimulatedCluster cluster;
    final SimulatedCloud cloud;
    final Deeds deeds;
    int need = 1;

    ShopWorld(long seed) {
        this(seed, UnaryOperator.identity());
    }

    ShopWorld(long seed, UnaryOperator<SimulatedCloud.Builder> how) {
        time = VirtualTime.seeded(seed);
        cluster = SimulatedCluster.create(time);
        cloud = how.apply(SimulatedCloud.builder("sim", time)
                        .joins(cluster)
                        .offering("small", Resources.ofMebibytes(2, 4096), 0.1)
                        .bootTime(RandomDuration.constant(Duration.ofSeconds(10)))
                        .listLag(RandomDuration.constant(Duration.ofSeconds(2)))
                        .drives(true))
                .build();
        deeds = new Deeds(time, cluster);
    }

    /** Makes a program of this infrastructure, not yet started. */
    Micado program(VirtualProcess process) {
        return builder(process).build();
    }

    /** Starts a program of this infrastructure. */
    Program start(String name) {
        return start(name, UnaryOperator.identity());
    }

    /** Starts a program of this infrastructure that differs in something. */
    Program start(String name, UnaryOperator<MicadoBuilder> difference) {
        VirtualProcess process = time.process(name);
        return Program.start(process, difference.apply(builder(process)));
    }

    /** Lets time pass. */
    ShopWorld after(Duration duration) {
        time.advance(duration);
        return this;
    }

    /** Lets time pass until there are so many replicas and machines. */
    void settleAt(int replicas, int machines) {
        time.runUntil(
                () -> cluster.running("web") == replicas && cloud.look().size() == machines, Duration.ofMinutes(30));
    }

    MicadoBuilder builder(VirtualProcess process) {
        return withoutPool(process).pool(workers().build());
    }

    MicadoBuilder withoutPool(VirtualProcess process) {
        return bare(process)
                .policy("web", PolicySpec.of(in -> Recommendation.of(need, "as the test needs")))
                .service(web());
    }

    /** An infrastructure without services and pools. */
    MicadoBuilder bare(VirtualProcess process) {
        return Micado.builder()
                .name("shop")
                .programId(process.name())
                .timekeeper(process)
                .stateStore(cluster.stateStore().orElseThrow())
                .orchestrator(deeds.watching(process, cluster))
                .cloud("sim", deeds.watching(process, cloud));
    }

    /** The pool of two-core workers, which follows its tasks alone. */
    static WorkerPool.Builder workers() {
        return emptyPool().offering("sim", "small", Settings.EMPTY);
    }

    /** The same pool without offerings. */
    static WorkerPool.Builder emptyPool() {
        return WorkerPool.builder("workers")
                .between(1, MOST_WORKERS)
                .policy(PolicySpec.of(in -> Recommendation.of(1, "as many as its tasks need")))
                .behavior(Behavior.WORKERS
                        .withStabilization(Duration.ZERO, Duration.ofSeconds(20))
                        .withRateIn())
                .maxDisruptedWorkers(MOST_WORKERS)
                .drainDeadline(Duration.ofMinutes(2));
    }

    static ServiceSpec web() {
        return service("web").build();
    }

    /** A service of one core a replica, with short windows. */
    static ServiceSpec.Builder service(String name) {
        return ServiceSpec.builder(name)
                .image(name)
                .limit(Resources.ofMebibytes(1, 512))
                .replicas(1, 2 * MOST_WORKERS)
                .behavior(Behavior.REPLICAS
                        .withStabilization(Duration.ZERO, Duration.ofSeconds(20))
                        .withRateOut());
    }
}

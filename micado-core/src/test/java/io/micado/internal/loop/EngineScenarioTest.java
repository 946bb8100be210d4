package io.micado.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerState;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The whole engine on a simulated cloud and cluster, in virtual time. */
class EngineScenarioTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);
    private final SimulatedCloud cloud = SimulatedCloud.builder("sim", time)
            .joins(cluster)
            .offering("small", Resources.ofMebibytes(2, 4096), 0.1)
            .build();
    private int wanted = 1;

    private Micado program(String id) {
        return program(id, time.process(id));
    }

    private Micado program(String id, VirtualProcess process) {
        return Micado.builder()
                .name("shop")
                .programId(id)
                .timekeeper(process)
                .stateStore(cluster.stateStore().orElseThrow())
                .orchestrator(cluster)
                .policy("web", PolicySpec.of(in -> Recommendation.of(wanted, "as the test wants")))
                .cloud("sim", cloud)
                .pool(
                        "workers",
                        pool -> pool.between(1, 5)
                                .offering("sim", "small", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(1, "one is enough"))))
                .build();
    }

    private ServiceSpec web() {
        return ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofMebibytes(1, 512))
                .replicas(1, 20)
                .build();
    }

    @Test
    void scalesBothLevelsOutAndInAgain() {
        Micado micado = program("p1");
        micado.start();
        CompletableFuture<Void> deployed = micado.deploy(web());
        time.advance(Duration.ofMinutes(5));
        assertThat(deployed).isCompleted();
        assertThat(cluster.running("web")).isEqualTo(1);

        wanted = 8;
        time.advance(Duration.ofMinutes(5));
        assertThat(cluster.running("web")).isEqualTo(8);
        assertThat(micado.status().workers()).hasSize(4).allMatch(w -> w.state() == WorkerState.READY);

        wanted = 1;
        time.advance(Duration.ofHours(1));
        assertThat(cluster.running("web")).isEqualTo(1);
        assertThat(cloud.look()).hasSize(1);
        assertThat(micado.explain(TargetId.service("web"))).isNotEmpty();
        assertThat(cluster.counters().tasksKilledByTermination()).isZero();
        micado.close();
    }

    @Test
    void destroysEverything() {
        Micado micado = program("p1");
        micado.start();
        micado.deploy(web());
        wanted = 6;
        time.advance(Duration.ofMinutes(10));
        var report = micado.destroy();
        assertThat(time.await(report, Duration.ofMinutes(20))).isTrue();
        assertThat(report.join().isClean()).as(report.join().toString()).isTrue();
        assertThat(cloud.look()).isEmpty();
        micado.close();
    }

    @Test
    void aSecondProgramWaitsAndTakesOverWhenTheFirstIsKilled() {
        VirtualProcess first = time.process("first");
        Micado one = program("one", first);
        one.start();
        one.deploy(web());
        wanted = 6;
        time.advance(Duration.ofMinutes(5));
        Micado two = program("two");
        two.start();
        time.advance(Duration.ofMinutes(1));
        assertThat(one.status().acting()).isTrue();
        assertThat(two.status().acting()).isFalse();
        assertThat(two.status().notActingBecause()).contains("one");
        first.kill();
        time.advance(Duration.ofSeconds(25));
        assertThat(two.status().acting()).isTrue();
        assertThat(cloud.launches()).hasSize(cloud.look().size());
        two.close();
    }
}

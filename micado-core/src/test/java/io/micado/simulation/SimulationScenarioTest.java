package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole simulated world under a toy program that scales both levels without any finesse. */
class SimulationScenarioTest {

    @Test
    void theSameSeedGivesTheSameTrace() {
        List<String> first = new Toy(7).run(Duration.ofHours(6)).trace;
        List<String> second = new Toy(7).run(Duration.ofHours(6)).trace;
        List<String> other = new Toy(8).run(Duration.ofHours(6)).trace;

        assertThat(first).hasSizeGreaterThan(50);
        assertThat(second).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void aWeekOfPassesTakesSeconds() {
        Toy toy = new Toy(1).run(Duration.ofDays(7));

        assertThat(toy.passes).isEqualTo(120_961);
        assertThat(toy.metrics.work("web").unservedShare()).isLessThan(0.2);
        assertThat(toy.cloud.bill().machineHours()).isGreaterThan(7 * 24);
    }

    @Test
    void thousandsOfNodesAreNoHardship() {
        VirtualTime time = VirtualTime.seeded(3);
        SimulatedCluster cluster = SimulatedCluster.create(time);
        for (int i = 0; i < 3_000; i++) {
            cluster.addForeignNode("n" + i, Resources.ofMebibytes(4, 8192));
        }
        for (int i = 0; i < 20; i++) {
            cluster.deployByHand(ServiceSpec.builder("s" + i)
                    .image("x")
                    .limit(Resources.ofMebibytes(1, 64))
                    .replicas(0, 10_000)
                    .initialReplicas(500)
                    .build());
        }
        time.advance(Duration.ofSeconds(10));
        long seen = 0;
        for (int i = 0; i < 100_000; i++) {
            seen += cluster.observe().tasks().size();
        }

        assertThat(seen).isEqualTo(100_000L * 10_000);
        assertThat(cluster.running("s7")).isEqualTo(500);
    }

    /** Looks every 5 s: one replica more or less by CPU, one machine more for pending tasks, one less when the last joined is idle. */
    private static final class Toy {
        private final VirtualTime time;
        private final SimulatedCluster cluster;
        private final SimulatedCloud cloud;
        private final SimulatedMetrics metrics;
        private final VirtualProcess program;
        private final BoundedExecutor io;
        private final InfrastructureId us = new InfrastructureId("us");
        private final List<String> trace = new ArrayList<>();
        private int passes;
        private int launched;

        Toy(long seed) {
            time = VirtualTime.builder()
                    .seed(seed)
                    .shuffleSameTime(true)
                    .maximumLatency(Duration.ofMillis(20))
                    .build();
            cluster = SimulatedCluster.create(time);
            cloud = SimulatedCloud.builder("sim", time)
                    .joins(cluster)
                    .bootTime(RandomDuration.lognormal(Duration.ofSeconds(60), 0.4))
                    .build();
            cloud.calls().callTime(RandomDuration.uniform(Duration.ofMillis(100), Duration.ofSeconds(2)));
            metrics = SimulatedMetrics.of(cluster);
            program = time.process();
            io = program.boundedExecutor("io", 2);
        }

        Toy run(Duration duration) {
            cluster.deployByHand(ServiceSpec.builder("web")
                    .image("x")
                    .limit(Resources.ofMebibytes(1, 128))
                    .replicas(1, 100)
                    .build());
            metrics.load("web", Workload.sine(60, 50, Duration.ofHours(4)).withPoissonNoise(time.seed()), 0.1);
            program.schedule(Duration.ZERO, this::pass);
            time.advance(duration);
            return this;
        }

        private void pass() {
            passes++;
            io.submit(this::act);
            program.schedule(Duration.ofSeconds(5), this::pass);
        }

        private void act() {
            ClusterView view = cluster.observe();
            MetricReadings readings = metrics.read(new MetricRequest(view, List.of(), Duration.ofSeconds(5)));
            double cpu = view.tasks().stream()
                    .flatMap(t -> readings.get(MetricKey.task(Metric.CPU, t.id())).stream())
                    .mapToDouble(sample -> sample.value())
                    .average()
                    .orElse(0.7);
            int replicas = view.services().get(0).desiredReplicas();
            boolean pending = view.tasks().stream().anyMatch(t -> t.pending().isPresent());
            if (cpu > 0.9 && !pending) {
                scale(replicas, replicas + 1);
            } else if (cpu < 0.5 && replicas > 1) {
                scale(replicas, replicas - 1);
            }
            int machines = cloud.look().size();
            if (pending && machines < view.nodes().size() && machines < 20) {
                launch();
            } else if (machines > 1 && replicas + 4 < machines * 2) {
                terminate(cloud.look().get(machines - 1).id());
            }
        }

        private void scale(int from, int to) {
            note("scale " + from + ">" + to);
            cluster.apply(new ClusterChange.Scale("web", from, to, Map.of()));
        }

        private void launch() {
            note("launch");
            cloud.launch(List.of(new LaunchRequest(
                    new WorkerId("w" + ++launched),
                    "p",
                    us,
                    "toy",
                    Offering.builder("sim", "small").build(),
                    cluster.joinInfo(),
                    Optional.empty())));
        }

        private void terminate(MachineId machine) {
            note("terminate " + machine);
            cloud.terminate(Set.of(machine));
            cluster.look().nodes().stream()
                    .filter(n -> n.status() == Node.Status.DOWN)
                    .forEach(n -> cluster.apply(new ClusterChange.RemoveNode(n.id())));
        }

        private void note(String what) {
            trace.add(time.sinceStart() + " " + what);
        }
    }
}

package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.testing.Seeds;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementPropertyTest {
    private static final List<String> ZONES = List.of("x", "y", "z");

    @Test
    void placementNeverBreaksItsRulesWhateverHappens() {
        Seeds.check(60, PlacementPropertyTest::live);
    }

    private static void live(Random random) {
        VirtualTime time = VirtualTime.seeded(random.nextLong());
        SimulatedCluster cluster = SimulatedCluster.builder(time)
                .taskStart(RandomDuration.uniform(Duration.ZERO, Duration.ofSeconds(10)))
                .taskStop(RandomDuration.uniform(Duration.ZERO, Duration.ofSeconds(10)))
                .build();
        for (int step = 0; step < 60; step++) {
            act(cluster, random);
            requireRules(cluster.look());
            time.advance(Duration.ofMillis(random.nextInt(8_000)));
            requireRules(cluster.look());
        }
        time.advance(Duration.ofMinutes(10));
        requireFixpoint(cluster.look());
    }

    private static void act(SimulatedCluster cluster, Random random) {
        ClusterView view = cluster.look();
        List<NodeId> nodes =
                view.nodes().stream().filter(n -> !n.manager()).map(Node::id).toList();
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                NodeId node =
                        cluster.addForeignNode("n" + nodes.size(), Resources.ofMebibytes(1 + random.nextInt(4), 1024));
                cluster.labelByHand(node, Map.of("zone", ZONES.get(random.nextInt(3))));
            }
            case 2, 3, 4 -> cluster.apply(new ClusterChange.Deploy(service(random), Map.of()));
            case 5, 6 ->
                view.services().stream().findAny().ifPresent(s -> cluster.scaleByHand(s.name(), random.nextInt(12)));
            case 7 ->
                pick(nodes, random)
                        .forEach(n -> cluster.setAvailabilityByHand(n, Node.Availability.values()[random.nextInt(3)]));
            case 8 ->
                pick(nodes, random)
                        .forEach(random.nextBoolean() ? cluster.faults()::failNode : cluster.faults()::reviveNode);
            default -> pick(nodes, random).forEach(n -> cluster.apply(new ClusterChange.RemoveNode(n)));
        }
    }

    private static List<NodeId> pick(List<NodeId> nodes, Random random) {
        return nodes.isEmpty() ? List.of() : List.of(nodes.get(random.nextInt(nodes.size())));
    }

    private static ServiceSpec service(Random random) {
        int number = random.nextInt(3);
        ServiceSpec.Builder spec = ServiceSpec.builder("s" + number)
                .image("i" + random.nextInt(2))
                .replicas(0, 100)
                .initialReplicas(random.nextInt(6))
                .limit(Resources.ofMebibytes(0.25 * (1 + random.nextInt(6)), 64));
        if (random.nextBoolean()) {
            spec.constraint("node.labels.zone" + (random.nextBoolean() ? "==" : "!=") + ZONES.get(random.nextInt(3)));
        }
        if (number == 0) {
            spec.publish(new PublishedPort(80, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST));
        }
        if (number == 1) {
            spec.attribute("maxReplicasPerNode", "2");
        }
        return spec.build();
    }

    private static void requireRules(ClusterView view) {
        Map<String, ServiceState> services = new HashMap<>();
        view.services().forEach(s -> services.put(s.name(), s));
        Map<NodeId, Double> reserved = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (TaskState task : view.tasks()) {
            ServiceState service = services.get(task.service());
            assertThat(task.node().isPresent()).isEqualTo(task.phase() != TaskState.Phase.PENDING);
            assertThat(task.pending().isPresent()).isEqualTo(task.phase() == TaskState.Phase.PENDING);
            assertThat(seen.add(task.id())).as("ids are unique").isTrue();
            // While a service is updated, or its tasks still stop, some reserve what an older version of it did.
            if (service != null && !service.updating() && task.phase() != TaskState.Phase.STOPPING) {
                task.node()
                        .filter(n -> task.occupiesNode())
                        .ifPresent(n -> reserved.merge(n, service.reservation().cpuCores(), Double::sum));
            }
        }
        for (Node node : view.nodes()) {
            assertThat(reserved.getOrDefault(node.id(), 0.0))
                    .as("reserved on %s", node.hostname())
                    .isLessThanOrEqualTo(node.capacity().cpuCores() + 1e-9);
        }
        for (ServiceState service : view.services()) {
            if (service.updating()) {
                continue;
            }
            Map<NodeId, Integer> perNode = new HashMap<>();
            view.tasks().stream()
                    .filter(t -> t.service().equals(service.name()))
                    .filter(t -> t.phase() == TaskState.Phase.STARTING || t.phase() == TaskState.Phase.RUNNING)
                    .forEach(t -> perNode.merge(t.node().orElseThrow(), 1, Integer::sum));
            perNode.forEach((id, count) -> {
                Node node = view.nodes().stream()
                        .filter(n -> n.id().equals(id))
                        .findFirst()
                        .orElseThrow();
                service.constraints().forEach(c -> {
                    boolean equal = c.contains("==");
                    String zone = c.substring(c.indexOf('=') + 1 + (equal ? 1 : 0));
                    assertThat(zone.equals(node.labels().get("zone")))
                            .as("%s on %s", c, node.labels())
                            .isEqualTo(equal);
                });
                service.maxReplicasPerNode().ifPresent(most -> assertThat(count).isLessThanOrEqualTo(most));
                if (service.name().equals("s0")) {
                    assertThat(count).as("one host port a node").isEqualTo(1);
                }
            });
        }
    }

    /** When everything has come to rest, each service has the tasks that it is asked for, and those that run suffice or wait for a reason. */
    private static void requireFixpoint(ClusterView view) {
        for (ServiceState service : view.services()) {
            long wanted = view.tasks().stream()
                    .filter(t -> t.service().equals(service.name()))
                    .filter(t -> t.phase() != TaskState.Phase.STOPPING)
                    .count();
            assertThat(wanted).isEqualTo(service.desiredReplicas());
        }
        assertThat(view.tasks()).allSatisfy(task -> {
            assertThat(task.phase()).isIn(TaskState.Phase.RUNNING, TaskState.Phase.PENDING, TaskState.Phase.STOPPING);
            if (task.phase() == TaskState.Phase.PENDING) {
                assertThat(task.message()).startsWith("no suitable node");
            }
            if (task.phase() == TaskState.Phase.STOPPING) {
                Node node = view.nodes().stream()
                        .filter(n -> task.node().equals(Optional.of(n.id())))
                        .findFirst()
                        .orElseThrow();
                assertThat(node.status()).isEqualTo(Node.Status.DOWN);
            }
        });
    }
}

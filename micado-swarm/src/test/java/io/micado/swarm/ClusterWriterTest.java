package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.Node.Availability;
import io.micado.api.worker.NodeId;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.RealTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClusterWriterTest {
    /** As the docker command makes it; docker-java's own types know half of this. */
    private static final String RICH = """
            {"Labels":{"team":"a"},
             "TaskTemplate":{
               "ContainerSpec":{"Image":"web:1","Args":["-v"],"Env":["A=1"],"Init":false,"DNSConfig":{},"Isolation":"default",
                 "Sysctls":{"net.core.somaxconn":"99"},"CapabilityAdd":["CAP_NET_ADMIN"],
                 "Ulimits":[{"Name":"nofile","Hard":99,"Soft":99}],"Mounts":[{"Type":"tmpfs","Target":"/x"}]},
               "Resources":{"Limits":{"NanoCPUs":200000000,"Pids":77},
                 "Reservations":{"NanoCPUs":100000000,"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":1}}]}},
               "Placement":{"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.z"}}],"MaxReplicas":3},
               "ForceUpdate":0,"Runtime":"container","FieldOfALaterEngine":{"x":[1,2]}},
             "Mode":{"Replicated":{"Replicas":2}},
             "UpdateConfig":{"Parallelism":1,"Order":"start-first"},
             "EndpointSpec":{"Mode":"vip"}}""";

    private final RealTime time = new RealTime();
    private final FakeSwarm swarm = new FakeSwarm();
    private final SwarmCluster cluster = FakeSwarm.open(time, FakeSwarm.settings(swarm));

    @AfterEach
    void close() {
        cluster.close();
        swarm.close();
        time.close();
    }

    @Test
    void scalesWithoutTouchingAnythingElse() {
        swarm.put("services", "web", RICH);
        ObjectNode expected = swarm.spec("services", "web-id").deepCopy();
        ((ObjectNode) expected.path("Mode").path("Replicated")).put("Replicas", 5);
        ((ObjectNode) expected.path("Labels")).put("micado.last-change", "2>5");

        cluster.apply(new ClusterChange.Scale("web", 2, 5, Map.of("micado.last-change", "2>5")));

        assertThat(swarm.spec("services", "web-id")).isEqualTo(expected);
    }

    @Test
    void deploysOverAServiceWithoutLosingWhatOthersSetOnIt() {
        swarm.put("services", "web", RICH);

        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web")
                        .image("web:2")
                        .arguments("-q")
                        .environment("B", "2")
                        .limit(Resources.ofMebibytes(1, 64))
                        .reservation(Resources.ZERO)
                        .constraint("node.role==worker")
                        .publish(8080, 80)
                        .label("tier", "front")
                        .replicas(1, 9)
                        .build(),
                Map.of("micado.managed", "shop")));

        JsonNode spec = swarm.spec("services", "web-id");
        assertThat(spec).isEqualTo(Recorded.parse("""
                        {"Labels":{"team":"a","tier":"front","micado.managed":"shop"},
                         "TaskTemplate":{
                           "ContainerSpec":{"Image":"web:2","Args":["-q"],"Env":["B=2"],"Init":false,"DNSConfig":{},"Isolation":"default",
                             "Sysctls":{"net.core.somaxconn":"99"},"CapabilityAdd":["CAP_NET_ADMIN"],
                             "Ulimits":[{"Name":"nofile","Hard":99,"Soft":99}],"Mounts":[{"Type":"tmpfs","Target":"/x"}]},
                           "Resources":{"Limits":{"NanoCPUs":1000000000,"Pids":77,"MemoryBytes":67108864},
                             "Reservations":{"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":1}}]}},
                           "Placement":{"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.z"}}],"MaxReplicas":3,
                             "Constraints":["node.role==worker"]},
                           "ForceUpdate":0,"Runtime":"container","FieldOfALaterEngine":{"x":[1,2]}},
                         "Mode":{"Replicated":{"Replicas":2}},
                         "UpdateConfig":{"Parallelism":1,"Order":"start-first"},
                         "EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,
                           "PublishMode":"ingress"}]},
                         "Name":"web"}"""));
    }

    @Test
    void takesBackWhatTheLastDeploymentTold() {
        swarm.put("services", "web", """
                {"Labels":{"team":"","micado.managed":"shop","micado.keep-worker":"true","micado.policy":"threshold",
                   "micado.policy.scaleOut":"70","micado.hold":"3 until released"},
                 "Mode":{"Replicated":{"Replicas":2}}}""");

        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web").image("web:1").build(), Map.of("micado.managed", "shop")));

        assertThat(swarm.spec("services", "web-id").path("Labels")).isEqualTo(Recorded.parse("""
                        {"team":"","micado.managed":"shop","micado.hold":"3 until released"}"""));
    }

    @Test
    void deployingTheSameAgainSendsNothing() {
        ClusterChange deploy = new ClusterChange.Deploy(
                ServiceSpec.builder("web")
                        .image("web:1")
                        .environment("A", "1")
                        .publish(new PublishedPort(53, 53, PublishedPort.Protocol.UDP, PublishedPort.Mode.HOST))
                        .attribute(ServiceDocument.MAX_REPLICAS_PER_NODE, "2")
                        .attribute(ServiceDocument.NETWORKS, "front, back")
                        .build(),
                Map.of("micado.managed", "shop"));

        cluster.apply(deploy);
        cluster.apply(deploy);

        assertThat(swarm.engine.calls("POST")).containsExactly("POST /services/create");
        assertThat(swarm.spec("services", "web-id")).isEqualTo(Recorded.parse("""
                        {"Name":"web","Mode":{"Replicated":{"Replicas":1}},"Labels":{"micado.managed":"shop"},
                         "TaskTemplate":{"ContainerSpec":{"Image":"web:1","Env":["A=1"]},"Resources":{},
                           "Placement":{"MaxReplicas":2},"Networks":[{"Target":"front"},{"Target":"back"}]},
                         "EndpointSpec":{"Ports":[{"Protocol":"udp","TargetPort":53,"PublishedPort":53,"PublishMode":"host"}]}}"""));
    }

    @Test
    void takesAPinnedImageForTheSame() {
        swarm.put(
                "services",
                "web",
                "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"web:1@sha256:77\"}},\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");

        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web").image("web:1").build(), Map.of()));

        assertThat(swarm.engine.calls("POST")).isEmpty();
    }

    @Test
    void updatesTheServiceThatSomebodyElseMadeMeanwhile() {
        swarm.engine.on("POST", "/services/create", (call, path) -> {
            swarm.put("services", "web", RICH);
            return java.util.Optional.of(Answer.error(409, "name conflicts with an existing object"));
        });

        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web").image("web:2").build(), Map.of()));

        assertThat(image("web-id")).isEqualTo("web:2");
    }

    @Test
    void refusesAttributesThatItDoesNotKnow() {
        ServiceSpec spec = ServiceSpec.builder("web")
                .image("web:1")
                .attribute("swarm.netwroks", "a")
                .build();

        assertThatThrownBy(() -> cluster.apply(new ClusterChange.Deploy(spec, Map.of())))
                .hasMessage("service web: attribute swarm.netwroks is unknown; known are [swarm.maxReplicasPerNode, "
                        + "swarm.networks]");
    }

    @Test
    void triesAgainWhenSomebodyElseWasFasterWithSomethingElse() {
        swarm.put("services", "web", RICH);
        AtomicInteger others = new AtomicInteger();
        swarm.beforeUpdate(call -> {
            if (others.incrementAndGet() <= 3) {
                swarm.change(
                        "services",
                        "web-id",
                        spec -> ((ObjectNode) spec.get("Labels")).put("other" + others.get(), "x"));
            }
        });

        cluster.apply(new ClusterChange.LabelService("web", Map.of("micado.hold", "3 until released", "team", "")));

        assertThat(swarm.spec("services", "web-id").path("Labels"))
                .isEqualTo(Recorded.parse(
                        "{\"other1\":\"x\",\"other2\":\"x\",\"other3\":\"x\",\"micado.hold\":\"3 until released\"}"));
        assertThat(swarm.engine.calls("POST")).hasSize(4);
    }

    @Test
    void givesUpAfterFiveTries() {
        swarm.put("services", "web", RICH);
        AtomicInteger others = new AtomicInteger();
        swarm.beforeUpdate(call -> swarm.change(
                "services",
                "web-id",
                spec -> ((ObjectNode) spec.get("Labels")).put("n", "" + others.incrementAndGet())));

        assertKind(new ClusterChange.LabelService("web", Map.of("a", "b")), ErrorKind.CONFLICT);

        assertThat(swarm.engine.calls("POST")).hasSize(5);
    }

    @Test
    void doesNotScaleOverSomebodyElsesNumber() {
        swarm.put("services", "web", RICH);
        swarm.beforeUpdate(call -> {
            swarm.beforeUpdate(later -> {});
            swarm.change(
                    "services",
                    "web-id",
                    spec -> ((ObjectNode) spec.path("Mode").path("Replicated")).put("Replicas", 7));
        });

        assertThatThrownBy(() -> cluster.apply(new ClusterChange.Scale("web", 2, 3, Map.of())))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
                .hasMessage("service web was to be scaled from 2 to 3 replicas, but somebody else has set it to 7");
        assertThat(replicas("web-id")).isEqualTo(7);
    }

    @Test
    void scalingASecondTimeDoesNothing() {
        swarm.put("services", "web", RICH);
        ClusterChange scale = new ClusterChange.Scale("web", 2, 3, Map.of("l", "x"));

        cluster.apply(scale);
        cluster.apply(scale);

        assertThat(swarm.engine.calls("POST")).hasSize(1);
        assertThat(replicas("web-id")).isEqualTo(3);
    }

    @Test
    void doesNotScaleAGlobalService() {
        swarm.put("services", "agent", "{\"Mode\":{\"Global\":{}}}");

        assertKind(new ClusterChange.Scale("agent", 0, 3, Map.of()), ErrorKind.UNSUPPORTED);
        assertThat(swarm.engine.calls("POST")).isEmpty();
    }

    @Test
    void doesNotTakeTheBeginningOfAnIdForAName() {
        swarm.put("services", "web", RICH);

        assertKind(new ClusterChange.Scale("web-i", 2, 3, Map.of()), ErrorKind.NOT_FOUND);
        cluster.apply(new ClusterChange.Remove("web-i"));
        assertThat(swarm.has("services", "web-id")).isTrue();
    }

    @Test
    void removesAServiceOnce() {
        swarm.put("services", "web", RICH);

        cluster.apply(new ClusterChange.Remove("web"));
        cluster.apply(new ClusterChange.Remove("web"));

        assertThat(swarm.engine.calls("DELETE")).containsExactly("DELETE /services/web-id");
    }

    @Test
    void rebalancesByForcingAnUpdate() {
        swarm.put("services", "web", RICH);

        cluster.apply(new ClusterChange.Rebalance("web"));
        cluster.apply(new ClusterChange.Rebalance("web"));

        assertThat(swarm.spec("services", "web-id")
                        .path("TaskTemplate")
                        .path("ForceUpdate")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void setsAvailabilityAndLabelsOfANodeInOneUpdate() {
        swarm.put(
                "nodes",
                "n1",
                "{\"Role\":\"worker\",\"Availability\":\"active\",\"Labels\":{\"zone\":\"a\"},\"New\":1}");

        cluster.apply(new ClusterChange.SetAvailability(
                new NodeId("n1"), Availability.DRAIN, Map.of("micado.drain.since", "now")));

        assertThat(swarm.spec("nodes", "n1"))
                .isEqualTo(Recorded.parse("{\"Role\":\"worker\",\"Availability\":\"drain\",\"New\":1,"
                        + "\"Labels\":{\"zone\":\"a\",\"micado.drain.since\":\"now\"}}"));
        assertThat(swarm.engine.calls("POST")).hasSize(1);
    }

    @Test
    void doesNotOverrideAPersonWhoDrainsTheNodeAtTheSameMoment() {
        swarm.put("nodes", "n1", "{\"Role\":\"worker\",\"Availability\":\"active\"}");
        swarm.beforeUpdate(call -> {
            swarm.beforeUpdate(later -> {});
            swarm.change("nodes", "n1", spec -> spec.put("Availability", "drain"));
        });

        assertKind(
                new ClusterChange.SetAvailability(new NodeId("n1"), Availability.PAUSE, Map.of()), ErrorKind.CONFLICT);
        assertThat(swarm.spec("nodes", "n1").path("Availability").asText()).isEqualTo("drain");
    }

    @Test
    void labelsANodeWhoseStatusChangesMeanwhile() {
        swarm.put("nodes", "n1", "{\"Role\":\"worker\",\"Availability\":\"active\"}");
        swarm.beforeUpdate(call -> {
            swarm.beforeUpdate(later -> {});
            swarm.change("nodes", "n1", spec -> {});
        });

        cluster.apply(new ClusterChange.LabelNode(new NodeId("n1"), Map.of("micado.worker", "w1")));

        assertThat(swarm.spec("nodes", "n1")
                        .path("Labels")
                        .path("micado.worker")
                        .asText())
                .isEqualTo("w1");
    }

    @Test
    void removesANodeByForceAndOnce() {
        swarm.put("nodes", "n1", "{\"Role\":\"worker\",\"Availability\":\"drain\"}");

        cluster.apply(new ClusterChange.RemoveNode(new NodeId("n1")));
        cluster.apply(new ClusterChange.RemoveNode(new NodeId("n1")));

        assertThat(swarm.engine.calls("DELETE"))
                .containsExactly("DELETE /nodes/n1?force=true", "DELETE /nodes/n1?force=true");
    }

    @Test
    void rotatesTheWorkersTokenOnly() {
        swarm.engine.answer("POST", "/swarm/update", Answer.ok(""));

        cluster.apply(new ClusterChange.RotateJoinToken());

        assertThat(swarm.engine.calls("POST")).containsExactly("POST /swarm/update?rotateWorkerToken=true&version=10");
    }

    @Test
    void doesNotSendAgainWhatWasNotAnswered() {
        swarm.put("services", "web", RICH);
        swarm.engine.answer("POST", "/services/web-id/update", Answer.error(503, "unavailable"));

        assertKind(new ClusterChange.LabelService("web", Map.of("a", "b")), ErrorKind.OUTCOME_UNKNOWN);
        assertThat(swarm.engine.calls("POST")).hasSize(1);
    }

    private void assertKind(ClusterChange change, ErrorKind kind) {
        assertThatThrownBy(() -> cluster.apply(change))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private String image(String service) {
        return swarm.spec("services", service)
                .path("TaskTemplate")
                .path("ContainerSpec")
                .path("Image")
                .asText();
    }

    private int replicas(String service) {
        return swarm.spec("services", service)
                .path("Mode")
                .path("Replicated")
                .path("Replicas")
                .asInt();
    }
}

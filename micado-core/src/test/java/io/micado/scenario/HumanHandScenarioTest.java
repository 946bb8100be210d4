package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do by hand: it is seen, it is told, and what is theirs is never touched. */
class HumanHandScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void scalingByHandIsAnObservationFromWhichThePolicyGoesOn() {
        // A policy that steps from where it is, so that it shows where it goes on from.
        boolean[] more = {false};
        Program program = world.start(
                "p1",
                builder -> builder.service(ShopWorld.service("api")
                        .policy(PolicySpec.of(in -> Recommendation.of(in.desired() + (more[0] ? 1 : 0), "a step")))
                        .build()));
        world.after(Duration.ofMinutes(1));
        world.cluster.scaleByHand("api", 5);
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("api")).isEqualTo(5);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.from()).isEqualTo(1);
                    assertThat(event.to()).isEqualTo(5);
                });

        more[0] = true;
        world.time.runUntil(() -> program.latest(TargetId.service("api")).changesSomething(), Duration.ofMinutes(1));
        assertThat(program.latest(TargetId.service("api")).from()).isEqualTo(5);
        assertThat(program.latest(TargetId.service("api")).to()).isEqualTo(6);
        program.micado().close();
    }

    @Test
    void threeReversalsInTenMinutesHoldTheServiceAndNameTheConflict() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        for (int i = 0; i < 3; i++) {
            world.cluster.scaleByHand("web", 2);
            world.after(Duration.ofSeconds(20));
        }
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.CONFLICT);
        assertThat(world.cluster.running("web")).isEqualTo(2);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class)).hasSize(3);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class))
                .last()
                .extracting(MicadoEvent.ChangedByOthers::message)
                .asString()
                .contains("only one hand");

        world.after(Duration.ofMinutes(9));
        assertThat(world.cluster.running("web")).as("left alone").isEqualTo(2);
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).as("afterwards").isEqualTo(4);
        program.micado().close();
    }

    @Test
    void aCountByHandBeyondItsBoundsIsBroughtBack() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cluster.scaleByHand("web", 40);
        world.after(Duration.ofMinutes(2));
        assertThat(program.micado().status().services())
                .singleElement()
                .satisfies(service -> assertThat(service.desired()).isLessThanOrEqualTo(12));
        assertThat(world.cloud.look()).hasSizeLessThanOrEqualTo(ShopWorld.MOST_WORKERS);
        program.micado().close();
    }

    @Test
    void aWorkerThatAPersonDrainsIsNeitherActivatedNorTakenAway() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        NodeId drained = workerNodes().get(0).id();
        world.cluster.drainByHand(drained);
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("web"))
                .as("moved, with another worker for it")
                .isEqualTo(4);
        world.need = 9;
        world.after(Duration.ofMinutes(5));
        world.need = 1;
        world.after(Duration.ofMinutes(10));

        assertThat(node(drained).availability()).isEqualTo(Node.Availability.DRAIN);
        assertThat(world.cluster.look().nodes()).extracting(Node::id).contains(drained);
        assertThat(world.deeds.of("cluster.set-availability"))
                .extracting(Deeds.Deed::subject)
                .noneMatch(subject -> subject.contains(drained.value()));

        // It is ours again when the person gives it back.
        world.cluster.setAvailabilityByHand(drained, Node.Availability.ACTIVE);
        world.after(Duration.ofMinutes(10));
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class)).isEmpty();
        program.micado().close();
    }

    @Test
    void aWorkerThatAPersonPausesKeepsItsTasks() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        NodeId paused = workerNodes().get(0).id();
        world.cluster.setAvailabilityByHand(paused, Node.Availability.PAUSE);
        world.after(Duration.ofMinutes(10));

        assertThat(node(paused).availability()).isEqualTo(Node.Availability.PAUSE);
        assertThat(world.cluster.running("web")).isEqualTo(4);
        assertThat(world.cluster.counters().tasksDrained()).isZero();
        program.micado().close();
    }

    @Test
    void aLabelThatAPersonRemovesIsWrittenAgain() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.after(Duration.ofSeconds(10));
        Node worker = workerNodes().get(0);
        world.cluster.labelByHand(
                worker.id(), Map.of(Tags.WORKER, "", Tags.INFRASTRUCTURE, "", Tags.POOL, "", Tags.FORMAT, ""));
        world.after(Duration.ofMinutes(5));

        assertThat(node(worker.id()).labels()).isEqualTo(worker.labels());
        assertThat(world.cloud.launches()).hasSize(1);
        assertThat(world.cloud.terminations()).isEmpty();
        program.micado().close();
    }

    @Test
    void ourDrainMarkThatAPersonRemovesMakesTheDrainTheirs() {
        Program program = world.start(
                "p1",
                builder -> builder.drainGuard((worker, tasks) -> {
                    world.time.elapse(Duration.ofSeconds(4));
                    return true;
                }));
        world.need = 4;
        world.settleAt(4, 2);
        world.need = 2;
        world.time.runUntil(
                () -> workerNodes().stream().anyMatch(node -> node.availability() == Node.Availability.PAUSE),
                Duration.ofMinutes(2));
        Node cordoned = workerNodes().stream()
                .filter(node -> node.availability() == Node.Availability.PAUSE)
                .findFirst()
                .orElseThrow();
        world.cluster.labelByHand(cordoned.id(), Map.of(Tags.DRAIN_SINCE, "", Tags.DRAIN_REASON, ""));
        world.after(Duration.ofMinutes(10));

        assertThat(node(cordoned.id()).availability()).isEqualTo(Node.Availability.PAUSE);
        assertThat(world.cloud.terminations()).isEmpty();
        program.micado().close();
    }

    @Test
    void foreignNodesAreCapacityAndNeverTouched() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        NodeId active = world.cluster.addForeignNode("bare-metal", Resources.ofMebibytes(8, 16_384));
        NodeId drained = world.cluster.addForeignNode("in-repair", Resources.ofMebibytes(8, 16_384));
        world.cluster.drainByHand(drained);
        world.need = 9;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("web")).isEqualTo(9);
        assertThat(world.cloud.look()).as("the foreign node takes eight").hasSize(1);
        world.need = 1;
        world.after(Duration.ofMinutes(10));

        assertThat(node(active).availability()).isEqualTo(Node.Availability.ACTIVE);
        assertThat(node(drained).availability()).isEqualTo(Node.Availability.DRAIN);
        assertThat(node(active).labels()).isEmpty();
        assertThat(node(drained).labels()).isEmpty();
        assertThat(program.micado().status().foreignNodes())
                .extracting(Node::id)
                .contains(active, drained);
        assertThat(world.deeds.changes())
                .extracting(Deeds.Deed::subject)
                .noneMatch(subject -> subject.contains(active.value()) || subject.contains(drained.value()));
        program.micado().close();
    }

    @Test
    void aForeignNodeThatIsLostIsNotReplacedButItsTasksAre() {
        NodeId foreign = world.cluster.addForeignNode("bare-metal", Resources.ofMebibytes(8, 16_384));
        Program program = world.start("p1");
        world.need = 9;
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(9);
        world.cluster.faults().failNode(foreign);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cluster.running("web")).isEqualTo(9);
        assertThat(world.cluster.look().nodes()).extracting(Node::id).contains(foreign);
        program.micado().close();
    }

    @Test
    void machinesOfAnotherInfrastructureAreNeverTouched() {
        InfrastructureId theirs = new InfrastructureId("their-shop-1");
        Machine foreign = world.cloud.launchForeign(theirs, "small");
        Machine twin = world.cloud.launchForeign(new InfrastructureId("shop"), "small");
        Program program = world.start("p1");
        world.need = 6;
        world.settleAt(6, 5);
        world.need = 1;
        world.after(Duration.ofMinutes(5));
        var report = program.micado().destroy();
        assertThat(world.time.await(report, Duration.ofMinutes(10))).isTrue();
        program.micado().close();

        assertThat(world.cloud.look()).extracting(Machine::id).containsExactlyInAnyOrder(foreign.id(), twin.id());
        assertThat(world.cloud.terminations())
                .extracting(termination -> termination.machine())
                .doesNotContain(foreign.id(), twin.id());
    }

    @Test
    void theServicesOfOthersAreNotScaled() {
        world.cluster.deployByHand(ShopWorld.service("theirs").build());
        world.cluster.deployByHand(ShopWorld.service("claimed")
                .label("com.df.scaleMin", "1")
                .label("orbiter", "true")
                .build());
        world.cluster.deployGlobalByHand(
                ShopWorld.service("agent").limit(Resources.ZERO).build());
        world.cluster.runJobByHand(ShopWorld.service("report").build(), Duration.ofMinutes(3));
        Program program = world.start(
                "p1",
                builder ->
                        builder.adoptServices(PolicySpec.of(in -> Recommendation.of(3, "three of everything")), 1, 5));
        world.after(Duration.ofMinutes(5));

        assertThat(program.micado().status().services())
                .extracting(service -> service.name())
                .containsExactlyInAnyOrder("web", "theirs");
        assertThat(world.cluster.running("theirs")).as("adopted").isEqualTo(3);
        assertThat(world.deeds.of("cluster.scale"))
                .extracting(Deeds.Deed::subject)
                .noneMatch(subject ->
                        subject.contains("claimed") || subject.contains("agent") || subject.contains("report"));
        program.micado().close();
    }

    @Test
    void withoutAdoptionOnlyServicesWithOurLabelsAreScaled() {
        world.cluster.deployByHand(ShopWorld.service("theirs").build());
        world.cluster.deployByHand(ShopWorld.service("labelled").build());
        world.cluster.apply(
                new ClusterChange.LabelService("labelled", Map.of(Tags.SERVICE_MIN, "2", Tags.SERVICE_MAX, "3")));
        world.cluster.deployByHand(ShopWorld.service("wrong").build());
        world.cluster.apply(new ClusterChange.LabelService("wrong", Map.of(Tags.SERVICE_MAX, "many")));
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(3));

        assertThat(program.micado().status().services())
                .extracting(service -> service.name())
                .containsExactlyInAnyOrder("web", "labelled");
        assertThat(world.cluster.running("labelled")).as("at its minimum").isEqualTo(2);
        assertThat(world.cluster.running("theirs")).isEqualTo(1);
        assertThat(program.warnings("service-labels"))
                .singleElement()
                .asString()
                .contains("wrong")
                .contains("many");
        assertThat(program.latest(WORKERS).binding()).isNotEqualTo(Rule.UNKNOWN);
        program.micado().close();
    }

    private List<Node> workerNodes() {
        return world.cluster.look().nodes().stream()
                .filter(node -> node.labels().containsKey(Tags.WORKER))
                .toList();
    }

    private Node node(NodeId id) {
        return world.cluster.look().nodes().stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}

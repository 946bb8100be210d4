package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What happens between the host program's wish for a service and its tasks. */
class DeployScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void cloudsBringTheImageBeforeTheServiceIsThere() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        Duration bringing = Duration.ofSeconds(4);
        Duration begin = world.time.sinceStart();
        world.deeds.whenImagesAreTold(images -> {
            if (images.contains("cart:1")) {
                world.time.elapse(bringing);
            }
        });

        program.micado().deploy(service("cart", "cart:1"));
        world.after(Duration.ofSeconds(30));

        assertThat(deployed("cart").minus(begin)).isBetween(bringing, bringing.plusSeconds(1));
        program.micado().close();
    }

    @Test
    void aCloudThatHangsHoldsADeploymentUpForTenSecondsAtMost() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        Duration begin = world.time.sinceStart();
        world.deeds.whenImagesAreTold(images -> world.time.elapse(Duration.ofMinutes(10)));

        program.micado().deploy(service("cart", "cart:1"));
        world.after(Duration.ofMinutes(1));

        assertThat(deployed("cart").minus(begin)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        program.micado().close();
    }

    @Test
    void aServiceThatIsDeployedTwiceAndRemovedGoesThroughThatInThisOrder() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        int before = world.deeds.all().size();
        world.deeds.whenImagesAreTold(
                images -> world.time.elapse(Duration.ofSeconds(images.contains("cart:1") ? 5 : 0)));

        CompletableFuture<Void> first = program.micado().deploy(service("cart", "cart:1"));
        // The image of the second is known, so that it would overtake the first.
        CompletableFuture<Void> second = program.micado().deploy(service("cart", "web"));
        CompletableFuture<Void> removal = program.micado().remove("cart");
        world.after(Duration.ofSeconds(20));

        assertThat(List.of(first, second, removal)).allMatch(CompletableFuture::isDone);
        assertThat(world.deeds.all().stream()
                        .skip(before)
                        .filter(deed -> deed.subject().contains("cart"))
                        .map(Deeds.Deed::effect))
                .containsExactly("cluster.deploy", "cluster.deploy", "cluster.remove");
        program.micado().close();
    }

    @Test
    void aServiceThatIsRemovedAndDeployedAgainIsThereInTheEnd() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().deploy(service("cart", "cart:1"));
        world.after(Duration.ofSeconds(20));
        Duration takes = Duration.ofSeconds(5);
        world.deeds.inject(onCart("cluster.remove", takes));
        Duration begin = world.time.sinceStart();

        CompletableFuture<Void> removal = program.micado().remove("cart");
        CompletableFuture<Void> deployment = program.micado().deploy(service("cart", "cart:1"));
        world.after(Duration.ofSeconds(20));

        assertThat(List.of(removal, deployment))
                .allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(labels("cart")).isNotEmpty();
        // Until the removal has answered it may not have been done, and undo what comes after it.
        assertThat(world.deeds.of("cluster.deploy").stream()
                        .filter(deed -> deed.subject().contains("cart"))
                        .map(Deeds.Deed::at)
                        .max(Duration::compareTo))
                .hasValueSatisfying(at -> assertThat(at).isGreaterThanOrEqualTo(begin.plus(takes)));
        program.micado().close();
    }

    @Test
    void changesOfOneServiceNeverOverlapHoweverLongTheyTake() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        Duration each = Duration.ofSeconds(9);
        world.deeds.inject(onCart("cluster.deploy", each));

        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            all.add(program.micado().deploy(service("cart", "cart:" + i)));
        }
        all.get(1).cancel(true);
        world.after(Duration.ofMinutes(2));

        assertThat(all).allMatch(CompletableFuture::isDone);
        List<Duration> begun = world.deeds.of("cluster.deploy").stream()
                .filter(deed -> deed.subject().contains("cart"))
                .map(Deeds.Deed::at)
                .toList();
        assertThat(begun).hasSize(8);
        for (int i = 1; i < begun.size(); i++) {
            assertThat(begun.get(i).minus(begun.get(i - 1))).isGreaterThanOrEqualTo(each);
        }
        program.micado().close();
    }

    @Test
    void changesThatWaitForTheirTurnAreRefusedOnceTheInfrastructureIsDestroyed() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.deeds.inject(onCart("cluster.deploy", Duration.ofSeconds(5)));

        program.micado().deploy(service("cart", "cart:1"));
        CompletableFuture<Void> waiting = program.micado().deploy(service("cart", "cart:2"));
        world.after(Duration.ofSeconds(1));
        program.micado().destroy();
        world.after(Duration.ofMinutes(5));

        assertThat(waiting).isCompletedExceptionally();
        assertThat(world.deeds.of("cluster.deploy"))
                .filteredOn(deed -> deed.subject().contains("cart"))
                .hasSize(1);
        program.micado().close();
    }

    private FaultInjector onCart(String effect, Duration takes) {
        return new FaultInjector() {
            @Override
            public void before(Effect what) {
                if (what.name().equals(effect) && what.subject().contains("cart")) {
                    world.time.elapse(takes);
                }
            }
        };
    }

    @Test
    void imagesAreToldAgainWhenServicesCameOrWent() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        List<Set<String>> told = new java.util.ArrayList<>();
        world.deeds.whenImagesAreTold(told::add);

        program.micado().deploy(service("cart", "cart:1"));
        world.after(Duration.ofSeconds(20));
        program.micado().remove("cart");
        world.after(Duration.ofSeconds(20));

        assertThat(told).containsExactly(Set.of("web", "cart:1"), Set.of("web"));
        program.micado().close();
    }

    @Test
    void whatASpecificationSaysNoMoreIsTakenBack() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado()
                .deploy(service(
                        "cart",
                        "cart:1",
                        cart -> cart.keepWorker(true)
                                .surgeOnDrain(true)
                                .openToWorld(false)
                                .behavior(Behavior.IMMEDIATE)
                                .policy(PolicySpec.of("threshold", Settings.of("scaleOut", 70)))));
        world.after(Duration.ofSeconds(20));
        assertThat(labels("cart"))
                .containsKeys(
                        Tags.SERVICE_KEEP_WORKER,
                        Tags.SERVICE_SURGE_ON_DRAIN,
                        Tags.SERVICE_OPEN_TO_WORLD,
                        Tags.SERVICE_BEHAVIOR,
                        "micado.policy.scaleOut");
        program.micado().scale(TargetId.service("cart"), 1, Duration.ofHours(1));
        world.after(Duration.ofSeconds(20));

        program.micado()
                .deploy(service(
                        "cart",
                        "cart:1",
                        cart -> cart.keepWorker(false)
                                .policy(PolicySpec.of("target-tracking", Settings.of("cpu", 0.6)))));
        world.after(Duration.ofSeconds(20));

        assertThat(labels("cart"))
                .containsOnlyKeys(
                        Tags.FORMAT,
                        Tags.SERVICE_MANAGED,
                        Tags.SERVICE_MIN,
                        Tags.SERVICE_MAX,
                        Tags.SERVICE_POLICY,
                        "micado.policy.cpu",
                        Tags.SERVICE_HOLD);
        program.micado().close();

        Program next = world.start("p2");
        world.after(Duration.ofMinutes(1));
        assertThat(next.warnings("service-labels")).isEmpty();
        assertThat(next.latest(TargetId.service("cart")).policy()).isEqualTo("target-tracking");
        next.micado().close();
    }

    @Test
    void theSecretOfAPolicyIsNotWrittenOnTheService() {
        Program program = world.start("p1");
        world.settleAt(1, 1);

        program.micado()
                .deploy(service(
                        "cart",
                        "cart:1",
                        cart -> cart.policy(PolicySpec.of("target-tracking", Settings.of("cpu", Secret.of("0.6"))))));
        world.after(Duration.ofSeconds(20));

        assertThat(labels("cart")).containsEntry(Tags.SERVICE_POLICY, "custom").doesNotContainKey("micado.policy.cpu");
        assertThat(program.latest(TargetId.service("cart")).policy()).isEqualTo("target-tracking");
        program.micado().close();
    }

    private Map<String, String> labels(String service) {
        return world.cluster.observe().services().stream()
                .filter(state -> state.name().equals(service))
                .findFirst()
                .orElseThrow()
                .labels();
    }

    private Duration deployed(String service) {
        return world.deeds.all().stream()
                .filter(deed ->
                        deed.effect().equals("cluster.deploy") && deed.subject().contains(service))
                .map(Deeds.Deed::at)
                .findFirst()
                .orElseThrow();
    }

    private static ServiceSpec service(String name, String image) {
        return service(name, image, spec -> spec);
    }

    private static ServiceSpec service(String name, String image, UnaryOperator<ServiceSpec.Builder> more) {
        return more.apply(ServiceSpec.builder(name).image(image).replicas(1, 1)).build();
    }
}

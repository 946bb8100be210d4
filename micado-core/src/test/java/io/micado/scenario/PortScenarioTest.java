package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.PortRule.Protocol;
import io.micado.api.worker.PortRule.Source;
import io.micado.api.worker.Tags;
import io.micado.bootstrap.ConsulAgent;
import io.micado.bootstrap.PortPlans;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import io.micado.simulation.PortRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The ports of workers on a cloud that opens them: before the first launch, with the services, and through failures. */
class PortScenarioTest {
    private static final Duration LAG = Duration.ofSeconds(5);

    private final ShopWorld world = openingPorts();

    private static ShopWorld openingPorts() {
        return new ShopWorld(
                1,
                cloud -> cloud.traits(CloudTraits.DEFAULT
                        .withListLag(LAG)
                        .withUserDataLimit(0)
                        .withOpensPorts(true)));
    }

    @Test
    void portsAreOpenedBeforeTheFirstLaunchAndNotAgainWithoutNeed() {
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(5));

        assertThat(world.deeds.of("cloud.openPorts").get(0).at())
                .isLessThanOrEqualTo(world.deeds.of("cloud.launch").get(0).at());
        List<PortRecord> plans = world.cloud.portPlans();
        assertThat(plans).hasSize(1);
        assertThat(plans.get(0).plan().managers()).contains("10.0.0.1");
        assertThat(openToTheWorld(plans.get(0))).isEmpty();
        assertThat(plans.get(0).plan().rules())
                .extracting(PortRule::from)
                .contains(7946, 4789, 9100, 9200)
                .doesNotContain(22, 2375, 2376, 2377);
        program.micado().close();
    }

    @Test
    void aPublishedPortIsOpenAsLongAsItsServiceIsThere() {
        Program program = world.start("p1", builder -> builder.openSsh(true));
        world.after(Duration.ofMinutes(2));
        program.micado().deploy(ShopWorld.service("blog").publish(8080, 80).build());
        world.after(Duration.ofSeconds(30));

        PortRecord withBlog = last();
        assertThat(openToTheWorld(withBlog)).containsExactly(22, 8080);
        assertThat(withBlog.plan().rules())
                .contains(new PortRule(Protocol.TCP, 8080, 8080, Source.WORLD, "published by service blog"));

        program.micado().remove("blog");
        world.after(Duration.ofSeconds(30));
        assertThat(openToTheWorld(last())).containsExactly(22);
        assertThat(world.cloud.portPlans()).hasSize(3);
        program.micado().close();
    }

    @Test
    void whatOthersRunOnTheSwarmIsOpenToNobodyUnlessItsLabelSaysSo() {
        Program program = world.start("p1");
        program.micado()
                .deploy(ShopWorld.service("shut")
                        .publish(8081, 80)
                        .openToWorld(false)
                        .build());
        program.micado().deploy(ShopWorld.service("open").publish(8082, 80).build());
        world.cluster.apply(foreign("foreign", 8083, Map.of()));
        world.cluster.apply(foreign("asks", 8084, Map.of(Tags.SERVICE_OPEN_TO_WORLD, "true")));
        world.cluster.apply(foreign("others", 8085, Map.of(Tags.SERVICE_MANAGED, "another-infrastructure")));
        world.after(Duration.ofMinutes(2));
        assertThat(openToTheWorld(last())).containsExactly(8082, 8084);
        program.micado().close();

        // The next program knows it from the labels alone.
        Program adopting = world.start("p2", builder -> builder.adoptServices(PolicySpec.of("threshold"), 1, 3));
        world.after(Duration.ofMinutes(2));
        assertThat(openToTheWorld(last())).containsExactly(8082, 8083, 8084);
        adopting.micado().close();
    }

    private static ClusterChange foreign(String name, int port, Map<String, String> labels) {
        return new ClusterChange.Deploy(
                ShopWorld.service(name).publish(port, 80).build(), labels);
    }

    @Test
    void aCloudThatDoesNotOpenPortsIsNotLaunchedOnAndIsAskedAgain() {
        int[] failures = {3};
        world.deeds.inject(onOpenPorts(() -> {
            if (failures[0]-- > 0) {
                throw new MicadoException(ErrorKind.OUTCOME_UNKNOWN, "the firewall does not answer");
            }
        }));
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(10));

        assertThat(world.deeds.of("cloud.openPorts")).hasSize(4);
        assertThat(world.cloud.portPlans()).hasSize(1);
        assertThat(world.cloud.launches()).hasSize(1);
        assertThat(world.cloud.launches().get(0).at())
                .isAfterOrEqualTo(world.cloud.portPlans().get(0).at());
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::message)
                .anyMatch(message -> message.contains("the firewall does not answer"));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aCloudThatFindsOutThatItCannotOpenPortsIsLaunchedOnAndTheUserIsToldOnce() {
        world.deeds.inject(onOpenPorts(() -> {
            throw new MicadoException(ErrorKind.UNSUPPORTED, "it has no network service");
        }));
        world.cloud.faults().needNoGroup();
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.need = 6;
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.look()).hasSize(3);
        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(world.deeds.of("cloud.openPorts")).hasSizeLessThanOrEqualTo(2);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .filteredOn(event -> event.message().contains("no network service"))
                .hasSize(1);
        program.micado().close();
    }

    @Test
    void aChangeThatFailsIsToldOnceAndTriedUntilItSucceeds() {
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(2));
        int[] failures = {4};
        world.deeds.inject(onOpenPorts(() -> {
            if (failures[0]-- > 0) {
                throw new MicadoException(ErrorKind.RATE_LIMITED, "too many changes");
            }
        }));
        program.micado().deploy(ShopWorld.service("blog").publish(8080, 80).build());
        world.after(Duration.ofMinutes(5));

        assertThat(openToTheWorld(last())).containsExactly(8080);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::subject)
                .containsExactly("ports of cloud sim");
        program.micado().close();
    }

    @Test
    void aProgramThatTakesOverBringsTheFirewallToItsOwnPlan() {
        Program first = world.start("p1");
        world.after(Duration.ofMinutes(2));
        first.process().kill();
        Program second = world.start("p2", builder -> builder.openSsh(true));
        world.after(Duration.ofMinutes(2));

        assertThat(openToTheWorld(last())).containsExactly(22);
        second.micado().close();
    }

    @Test
    void theGroupOfNoMachineIsRemovedAndMadeAgainBeforeTheNextLaunch() {
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.of("cloud.remove")).isEmpty();

        // Somebody takes the only machine away: the list that shows none shows a group that is not in use.
        world.cloud.lose(world.cloud.look().get(0).id());
        world.after(Duration.ofMinutes(15));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.EffectFailed.class)).isEmpty();

        program.micado().destroy();
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).isEmpty();
        assertThat(world.cloud.ports(last().infrastructure())).isEqualTo(PortPlan.NONE);
    }

    @Test
    void theMembersOfConsulReachEachOther() {
        Program program = world.start(
                "p1",
                builder -> builder.pool(
                        "more",
                        pool -> pool.between(0, 1)
                                .offering("sim", "small", Settings.EMPTY)
                                .bootstrap(WorkerCloudInit.builder()
                                        .consul(ConsulAgent.client(Secret.of("a2V5")))
                                        .build())));
        world.after(Duration.ofMinutes(2));
        assertThat(last().plan().rules()).containsAll(PortPlans.WORKER_WITH_CONSUL);
        program.micado().close();
    }

    @Test
    void nothingIsOpenedByADryRunOrByACloudThatCannot() {
        Program dry = world.start("p1", builder -> builder.dryRun(true));
        world.after(Duration.ofMinutes(2));
        assertThat(world.cloud.portPlans()).isEmpty();
        dry.micado().close();

        ShopWorld plain = new ShopWorld(1);
        Program program = plain.start("p1");
        plain.after(Duration.ofMinutes(2));
        assertThat(plain.cloud.launches()).hasSize(1);
        assertThat(plain.cloud.portPlans()).isEmpty();
        program.micado().close();
    }

    private PortRecord last() {
        List<PortRecord> plans = world.cloud.portPlans();
        return plans.get(plans.size() - 1);
    }

    private static List<Integer> openToTheWorld(PortRecord record) {
        return record.plan().rules().stream()
                .filter(rule -> rule.source() == Source.WORLD)
                .map(PortRule::from)
                .sorted()
                .toList();
    }

    private static FaultInjector onOpenPorts(Runnable fault) {
        return new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cloud.openPorts")) {
                    fault.run();
                }
            }
        };
    }
}

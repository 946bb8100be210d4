package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.requests;
import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a cloud has to do against a real API, whichever it is. Every test has an infrastructure of its own, and leaves nothing of it.
 */
abstract class RealCloud {
    static final Duration SOON = Duration.ofSeconds(60);
    static final PortRule GOSSIP = new PortRule(PortRule.Protocol.TCP, 7946, 7946, PortRule.Source.GROUP, "gossip");
    static final PortRule EXPORTERS =
            new PortRule(PortRule.Protocol.TCP, 9100, 9200, PortRule.Source.MANAGER, "metrics");
    static final PortRule WEB = new PortRule(PortRule.Protocol.TCP, 80, 80, PortRule.Source.WORLD, "shop");

    final SystemTimekeeper time = new SystemTimekeeper();
    final InfrastructureId infrastructure =
            new InfrastructureId("it-" + Long.toString(System.nanoTime(), Character.MAX_RADIX));
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<Cloud> opened = new ArrayList<>();
    private boolean there;

    /** Skips the test where the cloud is not there, and looks up what it needs. */
    abstract void ready();

    abstract CloudProvider provider();

    abstract Settings account();

    abstract Offering offering();

    /** What the cloud refuses at once; by default an instance type that it does not have. */
    Offering badOffering() {
        return Offering.builder(offering().cloud(), "no-such-type")
                .settings(offering().settings())
                .build();
    }

    /** {@return what a security group lets in, in the cloud's words} */
    abstract Set<String> rules(String group);

    /** {@return the words of {@link #rules} for a rule} */
    abstract String rule(int from, int to, String source);

    @BeforeEach
    final void open() {
        ready();
        there = true;
    }

    @AfterEach
    final void leaveNothing() throws Throwable {
        if (there) {
            Cloud cloud = cloud();
            cloud.terminate(ids(cloud.list(infrastructure)));
            eventually(time, SOON, () -> {
                MachineList list = cloud.list(infrastructure);
                cloud.remove(list.leftovers().stream()
                        .filter(leftover -> !leftover.inUse())
                        .collect(Collectors.toSet()));
                assertThat(list.machines()).isEmpty();
                assertThat(list.leftovers()).isEmpty();
            });
        }
        opened.forEach(Cloud::close);
        assertThat(warnings).isEmpty();
    }

    @Test
    void keeps_the_contract_of_a_cloud() {
        CloudContractOptions options = CloudContractOptions.builder(time, offering())
                .badOffering(badOffering())
                .userData(Secret.of(Requests.USER_DATA))
                .poll(Duration.ofMillis(250))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> cloud(account().with("list_lag", "1s")), options)
                .orThrow();
    }

    @Test
    void machines_of_a_program_that_is_gone_are_found_and_terminated_by_the_next_one() throws Throwable {
        List<LaunchRequest> requests = requests(infrastructure, 20, offering());
        Cloud first = cloud();
        assertThat(first.launch(requests.subList(0, 12))).allMatch(LaunchResult.Launched.class::isInstance);
        first.close();

        Cloud second = cloud();
        Set<String> known = workers(second.list(infrastructure));
        assertThat(known).hasSize(12);
        List<LaunchRequest> missing = requests.stream()
                .filter(request -> !known.contains(request.worker().value()))
                .toList();
        assertThat(second.launch(missing)).allMatch(LaunchResult.Launched.class::isInstance);
        MachineList all = second.list(infrastructure);
        assertThat(all.machines()).hasSize(20);
        assertThat(workers(all)).hasSize(20);

        assertThat(second.terminate(ids(all)))
                .hasSize(20)
                .allMatch(result -> result.error().isEmpty());
        eventually(
                time,
                SOON,
                () -> assertThat(second.list(infrastructure).machines()).isEmpty());
        assertThat(second.list(infrastructure).leftovers()).isEmpty();
    }

    @Test
    void the_firewall_follows_the_plan_and_goes_when_no_machine_needs_it() throws Throwable {
        Cloud cloud = cloud();
        cloud.openPorts(infrastructure, new PortPlan(List.of(GOSSIP, EXPORTERS), Set.of("192.0.2.1")));
        launched(cloud.launch(requests(infrastructure, 1, offering())).get(0));

        List<Leftover> leftovers = cloud.list(infrastructure).leftovers();
        assertThat(leftovers).singleElement().matches(Leftover::inUse).matches(leftover -> !leftover.costs());
        String group = leftovers.get(0).id();
        assertThat(rules(group))
                .containsExactlyInAnyOrder(
                        rule(7946, 7946, group), rule(7946, 7946, "192.0.2.1/32"), rule(9100, 9200, "192.0.2.1/32"));

        Cloud afterRestart = cloud();
        afterRestart.openPorts(infrastructure, new PortPlan(List.of(GOSSIP, WEB), Set.of()));
        assertThat(rules(group))
                .containsExactlyInAnyOrder(rule(7946, 7946, group), rule(80, 80, "0.0.0.0/0"), rule(80, 80, "::/0"));
        launched(afterRestart
                .launch(requests(infrastructure, 2, offering()).subList(1, 2))
                .get(0));
        assertThat(afterRestart.list(infrastructure).leftovers()).hasSize(1);

        cloud.terminate(ids(cloud.list(infrastructure)));
        eventually(
                time,
                SOON,
                () -> assertThat(cloud.list(infrastructure).leftovers())
                        .singleElement()
                        .matches(leftover -> !leftover.inUse()));
        Leftover left = cloud.list(infrastructure).leftovers().get(0);
        cloud.remove(Set.of(left));
        cloud.remove(Set.of(left)); // a second time changes nothing
        assertThat(cloud.list(infrastructure).leftovers()).isEmpty();
    }

    final Cloud cloud() {
        return cloud(account());
    }

    final Cloud cloud(Settings settings) {
        Cloud cloud =
                provider().open(settings, new PluginContext("shop", offering().cloud(), time, "test", warnings::add));
        opened.add(cloud);
        return cloud;
    }

    static Set<MachineId> ids(MachineList list) {
        return list.machines().stream().map(Machine::id).collect(Collectors.toSet());
    }

    private static Set<String> workers(MachineList list) {
        return list.machines().stream()
                .map(machine -> machine.worker().map(Object::toString).orElse(""))
                .collect(Collectors.toSet());
    }
}

package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Eventually.eventually;
import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
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
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The cloud "ec2" against an emulator that speaks the real wire format. */
@Timeout(120)
class Ec2CloudIT {
    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<Cloud> opened = new ArrayList<>();
    private final InfrastructureId infrastructure =
            new InfrastructureId("it-" + Long.toString(System.nanoTime(), Character.MAX_RADIX));
    private Settings account;
    private Ec2Session session;
    private Offering offering;

    @BeforeEach
    void open() {
        account = Settings.of(Map.of(
                "endpoint", Beds.require("MICADO_EC2_ENDPOINT", ".ci/moto"),
                "regionname", "us-east-1",
                "accesskey", Secret.of("AKIATEST"),
                "secretkey", Secret.of("secret"),
                "client_tokens", false));
        session = new Ec2Session(
                Ec2Settings.from(account),
                time,
                LoggerFactory.getLogger("test"),
                new CloudErrors("aws", new Ec2Errors(), time));
        String image = session.ask("images", "DescribeImages", new Ec2Form().parameters())
                .items("imagesSet")
                .get(0)
                .requiredText("imageId");
        offering = Offering.builder("aws", "t3.micro")
                .settings(Settings.of(Map.of("image_id", image)))
                .build();
    }

    @AfterEach
    void close() {
        if (session != null) {
            Cloud cloud = cloud();
            cloud.terminate(ids(cloud.list(infrastructure)));
            cloud.remove(Set.copyOf(cloud.list(infrastructure).leftovers()));
            session.close();
        }
        opened.forEach(Cloud::close);
    }

    @Test
    void keeps_the_contract_of_a_cloud() {
        Offering bad = Offering.builder("aws", "t3.micro")
                .settings(Settings.of("image_id", "ami-00000000000000000"))
                .build();
        CloudContractOptions options = CloudContractOptions.builder(time, offering)
                .badOffering(bad)
                .userData(Secret.of(Requests.USER_DATA))
                .poll(Duration.ofMillis(100))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> cloud("list_lag", "1s"), options).orThrow();
    }

    @Test
    void machines_of_a_killed_program_are_found_and_terminated_by_the_next_one() throws Throwable {
        List<LaunchRequest> requests = requests(infrastructure, 20, offering);
        Cloud first = cloud();
        assertThat(first.launch(requests.subList(0, 12))).allMatch(LaunchResult.Launched.class::isInstance);
        first.close();

        Cloud second = cloud();
        Set<String> known = workers(second.list(infrastructure));
        assertThat(known).hasSize(12);
        List<LaunchRequest> missing = requests.stream()
                .filter(r -> !known.contains(r.worker().value()))
                .toList();
        assertThat(second.launch(missing)).allMatch(LaunchResult.Launched.class::isInstance);
        MachineList all = second.list(infrastructure);
        assertThat(all.machines()).hasSize(20);
        assertThat(workers(all)).hasSize(20);

        assertThat(second.terminate(ids(all)))
                .hasSize(20)
                .allMatch(r -> r.error().isEmpty());
        eventually(
                time,
                Duration.ofSeconds(30),
                () -> assertThat(second.list(infrastructure).machines()).isEmpty());
        assertThat(second.list(infrastructure).leftovers()).isEmpty();
    }

    @Test
    void a_machine_has_its_tags_and_user_data_from_the_start() {
        Offering tagged = Offering.builder("aws", "t3.micro")
                .zone("us-east-1b")
                .settings(offering.settings()
                        .with("tags", Map.of("cost-centre", "a&b=c d"))
                        .with("name", "worker"))
                .build();
        Machine machine =
                launched(cloud().launch(requests(infrastructure, 1, tagged)).get(0));
        assertThat(machine.tags()).containsEntry("cost-centre", "a&b=c d").containsEntry("Name", "worker-w1");
        Machine listed = cloud().list(infrastructure).machines().get(0);
        assertThat(listed.tags())
                .containsEntry("cost-centre", "a&b=c d")
                .containsEntry(Tags.POOL, "web")
                .containsEntry(Tags.WORKER, "w1");
        assertThat(listed.attributes()).containsEntry("zone", "us-east-1b");
        assertThat(listed.addresses()).isNotEmpty();
        assertThat(listed.launchedAt()).isPresent();
        Xml attribute = session.ask(
                "user data",
                "DescribeInstanceAttribute",
                new Ec2Form()
                        .set("InstanceId", machine.id().value())
                        .set("Attribute", "userData")
                        .parameters());
        String userData = attribute.requiredText("userData", "value");
        assertThat(new String(Base64.getDecoder().decode(userData), StandardCharsets.UTF_8))
                .isEqualTo(Requests.USER_DATA);
    }

    @Test
    void the_firewall_follows_the_plan_and_goes_when_no_machine_needs_it() throws Throwable {
        PortRule engine = new PortRule(PortRule.Protocol.TCP, 7946, 7946, PortRule.Source.GROUP, "gossip");
        PortRule exporter = new PortRule(PortRule.Protocol.TCP, 9100, 9200, PortRule.Source.MANAGER, "metrics");
        PortRule web = new PortRule(PortRule.Protocol.TCP, 80, 80, PortRule.Source.WORLD, "shop");
        Cloud cloud = cloud();
        cloud.openPorts(infrastructure, new PortPlan(List.of(engine, exporter), Set.of("192.0.2.1")));
        Machine machine =
                launched(cloud.launch(requests(infrastructure, 1, offering)).get(0));

        MachineList list = cloud.list(infrastructure);
        assertThat(list.leftovers()).singleElement().matches(Leftover::inUse).matches(l -> !l.costs());
        String group = list.leftovers().get(0).id();
        assertThat(rules(group))
                .containsExactlyInAnyOrder(
                        new Ec2PortRule("tcp", 7946, 7946, group),
                        new Ec2PortRule("tcp", 7946, 7946, "192.0.2.1/32"),
                        new Ec2PortRule("tcp", 9100, 9200, "192.0.2.1/32"));

        Cloud afterRestart = cloud();
        afterRestart.openPorts(infrastructure, new PortPlan(List.of(engine, web), Set.of()));
        assertThat(rules(group))
                .containsExactlyInAnyOrder(
                        new Ec2PortRule("tcp", 7946, 7946, group),
                        new Ec2PortRule("tcp", 80, 80, "0.0.0.0/0"),
                        new Ec2PortRule("tcp", 80, 80, "::/0"));
        assertThat(afterRestart.launch(requests(infrastructure, 2, offering).subList(1, 2)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        assertThat(afterRestart.list(infrastructure).leftovers()).hasSize(1);

        cloud.terminate(ids(cloud.list(infrastructure)));
        eventually(
                time,
                Duration.ofSeconds(30),
                () -> assertThat(cloud.list(infrastructure).leftovers())
                        .singleElement()
                        .matches(l -> !l.inUse()));
        cloud.remove(Set.copyOf(cloud.list(infrastructure).leftovers()));
        cloud.remove(Set.of(new Leftover("aws", Ec2Cloud.GROUP, group, false, false)));
        assertThat(cloud.list(infrastructure).leftovers()).isEmpty();
        assertThat(machine.id().cloud()).isEqualTo("aws");
    }

    @Test
    void the_cloud_tells_the_size_of_its_instance_types() {
        assertThat(cloud().describe(offering).capacity()).contains(Resources.of(2, 1L << 30));
        assertThat(cloud().offerings())
                .filteredOn(o -> o.instanceType().equals("m5.large"))
                .singleElement()
                .matches(o -> o.capacity().equals(java.util.Optional.of(Resources.of(2, 8L << 30))));
    }

    @Test
    void what_the_emulator_refuses_is_told_by_kind() {
        Offering noType =
                Offering.builder("aws", "no.such").settings(offering.settings()).build();
        Offering noKey = Offering.builder("aws", "t3.micro")
                .settings(offering.settings().with("key_name", "nobody"))
                .build();
        Offering noSubnet = Offering.builder("aws", "t3.micro")
                .settings(offering.settings().with("subnet_id", "subnet-1"))
                .build();
        List<ErrorKind> kinds = List.of(noType, noKey, noSubnet).stream()
                .map(bad -> Requests.failure(cloud(), Requests.request(infrastructure, "w1", bad))
                        .kind())
                .toList();
        assertThat(kinds).containsOnly(ErrorKind.NOT_FOUND);
        assertThat(cloud().list(infrastructure).machines()).isEmpty();
    }

    private Set<Ec2PortRule> rules(String group) {
        return Ec2PortRule.of(session.ask(
                        "groups",
                        "DescribeSecurityGroups",
                        new Ec2Form().list("GroupId", List.of(group)).parameters())
                .items("securityGroupInfo")
                .get(0));
    }

    private Cloud cloud() {
        return cloud("client_tokens", "false");
    }

    private Cloud cloud(String key, String value) {
        Cloud cloud = new Ec2Provider()
                .open(account.with(key, value), new PluginContext("shop", "aws", time, "test", warning -> {}));
        opened.add(cloud);
        return cloud;
    }

    private static Set<MachineId> ids(MachineList list) {
        return list.machines().stream().map(Machine::id).collect(Collectors.toSet());
    }

    private static Set<String> workers(MachineList list) {
        return list.machines().stream()
                .map(machine -> machine.worker().orElseThrow().value())
                .collect(Collectors.toSet());
    }
}

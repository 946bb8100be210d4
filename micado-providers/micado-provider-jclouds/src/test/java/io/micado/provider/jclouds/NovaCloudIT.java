package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Eventually.eventually;
import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.requests;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
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
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The cloud "nova" against a real OpenStack whose hypervisor alone is a fake. */
@Timeout(300)
class NovaCloudIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<Cloud> opened = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final InfrastructureId infrastructure =
            new InfrastructureId("it-" + Long.toString(System.nanoTime(), Character.MAX_RADIX));
    private Settings account;
    private NovaSession session;
    private Offering offering;

    @BeforeEach
    void open() {
        account = Settings.of(Map.of(
                "endpoint", bed("ENDPOINT"),
                "username", "admin",
                "password", Secret.of("admin"),
                "project_id", bed("PROJECT_ID"),
                "region_name", "RegionOne"));
        session = new NovaSession(
                NovaSettings.from(account),
                time,
                LoggerFactory.getLogger("test"),
                new CloudErrors("stack", new NovaErrors(), time));
        offering = offering(Settings.of(Map.of("image_id", bed("IMAGE_ID"), "network_id", "net")));
    }

    @AfterEach
    void close() throws Throwable {
        if (session != null) {
            Cloud cloud = cloud();
            cloud.terminate(ids(cloud.list(infrastructure)));
            eventually(time, SOON, () -> {
                MachineList list = cloud.list(infrastructure);
                cloud.remove(list.leftovers().stream().filter(l -> !l.inUse()).collect(Collectors.toSet()));
                assertThat(list.machines()).isEmpty();
                assertThat(list.leftovers()).isEmpty();
            });
            session.close();
        }
        opened.forEach(Cloud::close);
        assertThat(warnings).isEmpty();
    }

    @Test
    void keeps_the_contract_of_a_cloud() {
        CloudContractOptions options = CloudContractOptions.builder(time, offering)
                .userData(Secret.of(Requests.USER_DATA))
                .poll(Duration.ofMillis(500))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> cloud(account.with("list_lag", "1s")), options)
                .orThrow();
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
                SOON,
                () -> assertThat(second.list(infrastructure).machines()).isEmpty());
        assertThat(second.list(infrastructure).leftovers()).isEmpty();
    }

    @Test
    void a_machine_has_its_metadata_from_the_start_and_runs_soon() throws Throwable {
        Offering named = offering(Settings.of(Map.of(
                "image_id", "debian", "network_id", bed("NETWORK_ID"), "server_name", "worker", "config_drive", true)));
        Machine machine = launched(cloud(byApplicationCredential())
                .launch(requests(infrastructure, 1, named))
                .get(0));
        assertThat(machine.name()).isEqualTo("worker-w1");
        eventually(time, SOON, () -> {
            Machine listed = cloud().list(infrastructure).machines().get(0);
            assertThat(listed.status()).isEqualTo(MachineStatus.RUNNING);
            assertThat(listed.tags()).containsEntry(Tags.WORKER, "w1").containsEntry(Tags.POOL, "web");
            assertThat(listed.addresses()).singleElement().asString().startsWith("10.8.");
            assertThat(listed.launchedAt()).isPresent();
            assertThat(listed.attributes()).containsEntry("zone", "nova");
        });
    }

    @Test
    void the_firewall_follows_the_plan_and_goes_when_no_machine_needs_it() throws Throwable {
        PortRule engine = new PortRule(PortRule.Protocol.TCP, 7946, 7946, PortRule.Source.GROUP, "gossip");
        PortRule exporter = new PortRule(PortRule.Protocol.TCP, 9100, 9200, PortRule.Source.MANAGER, "metrics");
        PortRule web = new PortRule(PortRule.Protocol.TCP, 80, 80, PortRule.Source.WORLD, "shop");
        Cloud cloud = cloud();
        cloud.openPorts(infrastructure, new PortPlan(List.of(engine, exporter), Set.of("192.0.2.1")));
        assertThat(cloud.launch(requests(infrastructure, 3, offering)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        List<Leftover> leftovers = cloud.list(infrastructure).leftovers();
        assertThat(leftovers)
                .singleElement()
                .matches(Leftover::inUse)
                .matches(leftover -> leftover.kind().equals(NovaCloud.GROUP));
        String group = leftovers.get(0).id();
        assertThat(rules(group))
                .containsExactlyInAnyOrder(
                        "tcp 7946-7946 " + group, "tcp 7946-7946 192.0.2.1/32", "tcp 9100-9200 192.0.2.1/32");
        eventually(time, SOON, () -> assertThat(portsIn(group)).isEqualTo(3));

        Cloud afterRestart = cloud();
        afterRestart.openPorts(infrastructure, new PortPlan(List.of(engine, web), Set.of()));
        assertThat(rules(group))
                .containsExactlyInAnyOrder("tcp 7946-7946 " + group, "tcp 80-80 0.0.0.0/0", "tcp 80-80 ::/0");
    }

    @Test
    void a_floating_ip_comes_by_itself_and_goes_when_its_machine_is_gone() throws Throwable {
        Offering floating =
                offering(offering.settings().with("floating_ip", "yes").with("floating_ip_pool", "public"));
        Cloud cloud = cloud();
        assertThat(cloud.launch(requests(infrastructure, 2, floating)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        eventually(
                time,
                SOON,
                () -> assertThat(cloud.list(infrastructure).machines())
                        .allMatch(machine -> machine.addresses().size() == 2
                                && machine.addresses().get(1).startsWith("198.51.100.")));
        cloud.close();

        Cloud next = cloud();
        assertThat(next.list(infrastructure).leftovers()).hasSize(2).allMatch(l -> l.inUse() && l.costs());
        next.terminate(ids(next.list(infrastructure)));
        eventually(
                time,
                SOON,
                () -> assertThat(next.list(infrastructure).leftovers())
                        .hasSize(2)
                        .noneMatch(Leftover::inUse));
    }

    @Test
    void the_cloud_tells_the_size_of_its_flavors() {
        assertThat(cloud().describe(offering).capacity()).contains(Resources.of(1, 512L << 20));
        assertThat(cloud().offerings()).extracting(Offering::instanceType).contains("m1.micado", "m1.large");
    }

    @Test
    void what_openstack_refuses_is_told_by_kind() {
        MicadoException flavor = failure(Offering.builder("stack", "m1.none")
                .settings(offering.settings())
                .build());
        assertThat(flavor.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(flavor).hasMessageContaining("m1.none").hasMessageContaining("m1.micado");
        MicadoException image =
                failure(offering(offering.settings().with("image_id", "11111111-2222-3333-4444-555555555555")));
        assertThat(image.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        MicadoException key = failure(offering(offering.settings().with("key_name", "nobody")));
        assertThat(key.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(cloud().list(infrastructure).machines()).isEmpty();
    }

    @Test
    void a_quota_stops_the_launches_that_do_not_fit_and_no_others() {
        Cloud small = cloud(account.with("project_id", bed("SMALL_PROJECT_ID")));
        try {
            // The project has no network of its own; an administrator may use others'.
            List<LaunchRequest> requests = requests(infrastructure, 3, offering);
            launched(small.launch(requests.subList(0, 1)).get(0));
            assertThat(small.launch(requests.subList(1, 3)))
                    .allMatch(LaunchResult.Failed.class::isInstance)
                    .extracting(result -> ((LaunchResult.Failed) result).error())
                    .hasSize(2)
                    .allMatch(error -> error.kind() == ErrorKind.QUOTA_EXCEEDED
                            && error.remainingQuota().orElse(-1) == 0);
        } finally {
            small.terminate(ids(small.list(infrastructure)));
        }
    }

    @Test
    void a_wrong_password_is_told_at_once() {
        Cloud cloud = cloud(account.with("password", Secret.of("marked-wrong-password")));
        long before = System.nanoTime();
        MicadoException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                MicadoException.class, () -> cloud.list(infrastructure));
        assertThat(error.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(error).hasMessageNotContaining("marked-wrong-password");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    }

    private MicadoException failure(Offering bad) {
        return Requests.failure(cloud(), Requests.request(infrastructure, "w1", bad));
    }

    private Settings byApplicationCredential() {
        return Settings.of(Map.of(
                "endpoint", bed("ENDPOINT"),
                "type", "application_credential",
                "id", bed("CREDENTIAL_ID"),
                "secret", Secret.of("application-secret")));
    }

    private Set<String> rules(String group) {
        JsonObject found = session.get("group", NovaSession.Service.NETWORK, "/security-groups/" + group);
        return Json.objects(Json.child(found, "security_group").orElseThrow(), "security_group_rules").stream()
                .filter(rule -> Json.requiredText(rule, "direction").equals("ingress"))
                .map(rule -> Json.requiredText(rule, "protocol") + " " + Json.requiredText(rule, "port_range_min") + "-"
                        + Json.requiredText(rule, "port_range_max") + " "
                        + Json.text(rule, "remote_group_id")
                                .or(() -> Json.text(rule, "remote_ip_prefix"))
                                .orElse("anybody"))
                .collect(Collectors.toSet());
    }

    private long portsIn(String group) {
        return Json.objects(session.get("ports", NovaSession.Service.NETWORK, "/ports"), "ports").stream()
                .filter(port ->
                        port.getAsJsonArray("security_groups").toString().contains(group))
                .count();
    }

    private static Offering offering(Settings settings) {
        return Offering.builder("stack", "m1.micado").settings(settings).build();
    }

    private static String bed(String name) {
        return Beds.require("MICADO_OPENSTACK_" + name, ".ci/openstack");
    }

    private Cloud cloud() {
        return cloud(account);
    }

    private Cloud cloud(Settings settings) {
        Cloud cloud =
                new NovaProvider().open(settings, new PluginContext("shop", "stack", time, "test", warnings::add));
        opened.add(cloud);
        return cloud;
    }

    private static Set<MachineId> ids(MachineList list) {
        return list.machines().stream().map(Machine::id).collect(Collectors.toSet());
    }

    private static Set<String> workers(MachineList list) {
        return list.machines().stream()
                .map(machine -> machine.worker().map(Object::toString).orElse(""))
                .collect(Collectors.toSet());
    }
}

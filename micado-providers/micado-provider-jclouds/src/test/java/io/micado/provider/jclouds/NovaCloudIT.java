package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.requests;
import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The cloud "nova" against a real OpenStack whose hypervisor alone is a fake. */
@Timeout(300)
class NovaCloudIT extends RealCloud {
    private Settings account = Settings.EMPTY;
    private Offering offering = offering(Settings.EMPTY);
    private NovaSession session;

    @Override
    void ready() {
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
    void close() {
        if (session != null) {
            session.close();
        }
    }

    @Override
    CloudProvider provider() {
        return new NovaProvider();
    }

    @Override
    Settings account() {
        return account;
    }

    @Override
    Offering offering() {
        return offering;
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
    void every_machine_has_its_port_in_the_group() throws Throwable {
        Cloud cloud = cloud();
        cloud.openPorts(infrastructure, new PortPlan(List.of(GOSSIP), Set.of("192.0.2.1")));
        assertThat(cloud.launch(requests(infrastructure, 3, offering)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        String group = cloud.list(infrastructure).leftovers().get(0).id();
        eventually(time, SOON, () -> assertThat(portsIn(group)).isEqualTo(3));
    }

    @Test
    void a_floating_ip_comes_by_itself_and_goes_when_its_machine_is_gone() throws Throwable {
        Offering floating =
                offering(offering.settings().with("floating_ip", "yes").with("floating_ip_pool", "public"));
        Cloud cloud = cloud();
        assertThat(cloud.launch(requests(infrastructure, 2, floating)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        eventually(time, SOON, () -> {
            MachineList list = cloud.list(infrastructure);
            cloud.finish(infrastructure);
            assertThat(list.machines())
                    .allMatch(machine -> machine.addresses().size() == 2
                            && machine.addresses().get(1).startsWith("198.51.100."));
        });
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
        MicadoException error = catchThrowableOfType(MicadoException.class, () -> cloud.list(infrastructure));
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

    @Override
    Set<String> rules(String group) {
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

    @Override
    String rule(int from, int to, String source) {
        return "tcp " + from + "-" + to + " " + source;
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
}

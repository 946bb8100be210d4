package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static io.micado.provider.jclouds.Requests.launch;
import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.request;
import static io.micado.provider.jclouds.Requests.requests;
import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NovaCloudTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final FakeNova nova = new FakeNova();
    private final List<Cloud> opened = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Settings machine = Settings.of(Map.of("image_id", "debian", "network_id", "net"));
    private final Cloud cloud = open(Settings.EMPTY);

    @AfterEach
    void close() {
        opened.forEach(Cloud::close);
        nova.close();
    }

    @Test
    void keeps_the_contract_of_a_cloud() {
        CloudContractOptions options = CloudContractOptions.builder(time, offering(machine))
                .poll(Duration.ofMillis(20))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> open(Settings.of("list_lag", "1ms")), options)
                .orThrow();
    }

    @Test
    void one_request_makes_a_machine_with_all_that_was_set() {
        Settings all = Settings.of(Map.of(
                "image_id",
                "debian",
                "network_id",
                List.of("net"),
                "key_name",
                "me",
                "security_groups",
                List.of("web", "ssh"),
                "config_drive",
                true,
                "server_name",
                "node"));
        launch(cloud, request("w1", offering(all)));
        JsonObject server = nova.created.get(0);
        assertThat(server.get("name").getAsString()).isEqualTo("node-w1");
        assertThat(server.get("flavorRef").getAsString()).isEqualTo("1");
        assertThat(server.get("key_name").getAsString()).isEqualTo("me");
        assertThat(server.get("config_drive").getAsString()).isEqualTo("true");
        assertThat(server.get("security_groups").toString()).isEqualTo("[{\"name\":\"web\"},{\"name\":\"ssh\"}]");
        assertThat(Json.texts(server, "metadata"))
                .containsEntry(Tags.INFRASTRUCTURE, INFRASTRUCTURE.value())
                .containsEntry(Tags.WORKER, "w1");
        String userData =
                new String(Base64.getDecoder().decode(server.get("user_data").getAsString()), StandardCharsets.UTF_8);
        assertThat(userData).isEqualTo(Requests.USER_DATA);
        launch(cloud, request("w2", offering(all)));
        assertThat(nova.operations)
                .as("flavors, images and networks are looked up once")
                .containsExactly(
                        FakeNova.LOGIN,
                        "GET /flavors/detail",
                        "GET /images",
                        "GET /networks",
                        FakeNova.CREATE,
                        FakeNova.CREATE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "No valid host was found. There are not enough hosts available.|INSUFFICIENT_CAPACITY",
                "Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures|INSUFFICIENT_CAPACITY",
                "Quota exceeded, too many servers in group|QUOTA_EXCEEDED",
                "Build of instance 1 aborted: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.|QUOTA_EXCEEDED",
                "Build of instance 1 aborted: Volume did not finish being created|INTERNAL"
            })
    void a_machine_that_fails_after_it_was_accepted_tells_why(String message, ErrorKind kind) {
        Machine machine = launch(cloud, request("w1", offering(this.machine)));
        nova.fault(machine.id().value(), message);
        Machine listed = cloud.list(INFRASTRUCTURE).machines().get(0);
        assertThat(listed.status()).isEqualTo(MachineStatus.ERROR);
        assertThat(listed.failure()).contains(new MachineFailure(kind, message));
    }

    @Test
    void who_logs_in_and_for_what_is_what_was_set() {
        cloud.list(INFRASTRUCTURE);
        assertThat(nova.logins.get(0).toString())
                .contains("\"user\":{\"name\":\"me\",\"domain\":{\"name\":\"Users\"},\"password\":\"pass:word\"}")
                .contains("\"scope\":{\"project\":{\"id\":\"p1\"}}");
        Settings byName = Settings.of(Map.of(
                "endpoint", nova.http() + "/keystone/v3/",
                "username", "domain:me",
                "password", Secret.of("pw"),
                "tenant_name", "shop",
                "project_domain_name", "Projects"));
        openWith(byName).list(INFRASTRUCTURE);
        assertThat(nova.logins.get(1).toString())
                .contains("\"name\":\"domain:me\"")
                .contains("\"scope\":{\"project\":{\"name\":\"shop\",\"domain\":{\"name\":\"Projects\"}}}");
        Settings byCredential = Settings.of(Map.of(
                "endpoint",
                nova.http() + "/keystone",
                "id",
                "c1",
                "secret",
                Secret.of("s3"),
                "region_name",
                "RegionOne"));
        openWith(byCredential).list(INFRASTRUCTURE);
        assertThat(nova.logins.get(2).toString())
                .isEqualTo("{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],"
                        + "\"application_credential\":{\"id\":\"c1\",\"secret\":\"s3\"}}}}");
    }

    @Test
    void withoutAProjectTheUsersDefaultOneIsTaken() {
        openWith(Settings.of(
                        Map.of("endpoint", nova.http() + "/keystone", "username", "me", "password", Secret.of("pw"))))
                .list(INFRASTRUCTURE);

        assertThat(nova.logins.get(0).toString()).contains("\"name\":\"me\"").doesNotContain("scope");
    }

    @Test
    void a_region_that_is_not_in_the_catalog_is_told_with_those_that_are() {
        Cloud elsewhere = open(Settings.of("region_name", "Mars"));
        MicadoException error = catchThrowableOfType(MicadoException.class, () -> elsewhere.list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(error).hasMessageContaining("Mars").hasMessageContaining("RegionOne");
    }

    @Test
    void a_token_that_has_run_out_is_renewed_once() {
        cloud.list(INFRASTRUCTURE);
        nova.expireTokens();
        launch(cloud, request("w1", offering(machine)));
        assertThat(nova.machines()).isEqualTo(1);
        assertThat(nova.count(FakeNova.LOGIN)).isEqualTo(2);
        nova.answer(FakeNova.LIST, FakeNova.error(401, "error", "no"));
        catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(nova.count(FakeNova.LOGIN)).isEqualTo(3);
        assertThat(nova.count(FakeNova.LIST)).isEqualTo(3);
    }

    @Test
    void a_refused_password_is_tried_once() {
        nova.answer(FakeNova.LOGIN, FakeNova.error(401, "error", "The request you have made requires authentication."));
        MicadoException error = Requests.failure(cloud, request("w1", offering(machine)));
        assertThat(error.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(nova.count(FakeNova.LOGIN)).isEqualTo(1);
    }

    @Test
    void a_list_is_read_page_by_page_and_leaves_out_what_others_own() {
        nova.populate(INFRASTRUCTURE.value(), 1001);
        nova.populate("somebody", 3);
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).hasSize(1001);
        assertThat(list.complete()).isTrue();
        assertThat(nova.count(FakeNova.LIST)).isEqualTo(2);
    }

    @Test
    void a_list_without_end_is_a_part_of_one() {
        nova.populate(INFRASTRUCTURE.value(), 2);
        cloud.list(INFRASTRUCTURE);
        JsonObject page = FakeNova.list("servers", Json.of(Map.of("id", "s1", "status", "ACTIVE")));
        page.add(
                "servers_links",
                FakeNova.list("x", Json.of(Map.of("rel", "next"))).get("x"));
        nova.answer(FakeNova.LIST, FakeNova.json(200, page));
        assertThat(cloud.list(INFRASTRUCTURE).complete()).isFalse();
        assertThat(nova.count(FakeNova.LIST)).isEqualTo(3);
    }

    @Test
    void an_answer_without_end_is_given_up() {
        JsonObject page = FakeNova.list("servers");
        page.addProperty("filler", " ".repeat(33 << 20));
        nova.answer(FakeNova.LIST, FakeNova.json(200, page));
        MicadoException error = catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.TRANSIENT);
    }

    @Test
    void half_a_list_says_so_and_takes_nothing_for_a_leftover() {
        nova.populate(INFRASTRUCTURE.value(), 1500);
        nova.floatingIps.put(
                "f1",
                Json.of(Map.of("id", "f1", "description", "micado " + INFRASTRUCTURE + " p1400", "port_id", "x")));
        nova.spoil(
                FakeNova.LIST,
                answer -> nova.count(FakeNova.LIST) % 2 == 0 ? FakeNova.error(503, "error", "busy") : answer);
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.complete()).isFalse();
        assertThat(list.machines()).hasSize(1000);
        assertThat(list.leftovers()).isEmpty();
    }

    @Test
    void a_floating_ip_is_made_once_even_when_its_answer_is_lost() throws Throwable {
        nova.spoil("POST /floatingips", answer -> FakeNova.error(500, "error", "busy"));
        Offering floating = offering(machine.with("floating_ip", "add").with("floating_ip_pool", "net"));
        launch(cloud, request("w1", floating));
        assertThat(cloud.list(INFRASTRUCTURE).unfinished()).isTrue();
        assertThat(nova.count("POST /floatingips")).as("a list makes none").isZero();
        cloud.finish(INFRASTRUCTURE);
        eventually(time, SOON, () -> assertThat(warnings).hasSize(1));
        nova.heal();
        Cloud next = open(Settings.EMPTY);
        assertThat(next.list(INFRASTRUCTURE).leftovers()).singleElement().matches(Leftover::inUse);
        assertThat(nova.floatingIps).hasSize(1);
        assertThat(nova.floatingIps
                        .values()
                        .iterator()
                        .next()
                        .get("description")
                        .getAsString())
                .isEqualTo("micado " + INFRASTRUCTURE + " w1");

        MachineList list = next.list(INFRASTRUCTURE);
        assertThat(list.machines().get(0).addresses()).containsExactly("10.0.0.1", "10.1.0.1", "198.51.100.1");
        next.terminate(Set.of(list.machines().get(0).id()));
        List<Leftover> leftovers = next.list(INFRASTRUCTURE).leftovers();
        assertThat(leftovers).singleElement().matches(l -> !l.inUse() && l.costs());
        next.remove(Set.copyOf(leftovers));
        next.remove(Set.copyOf(leftovers));
        assertThat(nova.floatingIps).isEmpty();
    }

    @Test
    void a_volume_to_boot_from_is_part_of_the_launch_and_a_leftover_when_its_machine_leaves_it() throws Throwable {
        launch(cloud, request("w1", offering(machine.with("volume_size", 20))));
        JsonObject mapping = nova.created
                .get(0)
                .getAsJsonArray("block_device_mapping_v2")
                .get(0)
                .getAsJsonObject();
        assertThat(mapping.get("volume_size").getAsInt()).isEqualTo(20);
        assertThat(mapping.get("delete_on_termination").getAsBoolean()).isTrue();
        assertThat(nova.created.get(0).get("imageRef").getAsString()).isEmpty();
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).hasSize(1);
        assertThat(list.unfinished()).isTrue();
        cloud.finish(INFRASTRUCTURE);
        assertThat(cloud.list(INFRASTRUCTURE).unfinished()).isFalse();
        JsonObject volume = nova.volumes.values().iterator().next();
        assertThat(Json.texts(volume, "metadata")).containsEntry(Tags.INFRASTRUCTURE, INFRASTRUCTURE.value());

        Cloud impatient = open(Settings.of("list_lag", "1ms"));
        volume.addProperty("status", "available");
        assertThat(impatient.list(INFRASTRUCTURE).leftovers())
                .as("Nova has not attached it yet")
                .isEmpty();

        cloud.terminate(Set.of(list.machines().get(0).id()));
        assertThat(impatient.list(INFRASTRUCTURE).leftovers())
                .as("it was seen without a server only just now")
                .singleElement()
                .matches(Leftover::inUse);
        eventually(
                time,
                SOON,
                () -> assertThat(impatient.list(INFRASTRUCTURE).leftovers())
                        .singleElement()
                        .matches(l -> l.kind().equals("volume") && l.costs() && !l.inUse()));
        cloud.remove(Set.copyOf(impatient.list(INFRASTRUCTURE).leftovers()));
        assertThat(nova.volumes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /volumes/detail", "POST /volumes/ID/metadata", "GET /floatingips", "GET /security-groups"})
    void a_side_service_that_fails_leaves_the_machines_known_and_its_leftovers_unknown(String operation) {
        launch(cloud, request("w1", offering(machine.with("volume_size", 20))));
        for (int status : List.of(403, 500, 503)) {
            Cloud another = open(Settings.EMPTY);
            warnings.clear();
            nova.answer(operation, FakeNova.error(status, "error", "not now"));
            another.list(INFRASTRUCTURE);
            catchThrowableOfType(MicadoException.class, () -> another.finish(INFRASTRUCTURE));
            for (int i = 0; i < 2; i++) {
                another.terminate(Set.of()); // does no more than have the next list look again
                MachineList list = another.list(INFRASTRUCTURE);
                assertThat(list.machines()).hasSize(1);
                assertThat(list.complete()).isTrue();
                assertThat(list.leftoversUnknown())
                        .hasValueSatisfying(why -> assertThat(why).contains("not now"));
            }
            assertThat(warnings).as("told once").singleElement().asString().contains("not now");
            nova.heal();
            another.finish(INFRASTRUCTURE);
            assertThat(another.list(INFRASTRUCTURE).leftoversUnknown()).isEmpty();
        }
    }

    @Test
    void a_catalog_with_plain_http_to_another_machine_is_refused_and_can_be_allowed() {
        nova.publicHost("http://nova.example.invalid");
        MicadoException error = catchThrowableOfType(
                MicadoException.class, () -> open(Settings.EMPTY).list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(error).hasMessageContaining("http://nova.example.invalid").hasMessageContaining("allowPlainHttp");
        MicadoException allowed = catchThrowableOfType(
                MicadoException.class,
                () -> open(Settings.of("allowPlainHttp", true)).list(INFRASTRUCTURE));
        assertThat(allowed).hasMessageNotContaining("allowPlainHttp");
    }

    @Test
    void a_volume_that_could_not_be_marked_leaves_leftovers_unknown_until_it_is_gone() {
        MachineId machine = launch(cloud, request("w1", offering(this.machine.with("volume_size", 20))))
                .id();
        nova.answer("POST /volumes/ID/metadata", FakeNova.error(403, "forbidden", "You may not"));
        cloud.list(INFRASTRUCTURE);
        catchThrowableOfType(MicadoException.class, () -> cloud.finish(INFRASTRUCTURE));
        cloud.terminate(Set.of(machine));
        assertThat(cloud.list(INFRASTRUCTURE).leftoversUnknown()).isPresent();
        nova.volumes.clear();
        assertThat(cloud.list(INFRASTRUCTURE).leftoversUnknown()).isEmpty();
    }

    @Test
    void a_volume_that_is_to_stay_stays() {
        launch(cloud, request("w1", offering(machine.with("volume_size", 20).with("volume_persist", true))));
        MachineList list = cloud.list(INFRASTRUCTURE);
        cloud.finish(INFRASTRUCTURE);
        cloud.terminate(Set.of(list.machines().get(0).id()));
        nova.volumes.values().iterator().next().addProperty("status", "available");
        assertThat(cloud.list(INFRASTRUCTURE).leftovers()).isEmpty();
    }

    @Test
    void many_machines_are_terminated_at_the_same_time_and_missing_ones_are_no_failure() {
        List<LaunchResult> results = cloud.launch(requests(INFRASTRUCTURE, 20, offering(machine)));
        Set<MachineId> ids = results.stream().map(r -> launched(r).id()).collect(Collectors.toSet());
        nova.latency(100);
        long start = System.nanoTime();
        assertThat(cloud.terminate(ids))
                .hasSize(20)
                .allMatch(result -> result.error().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_900));
        assertThat(cloud.terminate(ids)).allMatch(result -> result.error().isEmpty());
        assertThat(nova.machines()).isZero();
    }

    private static Offering offering(Settings settings) {
        return Offering.builder("stack", "m1.small").settings(settings).build();
    }

    private Cloud open(Settings more) {
        Settings settings = Settings.of(Map.of(
                "endpoint", nova.http() + "/keystone",
                "username", "me",
                "password", Secret.of("pass:word"),
                "user_domain_name", "Users",
                "project_id", "p1"));
        for (String key : more.keys()) {
            settings = settings.with(key, more.raw(key).orElseThrow());
        }
        return openWith(settings);
    }

    private Cloud openWith(Settings settings) {
        Cloud made = new NovaProvider().open(settings, new PluginContext("shop", "stack", time, "test", warnings::add));
        opened.add(made);
        return made;
    }
}

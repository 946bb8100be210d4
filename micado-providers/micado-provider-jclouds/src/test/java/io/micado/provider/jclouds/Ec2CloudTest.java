package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static io.micado.provider.jclouds.Requests.launch;
import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.request;
import static io.micado.provider.jclouds.Requests.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.spi.TerminateResult;
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
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Ec2CloudTest {
    private final SystemTimekeeper time = new SystemTimekeeper();
    private final FakeEc2 ec2 = new FakeEc2();
    private final Offering offering = offering(Settings.of("image_id", "ami-1"));
    private final Cloud cloud = open(Settings.EMPTY);

    @AfterEach
    void close() {
        cloud.close();
        ec2.close();
    }

    @Test
    void keeps_the_contract_of_a_cloud_with_client_tokens() {
        CloudContractOptions options = CloudContractOptions.builder(time, offering)
                .badOffering(Offering.builder("aws", "no.such")
                        .settings(offering.settings())
                        .build())
                .poll(Duration.ofMillis(20))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> open(Settings.of("list_lag", "1ms")), options)
                .orThrow();
    }

    @Test
    void a_machine_is_tagged_by_the_request_that_makes_it() {
        launch(cloud, request("w1", offering));
        Map<String, String> form = ec2.forms("RunInstances").get(0);
        assertThat(form)
                .containsEntry("ClientToken", INFRASTRUCTURE + "/w1")
                .containsEntry("TagSpecification.1.ResourceType", "instance")
                .containsEntry("TagSpecification.2.ResourceType", "volume")
                .containsEntry("MetadataOptions.HttpTokens", "required")
                .containsEntry("MinCount", "1")
                .containsEntry("MaxCount", "1")
                .containsEntry("Version", "2016-11-15")
                .doesNotContainKeys("SecurityGroupId.1", "KeyName", "SubnetId", "InstanceMarketOptions.MarketType");
        assertThat(new String(Base64.getDecoder().decode(form.get("UserData")), StandardCharsets.UTF_8))
                .isEqualTo(Requests.USER_DATA);
        assertThat(ec2.operations).containsExactly("RunInstances");
    }

    @ParameterizedTest
    @CsvSource({
        "Server.InsufficientInstanceCapacity,INSUFFICIENT_CAPACITY",
        "Server.SpotInstanceTermination,INSUFFICIENT_CAPACITY",
        "Client.VolumeLimitExceeded,QUOTA_EXCEEDED",
        "Client.InvalidSnapshot.NotFound,NOT_FOUND",
        "Client.InternalError,INTERNAL"
    })
    void a_machine_that_ec2_ends_after_it_was_accepted_tells_why(String code, ErrorKind kind) {
        Machine machine = launch(cloud, request("w1", offering));
        ec2.end(machine.id().value(), code, code + ": in words");
        Machine listed = cloud.list(INFRASTRUCTURE).machines().get(0);
        assertThat(listed.status()).isEqualTo(MachineStatus.TERMINATED);
        assertThat(listed.failure()).contains(new MachineFailure(kind, code + ": in words"));
        assertThat(listed.worker()).isEqualTo(machine.worker());
    }

    @Test
    void a_secret_that_is_not_there_is_all_that_is_told() {
        try (Cloud secretless = open(Settings.of("secretkey", Secret.environment("MICADO_TEST_NOT_SET")))) {
            assertThatThrownBy(() -> secretless.list(INFRASTRUCTURE))
                    .isInstanceOf(MicadoException.class)
                    .hasMessageStartingWith("environment variable MICADO_TEST_NOT_SET");
        }
    }

    @Test
    void a_machine_that_was_ended_on_purpose_is_not_listed() {
        for (String code : List.of("Client.UserInitiatedShutdown", "Client.InstanceInitiatedShutdown")) {
            ec2.end(launch(cloud, request("w" + code, offering)).id().value(), code, code);
        }
        assertThat(cloud.list(INFRASTRUCTURE).machines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DescribeVolumes", "DescribeSecurityGroups"})
    void what_may_not_be_listed_beside_machines_leaves_them_known_and_leftovers_unknown(String operation) {
        launch(cloud, request("w1", offering));
        ec2.answer(operation, FakeEc2.error(403, "UnauthorizedOperation", "You may not"));
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).hasSize(1);
        assertThat(list.complete()).isTrue();
        assertThat(list.leftoversUnknown())
                .hasValueSatisfying(why -> assertThat(why).contains("You may not"));
    }

    @Test
    void a_list_without_end_is_a_part_of_one() {
        ec2.populate(INFRASTRUCTURE.value(), 3);
        ec2.spoil(
                "DescribeInstances",
                answer -> FakeEc2.ok("DescribeInstances", "<reservationSet/><nextToken>again</nextToken>"));
        assertThat(cloud.list(INFRASTRUCTURE).complete()).isFalse();
        assertThat(ec2.count("DescribeInstances")).isEqualTo(2);
    }

    @Test
    void an_answer_without_end_is_given_up() {
        ec2.answer("DescribeInstances", FakeEc2.ok("DescribeInstances", " ".repeat(33 << 20) + "<reservationSet/>"));
        MicadoException error = catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.TRANSIENT);
    }

    @Test
    void every_setting_of_a_machine_is_sent() {
        Settings all = Settings.of(Map.of(
                "image_id", "ami-2",
                "key_name", "me",
                "security_group_ids", List.of("sg-1", "sg-2"),
                "subnet_id", "subnet-1",
                "tags", Map.of("team", "a"),
                "spot", true,
                "spot_max_price", "0.05",
                "metadata_tokens", false,
                "name", "node"));
        Machine machine = launch(cloud, request("w1", offering(all)));
        assertThat(ec2.forms("RunInstances").get(0))
                .containsEntry("ImageId", "ami-2")
                .containsEntry("KeyName", "me")
                .containsEntry("SecurityGroupId.1", "sg-1")
                .containsEntry("SecurityGroupId.2", "sg-2")
                .containsEntry("SubnetId", "subnet-1")
                .containsEntry("InstanceMarketOptions.MarketType", "spot")
                .containsEntry("InstanceMarketOptions.SpotOptions.MaxPrice", "0.05")
                .containsEntry("MetadataOptions.HttpTokens", "optional");
        assertThat(machine.tags()).containsEntry("team", "a").containsEntry("Name", "node-w1");
    }

    @Test
    void a_cloud_of_an_older_version_is_tagged_afterwards_and_what_was_not_is_found_by_its_token() {
        Cloud old = open(Settings.of("api_version", "2014-10-01"));
        launch(old, request("w1", offering));
        assertThat(ec2.operations).containsExactly("RunInstances", "CreateTags");

        ec2.answer("CreateTags", FakeEc2.error(500, "InternalError", "An internal error has occurred"));
        MachineId untagged = launch(old, request("w2", offering)).id();
        assertThat(ec2.tagsOf(untagged.value())).isEmpty();
        ec2.heal();
        Cloud next = open(Settings.of("api_version", "2014-10-01"));
        assertThat(next.list(INFRASTRUCTURE).machines())
                .hasSize(2)
                .extracting(machine -> machine.worker().orElseThrow().value())
                .containsExactly("w1", "w2");
        assertThat(ec2.tagsOf(untagged.value())).as("a list tags nothing").isEmpty();
        assertThat(next.list(INFRASTRUCTURE).unfinished()).isTrue();
        next.finish(INFRASTRUCTURE);
        assertThat(next.list(INFRASTRUCTURE).unfinished()).isFalse();
        assertThat(ec2.tagsOf(untagged.value())).containsEntry(Tags.INFRASTRUCTURE, INFRASTRUCTURE.value());
        assertThat(ec2.machines()).isEqualTo(2);
        old.close();
        next.close();
    }

    @Test
    void a_list_is_filtered_by_the_cloud_and_read_page_by_page() {
        ec2.populate(INFRASTRUCTURE.value(), 1001);
        ec2.populate("somebody", 3);
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).hasSize(1001);
        assertThat(list.complete()).isTrue();
        assertThat(ec2.count("DescribeInstances")).isEqualTo(2);
        cloud.list(INFRASTRUCTURE);
        assertThat(ec2.operations).hasSize(6); // the first list looks for groups and volumes as well
    }

    @Test
    void half_a_list_says_so() {
        ec2.populate(INFRASTRUCTURE.value(), 1500);
        cloud.list(INFRASTRUCTURE);
        ec2.spoil(
                "DescribeInstances",
                answer -> ec2.forms("DescribeInstances").stream()
                                .reduce((first, second) -> second)
                                .filter(form -> form.containsKey("NextToken")
                                        && !form.get("NextToken").isEmpty())
                                .isPresent()
                        ? FakeEc2.error(503, "RequestLimitExceeded", "Request limit exceeded.")
                        : answer);
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.complete()).isFalse();
        assertThat(list.machines()).hasSize(1000);
    }

    @Test
    void what_does_not_exist_keeps_nothing_else_from_being_terminated() {
        List<LaunchResult> results = cloud.launch(requests(INFRASTRUCTURE, 3, offering));
        Set<MachineId> ids =
                results.stream().map(result -> launched(result).id()).collect(Collectors.toSet());
        Set<MachineId> more = new LinkedHashSet<>(ids);
        more.add(new MachineId("aws", "i-0fffffffffffffff1"));
        more.add(new MachineId("aws", "i-0fffffffffffffff2"));
        assertThat(cloud.terminate(more))
                .hasSize(5)
                .allMatch(result -> result.error().isEmpty())
                .extracting(TerminateResult::machine)
                .containsExactlyInAnyOrderElementsOf(more);
        assertThat(ec2.machines()).isZero();
        assertThat(ec2.count("TerminateInstances")).isEqualTo(2);
    }

    @Test
    void launches_go_out_at_the_same_time_but_not_too_many() {
        ec2.latency(100);
        launch(cloud, request("first", offering)); // opens the connection
        long start = System.nanoTime();
        assertThat(cloud.launch(requests(INFRASTRUCTURE, 30, offering)))
                .allMatch(LaunchResult.Launched.class::isInstance);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertThat(millis).as("30 launches of 100 ms, 10 at a time").isBetween(290L, 2_500L);
        assertThat(ec2.machines()).isEqualTo(31);
    }

    @Test
    void the_certificate_of_the_cloud_is_checked_unless_it_is_not_wanted() {
        Settings https = Settings.of("endpoint", ec2.https());
        Cloud strict = open(https);
        MicadoException error = Requests.failure(strict, request("w1", offering));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(error).hasMessageContaining("certificate is not trusted");
        Cloud lenient = open(https.with("trust_any_certificate", true));
        launch(lenient, request("w1", offering));
        assertThat(ec2.machines()).isEqualTo(1);
        strict.close();
        lenient.close();
    }

    @Test
    void a_machine_made_by_a_newer_release_stops_everything() {
        Cloud own = open(Settings.EMPTY);
        launch(own, request("w1", offering(offering.settings())));
        ec2.spoil(
                "DescribeInstances",
                answer -> FakeEc2.ok(
                        "DescribeInstances",
                        "<reservationSet><item><instancesSet><item><instanceId>i-9</instanceId><tagSet><item><key>micado.infrastructure"
                                + "</key><value>" + INFRASTRUCTURE
                                + "</value></item><item><key>micado.format</key><value>2</value>"
                                + "</item></tagSet></item></instancesSet></item></reservationSet>"));
        MicadoException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                MicadoException.class, () -> own.list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(error).hasMessageContaining("upgrade");
        own.close();
    }

    private static Offering offering(Settings settings) {
        return Offering.builder("aws", "t3.micro").settings(settings).build();
    }

    private Cloud open(Settings more) {
        Settings settings = Settings.of(Map.of(
                "endpoint", ec2.http(),
                "regionname", "eu-west-1",
                "accesskey", Secret.of("AKIDEXAMPLE"),
                "secretkey", Secret.of("wJalrXUtnFEMI")));
        for (String key : more.keys()) {
            settings = settings.with(key, more.raw(key).orElseThrow());
        }
        return new Ec2Provider().open(settings, new PluginContext("shop", "aws", time, "test", warning -> {}));
    }
}

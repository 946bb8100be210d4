package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jclouds.compute.RunNodesException;
import org.jclouds.compute.domain.NodeMetadata;
import org.jclouds.compute.domain.NodeMetadataBuilder;
import org.jclouds.compute.domain.Template;
import org.jclouds.googlecomputeengine.compute.options.GoogleComputeEngineTemplateOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clouds "jclouds:ID", against jclouds' own cloud in memory. */
@Timeout(60)
class GenericCloudTest {
    private final SystemTimekeeper time = new SystemTimekeeper();
    private final Offering offering = Offering.builder("any", "small")
            .settings(Settings.of("image_id", "1"))
            .build();
    private final List<Cloud> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Cloud::close);
    }

    @Test
    void keeps_the_contract_of_a_cloud() {
        Cloud one = open("stub"); // its machines live and die with the context
        CloudContractOptions options = CloudContractOptions.builder(time, offering)
                .poll(Duration.ofMillis(50))
                .maxMachines(6)
                .build();
        CloudContract.verify(() -> one, options).orThrow();
    }

    @Test
    void a_machine_is_known_by_its_marks_and_sizes_are_told() {
        Cloud cloud = open("stub");
        Machine launched = Requests.launch(cloud, without(Requests.request("w1", offering)));
        Machine listed = cloud.list(INFRASTRUCTURE).machines().get(0);
        assertThat(listed.id()).isEqualTo(launched.id());
        assertThat(listed.worker().orElseThrow().value()).isEqualTo("w1");
        assertThat(listed.pool()).contains("web");
        assertThat(cloud.describe(offering).capacity()).contains(Resources.of(1, 1740L << 20));
    }

    /** What a program leaves that dies between the request that makes a machine and the one that marks it. */
    @Test
    void a_machine_that_was_never_marked_is_known_by_its_name() throws RunNodesException {
        GenericCloud cloud = open("stub");
        LaunchRequest request = without(Requests.request("w1", offering));
        Requests.launch(cloud, without(Requests.request("w2", offering)));
        unmarked(cloud, GenericMarks.name(request));
        unmarked(cloud, GenericMarks.name(request).replace("micado-", "other-"));
        unmarked(cloud, GenericMarks.name(Requests.request(new InfrastructureId("another"), "w1", offering)));

        List<Machine> machines = cloud.list(INFRASTRUCTURE).machines();
        assertThat(machines)
                .extracting(machine -> machine.worker().orElseThrow().value())
                .containsExactlyInAnyOrder("w1", "w2");
        assertThat(cloud.terminate(machines.stream().map(Machine::id).collect(Collectors.toSet())))
                .allMatch(result -> result.error().isEmpty());
        assertThat(cloud.compute().listNodes()).hasSize(2);
    }

    private static void unmarked(GenericCloud cloud, String name) throws RunNodesException {
        Template template = cloud.compute().templateBuilder().build();
        template.getOptions().nodeNames(List.of(name));
        cloud.compute().createNodesInGroup("micado", 1, template);
    }

    @Test
    void plain_tags_alone_give_every_value_back() {
        InfrastructureId odd = new InfrastructureId("My_Shop-0f7d9c52");
        LaunchRequest plain = Requests.request(odd, "w1", offering);
        LaunchRequest request =
                new LaunchRequest(plain.worker(), "Übung 1", odd, "My_Shop", offering, plain.join(), Optional.empty());
        NodeMetadata node = new NodeMetadataBuilder()
                .ids("1")
                .status(NodeMetadata.Status.RUNNING)
                .tags(GenericMarks.tags(request))
                .build();
        assertThat(GenericMarks.tags(request)).allMatch(tag -> tag.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
        assertThat(GenericMarks.read(node, odd))
                .isEqualTo(Map.of(
                        Tags.FORMAT,
                        Tags.FORMAT_VERSION,
                        Tags.INFRASTRUCTURE,
                        odd.value(),
                        Tags.POOL,
                        "Übung 1",
                        Tags.WORKER,
                        "w1"));
        assertThat(GenericMarks.read(node, INFRASTRUCTURE).get(Tags.INFRASTRUCTURE))
                .isNotEqualTo(INFRASTRUCTURE.value());
    }

    @Test
    void a_name_is_one_that_every_cloud_takes() {
        InfrastructureId longest = new InfrastructureId("An_Infrastructure-".repeat(4));
        assertThat(GenericMarks.name(Requests.request(longest, "w90a886ae22fc", offering)))
                .matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    }

    @Test
    void where_even_the_name_comes_later_there_is_another_type() {
        for (String provider : List.of("ec2", "aws-ec2")) {
            ConfigurationException refusal = catchThrowableOfType(ConfigurationException.class, () -> open(provider));
            assertThat(refusal).hasMessageContaining("cloud type ec2");
        }
    }

    @Test
    void a_cloud_that_takes_no_user_data_says_so() {
        MicadoException error = Requests.failure(open("stub"), Requests.request("w1", offering));
        assertThat(error.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(error).hasMessageContaining("user data");
    }

    @Test
    void an_image_that_does_not_exist_is_the_users_mistake() {
        Offering bad = Offering.builder("any", "small")
                .settings(Settings.of("image_id", "none"))
                .build();
        MicadoException error = Requests.failure(open("stub"), without(Requests.request("w1", bad)));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
    }

    @Test
    void a_cloud_that_jclouds_does_not_know_is_told_with_those_it_knows() {
        Cloud none = open("cloudsigma2-zrh");
        MicadoException error = catchThrowableOfType(MicadoException.class, () -> none.list(INFRASTRUCTURE));
        assertThat(error.kind()).isEqualTo(ErrorKind.CONFIGURATION);
        assertThat(error).hasMessageContaining("cloudsigma2-zrh").hasMessageContaining("digitalocean2");
    }

    @Test
    void contexts_of_other_clouds_open() {
        for (String provider : List.of("digitalocean2", "google-compute-engine", "cloudstack", "azurecompute-arm")) {
            Settings settings = Settings.of(Map.of(
                    "provider",
                    provider,
                    "identity",
                    Secret.of("me"),
                    "credential",
                    Secret.of("pw"),
                    "endpoint",
                    "http://127.0.0.1:1"));
            MicadoException error = catchThrowableOfType(
                    MicadoException.class, () -> open(settings).list(INFRASTRUCTURE));
            assertThat(error).as(provider).hasMessageNotContaining("cannot open");
        }
    }

    @Test
    void marks_survive_clouds_that_keep_plain_tags_only() {
        LaunchRequest request = Requests.request("w1", offering);
        assertThat(GenericMarks.tags(request)).allMatch(tag -> tag.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
        assertThat(GenericMarks.metadata(request)).containsEntry("micado-infrastructure", INFRASTRUCTURE.value());
        assertThat(new GoogleComputeEngineTemplateOptions().userMetadata(GenericMarks.metadata(request)))
                .isNotNull();
    }

    private static LaunchRequest without(LaunchRequest request) {
        return new LaunchRequest(
                request.worker(),
                request.pool(),
                request.infrastructure(),
                request.infrastructureName(),
                request.offering(),
                request.join(),
                Optional.empty());
    }

    private GenericCloud open(String provider) {
        return open(Settings.of(Map.of(
                "provider", provider, "identity", Secret.of("me"), "credential", Secret.of("pw"), "list_lag", "1s")));
    }

    private GenericCloud open(Settings settings) {
        GenericCloud cloud = (GenericCloud)
                new GenericProvider().open(settings, new PluginContext("shop", "any", time, "test", warning -> {}));
        opened.add(cloud);
        return cloud;
    }
}

package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        assertThat(GenericMarks.tags(request)).allMatch(tag -> tag.matches("[a-z]([-a-z0-9]*[a-z0-9])?"));
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

    private Cloud open(String provider) {
        return open(Settings.of(Map.of(
                "provider", provider, "identity", Secret.of("me"), "credential", Secret.of("pw"), "list_lag", "1s")));
    }

    private Cloud open(Settings settings) {
        Cloud cloud =
                new GenericProvider().open(settings, new PluginContext("shop", "any", time, "test", warning -> {}));
        opened.add(cloud);
        return cloud;
    }
}

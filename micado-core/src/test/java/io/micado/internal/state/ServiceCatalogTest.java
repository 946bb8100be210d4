package io.micado.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which services are scaled that somebody else deployed, and how. */
class ServiceCatalogTest {
    private static final PolicySpec ADOPTED = PolicySpec.of("threshold");
    private static final PolicySpec SECRET = PolicySpec.of("remote", Settings.of("token", Secret.of("hunter2")));
    private static final PolicySpec OWN = PolicySpec.of(in -> Recommendation.of(3, "my own"));
    private static final PolicySpec OTHER = PolicySpec.of(in -> Recommendation.of(4, "another one"));

    private final ServiceCatalog catalog = newCatalog();

    private static ServiceCatalog newCatalog() {
        return new ServiceCatalog(
                "shop",
                PolicySpec.of("target-tracking"),
                Optional.of(ADOPTED),
                Bounds.of(1, 40),
                Behavior.IMMEDIATE,
                Map.of(),
                policy -> policy.equals(SECRET),
                false,
                (service, problem) -> {});
    }

    @Test
    void aServiceWithoutOurLabelsIsScaledAsAdopted() {
        ServiceCatalog.Entry entry = only(ServiceState.builder("web", "id").build());

        assertThat(entry.policy()).isEqualTo(ADOPTED);
        assertThat(entry.service().bounds()).isEqualTo(Bounds.of(1, 40));
        assertThat(entry.service().behavior()).isEqualTo(Behavior.IMMEDIATE);
    }

    @Test
    void aServiceWithOurLabelsKeepsTheDefaultsForReplicas() {
        ServiceCatalog.Entry entry = only(ServiceState.builder("web", "id")
                .labels(Map.of(Tags.SERVICE_MAX, "5"))
                .build());

        assertThat(entry.policy().type()).isEqualTo("target-tracking");
        assertThat(entry.service().behavior()).isEqualTo(Behavior.REPLICAS);
    }

    @Test
    void aPolicyOfTheHostProgramsOwnIsKeptWhileItsServiceCarriesWhatWasDeployed() {
        ServiceState web = deployed(spec().policy(OWN));

        assertThat(only(web).policy()).isEqualTo(OWN);
        assertThat(only(relabelled(web, Tags.SERVICE_MAX, "9")).policy())
                .as("another label")
                .isEqualTo(OWN);
        assertThat(only(relabelled(web, Tags.SERVICE_POLICY, "threshold")).policy())
                .as("somebody names another policy")
                .isEqualTo(PolicySpec.of("threshold", Settings.EMPTY));
    }

    @Test
    void aServiceThatOthersMadeAnewDoesNotHaveThePolicyOfTheOneBeforeIt() {
        only(deployed(spec().policy(OWN)));

        assertThat(only(ServiceState.builder("web", "id2").build()).policy()).isEqualTo(ADOPTED);
    }

    @Test
    void aDeploymentWithoutAPolicyTakesTheOneBeforeItBack() {
        only(deployed(spec().policy(OWN)));
        ServiceState again = deployed(spec());

        assertThat(only(again).policy().type()).isEqualTo("target-tracking");
        assertThat(only(relabelled(again, Tags.SERVICE_POLICY, "custom"))
                        .policy()
                        .type())
                .isEqualTo("target-tracking");
    }

    @Test
    void aDeploymentThatFailedTakesNothingBack() {
        ServiceState web = deployed(spec().policy(OWN));
        only(web);
        ServiceCatalog.Deployment failing =
                catalog.deploying(spec().policy(OTHER).build());
        only(web);
        failing.end().accept(false);

        assertThat(only(web).policy()).isEqualTo(OWN);
    }

    @Test
    void aViewFromBeforeADeploymentStillShowsTheServiceThatWas() {
        PolicySpec schedule = PolicySpec.of("schedule");
        ServiceState before = deployed(spec().policy(OWN));
        ServiceState after = deployed(spec().policy(schedule));

        assertThat(only(before).policy()).isEqualTo(OWN);
        assertThat(only(after).policy()).isEqualTo(schedule);
    }

    @Test
    void nothingIsRememberedOfServicesThatAreGone() {
        ServiceState web = deployed(spec().policy(OWN));
        only(web);
        catalog.scaled(List.of());

        assertThat(only(web).policy().type()).as("seen gone").isEqualTo("target-tracking");

        ServiceState unseen = deployed(spec().policy(OWN));
        catalog.removed("web");
        assertThat(only(unseen).policy().type()).as("removed unseen").isEqualTo("target-tracking");
    }

    @Test
    void theSecretsOfAPolicyAreNotWrittenOnTheService() {
        ServiceState web = deployed(spec().policy(SECRET));

        assertThat(web.labels().toString()).doesNotContain("hunter2");
        assertThat(only(web).policy()).isEqualTo(SECRET);
    }

    @Test
    void aMapOfSettingsComesBackFromTheLabelsWhateverItsKeysHold() {
        String metric = "service:requests{code=\"200\",path=\"/a\"}";
        PolicySpec predictive =
                PolicySpec.of("predictive", Settings.of("perInstance", Map.of(metric, 50, "service:jobs", 2)));
        ServiceState web = deployed(spec().policy(predictive));

        PolicySpec read = newCatalog().scaled(List.of(web)).get("web").policy();

        assertThat(read)
                .isInstanceOfSatisfying(
                        PolicySpec.OfType.class,
                        policy -> assertThat(policy.settings().map("perInstance"))
                                .containsOnly(Map.entry(metric, "50"), Map.entry("service:jobs", "2")));
    }

    private static ServiceSpec.Builder spec() {
        return ServiceSpec.builder("web").image("web");
    }

    private ServiceState deployed(ServiceSpec.Builder spec) {
        ServiceCatalog.Deployment deployment = catalog.deploying(spec.build());
        deployment.end().accept(true);
        return ServiceState.builder("web", "id").labels(deployment.labels()).build();
    }

    private static ServiceState relabelled(ServiceState service, String key, String value) {
        Map<String, String> labels = new HashMap<>(service.labels());
        labels.put(key, value);
        return ServiceState.builder(service.name(), service.id()).labels(labels).build();
    }

    private ServiceCatalog.Entry only(ServiceState service) {
        return catalog.scaled(List.of(service)).get(service.name());
    }
}

package io.micado.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which services are scaled that somebody else deployed, and how. */
class ServiceCatalogTest {
    private static final PolicySpec ADOPTED = PolicySpec.of("threshold");

    private final ServiceCatalog catalog = new ServiceCatalog(
            "shop",
            PolicySpec.of("target-tracking"),
            Optional.of(ADOPTED),
            Bounds.of(1, 40),
            Behavior.IMMEDIATE,
            Map.of(),
            (service, problem) -> {});

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

    private ServiceCatalog.Entry only(ServiceState service) {
        return catalog.scaled(List.of(service)).get(service.name());
    }
}

package io.micado.api.spi;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceSpec;
import io.micado.api.worker.WorkerPool;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An infrastructure as a file describes it. Immutable.
 *
 * @param name the infrastructure's name
 * @param orchestrator the orchestrator; empty for the default
 * @param clouds the clouds, by the names under which offerings refer to them
 * @param metricSources the metric sources; empty for the default
 * @param pools the pools
 * @param services services to deploy at the start
 * @param defaultPolicy the policy of services that name none; empty for the default
 * @param adoptedPolicies policies for services that others deploy, by service name
 * @param notes what of the file was used or ignored, for people
 */
public record InfrastructureDescription(
        String name,
        Optional<Plugin> orchestrator,
        Map<String, Plugin> clouds,
        List<Plugin> metricSources,
        List<WorkerPool> pools,
        List<ServiceSpec> services,
        Optional<PolicySpec> defaultPolicy,
        Map<String, PolicySpec> adoptedPolicies,
        List<String> notes) {

    /** Copies the collections and checks that nothing is null. */
    public InfrastructureDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(orchestrator, "orchestrator");
        clouds = Map.copyOf(clouds);
        metricSources = List.copyOf(metricSources);
        pools = List.copyOf(pools);
        services = List.copyOf(services);
        Objects.requireNonNull(defaultPolicy, "defaultPolicy");
        adoptedPolicies = Map.copyOf(adoptedPolicies);
        notes = List.copyOf(notes);
    }

    /**
     * A plug-in with its settings.
     *
     * @param type the plug-in's type
     * @param settings its settings
     */
    public record Plugin(String type, Settings settings) {
        /** Checks that nothing is null. */
        public Plugin {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(settings, "settings");
        }
    }
}

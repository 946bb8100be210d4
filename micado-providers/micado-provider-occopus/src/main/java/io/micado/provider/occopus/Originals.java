package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.error.SourcePosition;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Bootstrap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the original had and its files do not say, in our words. Not instantiable. */
final class Originals {
    /** The name of the infrastructure of workers in MiCADO 0.3. */
    static final String INFRASTRUCTURE = "micado_worker_infra";
    /** The name of the workers in MiCADO 0.3. */
    static final String POOL = "worker";

    private static final String THRESHOLD = "threshold";

    private Originals() {}

    /** Takes the Swarm, and the metrics of its engine and of the workers' exporters. */
    static void addPlugins(InfrastructureDescription.Builder description) {
        description.orchestrator(new Plugin("swarm", Settings.EMPTY));
        description.metricSource(new Plugin("exporters", Settings.EMPTY));
        description.metricSource(new Plugin("docker", Settings.EMPTY));
    }

    /** {@return the rule of MiCADO 0.3, with its own thresholds} */
    static PolicySpec policy() {
        return policy(Optional.empty(), Optional.empty());
    }

    /** {@return the rule of MiCADO 0.3 with these thresholds, in percent, where they are given} */
    static PolicySpec policy(Optional<ConfigNode> scaleUp, Optional<ConfigNode> scaleDown) {
        Map<String, Object> settings = new LinkedHashMap<>();
        Map<String, SourcePosition> positions = new LinkedHashMap<>();
        settings.put("preset", "micado-0.3");
        scaleUp.ifPresent(node -> {
            settings.put("scaleOut", node.text());
            positions.put("scaleOut", node.position());
        });
        scaleDown.ifPresent(node -> {
            settings.put("scaleIn", node.text());
            positions.put("scaleIn", node.position());
        });
        return PolicySpec.of(THRESHOLD, Settings.of(settings, positions));
    }

    /** {@return the bootstrap of a worker with the exporters that the metric source reads} */
    static Bootstrap bootstrap() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("nodeExporter", "package");
        settings.put("cAdvisor", "package,image:gcr.io/cadvisor/cadvisor:v0.49.1");
        return Bootstrap.configured(Settings.of(settings));
    }
}

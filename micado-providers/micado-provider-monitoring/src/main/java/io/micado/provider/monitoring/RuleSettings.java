package io.micado.provider.monitoring;

import io.micado.api.service.ServiceState;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user set of generated rules, checked; made by {@link PrometheusMetricSource} when it is opened. Immutable.
 *
 * @param directory where the server reads rules from
 * @param timing how fast they are
 * @param allServices whether services have rules that nobody scales
 * @param reload whether the server is told to read them anew
 * @param thresholds those that were set, by {@code service:NAME} and {@code pool:NAME}
 */
record RuleSettings(
        Path directory, RuleTiming timing, boolean allServices, boolean reload, Map<String, Thresholds> thresholds) {

    private static final String DIRECTORY = "rules.directory";
    private static final String TIMING = "rules.timing";
    private static final String SERVICES = "rules.services";
    private static final String RELOAD = "rules.reload";
    private static final String THRESHOLDS = "rules.thresholds";
    private static final String SCALE_OUT = Tags.SERVICE_POLICY + ".scaleOut";
    private static final String SCALE_IN = Tags.SERVICE_POLICY + ".scaleIn";

    static final List<SettingKey> KEYS = List.of(
            SettingKey.optional(
                    DIRECTORY,
                    SettingKey.Type.STRING,
                    null,
                    "Directory that the server's rule_files names as DIRECTORY/*.rules.yml: rules with alerts are kept"
                            + " there, a file for each scaled service and pool."),
            SettingKey.optional(
                    TIMING,
                    SettingKey.Type.STRING,
                    "prompt",
                    "How fast these rules are: prompt, or micado-0.3 for those of the original."),
            SettingKey.optional(
                    SERVICES,
                    SettingKey.Type.STRING,
                    "scaled",
                    "Which services have rules: scaled (by their labels), or all."),
            SettingKey.optional(
                    RELOAD,
                    SettingKey.Type.BOOLEAN,
                    "true",
                    "Whether the server is told to reload when a rule has changed."),
            SettingKey.optional(
                    THRESHOLDS,
                    SettingKey.Type.MAP,
                    null,
                    "Percent above and below which alerts fire, as service:web=80/20 or pool:workers=70/30; without, as"
                            + " the service's own labels say, else 90/10 for services and 60/20 for pools."));

    static Optional<RuleSettings> from(Settings settings) {
        String timing = settings.string(TIMING, RuleTiming.PROMPT.word());
        String services = settings.string(SERVICES, "scaled");
        if (!services.equals("scaled") && !services.equals("all")) {
            throw settings.problem(SERVICES, "must be scaled or all, got \"" + services + "\"");
        }
        RuleTiming parsed = RuleTiming.of(timing)
                .orElseThrow(() -> settings.problem(TIMING, "must be prompt or micado-0.3, got \"" + timing + "\""));
        Map<String, Thresholds> thresholds = new LinkedHashMap<>();
        settings.map(THRESHOLDS).forEach((target, text) -> {
            if (!target.matches("(service|pool):.+")) {
                throw settings.problem(THRESHOLDS, "must name service:NAME or pool:NAME, got \"" + target + "\"");
            }
            thresholds.put(
                    target,
                    Thresholds.parse(text)
                            .orElseThrow(() -> settings.problem(
                                    THRESHOLDS,
                                    "must be an upper and a lower percentage such as 80/20, got \"" + text + "\" for "
                                            + target)));
        });
        return settings.path(DIRECTORY)
                .map(path -> new RuleSettings(
                        path, parsed, services.equals("all"), settings.bool(RELOAD, true), Map.copyOf(thresholds)));
    }

    /** {@return whether a service has rules} */
    boolean includes(ServiceState service) {
        boolean scaled = service.labels().containsKey(Tags.SERVICE_MANAGED)
                || service.labels().containsKey(Tags.SERVICE_MAX)
                || service.labels().containsKey(Tags.SERVICE_POLICY);
        return service.mode() == ServiceState.Mode.REPLICATED && (allServices || scaled);
    }

    Thresholds of(ServiceState service) {
        Thresholds set = thresholds.get("service:" + service.name());
        if (set != null) {
            return set;
        }
        Map<String, String> labels = service.labels();
        return Thresholds.of(
                        labels.getOrDefault(SCALE_OUT, Thresholds.number(Thresholds.SERVICE.out())),
                        labels.getOrDefault(SCALE_IN, Thresholds.number(Thresholds.SERVICE.in())))
                .orElse(Thresholds.SERVICE);
    }

    Thresholds ofPool(String pool) {
        return thresholds.getOrDefault("pool:" + pool, Thresholds.POOL);
    }
}

package io.micado.internal.plugin;

import io.micado.api.config.ConfigurationFormat;
import io.micado.api.config.Nearest;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the plug-ins: the only caller of {@link ServiceLoader}. Immutable; made once for each infrastructure.
 *
 * <p>It refuses blank and duplicate types, and names the known ones, and the artifact that would bring it, when one is missing.
 */
public final class PluginRegistry {
    /** The setting that the variant of a type {@code TYPE:VARIANT} becomes. */
    public static final String VARIANT = "provider";

    private static final Logger LOG = LoggerFactory.getLogger(PluginRegistry.class);

    private final Kind<CloudProvider> clouds;
    private final Kind<ContainerOrchestrator> orchestrators;
    private final Kind<MetricSource> metricSources;
    private final Kind<ScalingPolicy> policies;
    private final Kind<ConfigurationFormat> formats;

    /**
     * Loads all plug-ins.
     *
     * @param classLoader where to look; null takes the thread's, else ours
     * @throws ConfigurationException when a plug-in cannot be loaded, or two of a kind have one type
     */
    public PluginRegistry(@Nullable ClassLoader classLoader) {
        ClassLoader loader = loader(classLoader);
        List<Problem> problems = new ArrayList<>();
        clouds = Kind.load("cloud provider", CloudProvider.class, CloudProvider::type, loader, problems);
        orchestrators =
                Kind.load("orchestrator", ContainerOrchestrator.class, ContainerOrchestrator::type, loader, problems);
        metricSources = Kind.load("metric source", MetricSource.class, MetricSource::type, loader, problems);
        policies = Kind.load("scaling policy", ScalingPolicy.class, ScalingPolicy::type, loader, problems);
        formats = Kind.load(
                "configuration format", ConfigurationFormat.class, ConfigurationFormat::type, loader, problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static ClassLoader loader(@Nullable ClassLoader given) {
        if (given != null) {
            return given;
        }
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return ofThread != null ? ofThread : PluginRegistry.class.getClassLoader();
    }

    /** {@return the cloud providers} */
    public Kind<CloudProvider> clouds() {
        return clouds;
    }

    /** {@return the orchestrators} */
    public Kind<ContainerOrchestrator> orchestrators() {
        return orchestrators;
    }

    /** {@return the metric sources} */
    public Kind<MetricSource> metricSources() {
        return metricSources;
    }

    /** {@return the scaling policies} */
    public Kind<ScalingPolicy> policies() {
        return policies;
    }

    /** {@return the configuration formats} */
    public Kind<ConfigurationFormat> formats() {
        return formats;
    }

    /**
     * The plug-ins of one kind, by type. Immutable.
     *
     * @param <P> the plug-in's interface
     */
    public static final class Kind<P> {
        private final String name;
        private final Map<String, P> byType;

        private Kind(String name, Map<String, P> byType) {
            this.name = name;
            this.byType = byType;
        }

        private static <P> Kind<P> load(
                String name, Class<P> spi, Function<P, String> typeOf, ClassLoader loader, List<Problem> problems) {
            Map<String, P> byType = new LinkedHashMap<>();
            try {
                for (P plugin : ServiceLoader.load(spi, loader)) {
                    String type = typeOf.apply(plugin);
                    String className = plugin.getClass().getName();
                    if (type == null || type.isBlank()) {
                        problems.add(Problem.of(name + " " + className, "its type must not be blank"));
                        continue;
                    }
                    P other = byType.putIfAbsent(type, plugin);
                    if (other != null) {
                        problems.add(Problem.of(
                                name + " \"" + type + "\"",
                                "two classes claim this type: "
                                        + other.getClass().getName() + " and " + className
                                        + "; leave one of their artifacts out"));
                    }
                }
            } catch (ServiceConfigurationError e) {
                problems.add(Problem.of(name, "a plug-in cannot be loaded: " + e.getMessage()));
            }
            LOG.debug("{}s found: {}", name, byType.keySet());
            return new Kind<>(name, byType);
        }

        /** {@return the plug-in of this type; for {@code TYPE:VARIANT}, if there is none of that type, the one of {@code TYPE}} */
        public Optional<P> find(String type) {
            return Optional.ofNullable(byType.get(type))
                    .or(() -> variant(type).map(variant -> byType.get(type.substring(0, type.indexOf(':')))));
        }

        /**
         * {@return the settings for the plug-in of this type} The variant of {@code TYPE:VARIANT} becomes the setting
         * {@value #VARIANT}, unless that is set already: one plug-in serves many back ends, each under a type of its own.
         */
        public Settings settingsFor(String type, Settings settings) {
            return byType.containsKey(type) || settings.raw(VARIANT).isPresent()
                    ? settings
                    : variant(type)
                            .map(variant -> settings.with(VARIANT, variant))
                            .orElse(settings);
        }

        private static Optional<String> variant(String type) {
            int colon = type.indexOf(':');
            return colon > 0 && colon < type.length() - 1 ? Optional.of(type.substring(colon + 1)) : Optional.empty();
        }

        /** {@return all plug-ins, in the order in which they were found} */
        public List<P> all() {
            return List.copyOf(byType.values());
        }

        /** {@return the problem that there is no plug-in of this type} */
        public Problem missing(String where, String type) {
            String known = byType.isEmpty()
                    ? "none"
                    : byType.keySet().stream()
                            .sorted()
                            .map(t -> "\"" + t + "\"")
                            .collect(Collectors.joining(", "));
            String remedy = KnownArtifacts.bringing(type)
                    .map(artifact -> "; add " + artifact + " to the class path")
                    .or(() -> Nearest.of(type, byType.keySet()).map(near -> "; did you mean \"" + near + "\"?"))
                    .or(() -> KnownArtifacts.typeNear(type)
                            .map(near -> "; did you mean \"" + near + "\", which "
                                    + KnownArtifacts.bringing(near).orElseThrow() + " brings?"))
                    .orElse("");
            return Problem.of(
                    where,
                    "there is no " + name + " of type \"" + type + "\" on the class path; known: " + known + remedy);
        }
    }
}

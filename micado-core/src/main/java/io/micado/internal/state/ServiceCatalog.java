package io.micado.internal.state;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import io.micado.internal.plan.ScaledService;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which services are scaled, and by what: those that were deployed through us, those that carry our labels, and, if
 * the host program says so, all others. Confined to the loop thread.
 *
 * <p>Global services, jobs, and services that another autoscaler claims by its labels are never scaled.
 */
public final class ServiceCatalog {
    private static final String CUSTOM = "custom";
    static final String POLICY_SETTING = Tags.SERVICE_POLICY + ".";
    private static final List<String> OTHER_AUTOSCALERS =
            List.of("orbiter", "swarm.autoscaler", "com.df.scale", "docker-autoscaler");

    private final String infrastructure;
    private final PolicySpec defaultPolicy;
    private final Optional<PolicySpec> adoptedPolicy;
    private final Bounds adoptedBounds;
    private final Behavior adoptedBehavior;
    private final Map<String, PolicySpec> policies;
    private final Predicate<PolicySpec> holdsSecrets;
    private final GivenPolicies given = new GivenPolicies();
    private final boolean rebalance;
    private final BiConsumer<String, String> problems;

    private final Map<String, Read> read = new HashMap<>();

    /** A service that is scaled, and its policy. */
    public record Entry(ScaledService service, PolicySpec policy) {}

    /**
     * A deployment under way.
     *
     * @param labels the labels by which the service is known again after a restart
     * @param end takes whether it may be done now
     */
    public record Deployment(Map<String, String> labels, Consumer<Boolean> end) {}

    /** What was read from a service; empty when it is not scaled. */
    private record Read(ServiceState from, Optional<Entry> entry) {}

    /**
     * Creates a catalog.
     *
     * @param infrastructure the infrastructure's name
     * @param defaultPolicy the policy of services that name none
     * @param adoptedPolicy the policy of services that carry none of our labels; empty leaves them alone
     * @param adoptedBounds the bounds of services that carry none of our labels
     * @param adoptedBehavior tolerance, windows and rates of services that carry none of our labels
     * @param policies policies that the host program gave by service name; they win
     * @param holdsSecrets whether a policy has settings that must not be shown
     * @param rebalance whether services that say nothing of it are spread anew over workers that joined
     * @param problems told of a label that cannot be used, by service name
     */
    public ServiceCatalog(
            String infrastructure,
            PolicySpec defaultPolicy,
            Optional<PolicySpec> adoptedPolicy,
            Bounds adoptedBounds,
            Behavior adoptedBehavior,
            Map<String, PolicySpec> policies,
            Predicate<PolicySpec> holdsSecrets,
            boolean rebalance,
            BiConsumer<String, String> problems) {
        this.infrastructure = infrastructure;
        this.defaultPolicy = defaultPolicy;
        this.adoptedPolicy = adoptedPolicy;
        this.adoptedBounds = adoptedBounds;
        this.adoptedBehavior = adoptedBehavior;
        this.policies = Map.copyOf(policies);
        this.holdsSecrets = holdsSecrets;
        this.rebalance = rebalance;
        this.problems = problems;
    }

    /** {@return a deployment that is about to be made} What labels cannot tell of its policy is remembered, as long as it may be done. */
    public Deployment deploying(ServiceSpec spec) {
        Map<String, String> labels = labels(spec);
        Consumer<Boolean> ended = given.deploying(spec.name(), labels, spec.policy());
        read.remove(spec.name());
        return new Deployment(labels, mayBeDone -> {
            ended.accept(mayBeDone);
            read.remove(spec.name());
        });
    }

    /** Takes notice that a service was removed. */
    public void removed(String service) {
        given.removed(service);
    }

    private Map<String, String> labels(ServiceSpec spec) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        labels.put(Tags.SERVICE_MANAGED, infrastructure);
        labels.put(Tags.SERVICE_MIN, Integer.toString(spec.bounds().min()));
        labels.put(Tags.SERVICE_MAX, Integer.toString(spec.bounds().max()));
        spec.policy().ifPresent(policy -> labels.putAll(labels(policy)));
        spec.behavior().ifPresent(behavior -> labels.put(Tags.SERVICE_BEHAVIOR, BehaviorLabel.encode(behavior)));
        if (spec.surgeOnDrain()) {
            labels.put(Tags.SERVICE_SURGE_ON_DRAIN, "true");
        }
        if (!spec.openToWorld()) {
            labels.put(Tags.SERVICE_OPEN_TO_WORLD, "false");
        }
        if (spec.keepWorker()) {
            labels.put(Tags.SERVICE_KEEP_WORKER, "true");
        }
        return labels;
    }

    private Map<String, String> labels(PolicySpec policy) {
        if (!(policy instanceof PolicySpec.OfType ofType) || holdsSecrets.test(policy)) {
            // What is made in code cannot be written down, and a secret must not be, since everybody may read the
            // labels
            // of a service: after a restart it has to be given again.
            return Map.of(Tags.SERVICE_POLICY, CUSTOM);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Tags.SERVICE_POLICY, ofType.type());
        ofType.settings()
                .keys()
                .forEach(key ->
                        labels.put(POLICY_SETTING + key, ofType.settings().string(key, "")));
        return labels;
    }

    /** {@return the services that are scaled, by name} */
    public Map<String, Entry> scaled(List<ServiceState> services) {
        Map<String, Entry> scaled = new LinkedHashMap<>();
        for (ServiceState service : services) {
            read(service).ifPresent(entry -> scaled.put(service.name(), entry));
        }
        Set<String> present = services.stream().map(ServiceState::name).collect(Collectors.toSet());
        read.keySet().retainAll(present);
        given.keepOnly(present);
        return scaled;
    }

    /**
     * {@return the services whose published ports are open to everybody: those that we deployed or scale, and no others, unless a label says
     * otherwise}
     *
     * @param services all services
     * @param scaled the names of those that are scaled
     */
    public static List<ServiceState> openToWorld(
            List<ServiceState> services, Set<String> scaled, String infrastructure) {
        return services.stream()
                .filter(service -> {
                    String wish = service.labels().get(Tags.SERVICE_OPEN_TO_WORLD);
                    boolean ours = scaled.contains(service.name())
                            || infrastructure.equals(service.labels().get(Tags.SERVICE_MANAGED));
                    return wish == null ? ours : wish.strip().equalsIgnoreCase("true");
                })
                .toList();
    }

    /** Labels are read anew only when the service has changed, or what the host program says of it. */
    private Optional<Entry> read(ServiceState service) {
        Read before = read.get(service.name());
        if (before != null && before.from().equals(service)) {
            return before.entry();
        }
        Optional<Entry> entry = entry(service);
        read.put(service.name(), new Read(service, entry));
        return entry;
    }

    private Optional<Entry> entry(ServiceState service) {
        if (service.mode() != ServiceState.Mode.REPLICATED || claimedByOthers(service)) {
            return Optional.empty();
        }
        Map<String, String> labels = service.labels();
        boolean labelled = labels.containsKey(Tags.SERVICE_MANAGED)
                || labels.containsKey(Tags.SERVICE_MAX)
                || labels.containsKey(Tags.SERVICE_MIN)
                || labels.containsKey(Tags.SERVICE_POLICY);
        String owner = labels.getOrDefault(Tags.SERVICE_MANAGED, infrastructure);
        boolean named = policies.containsKey(service.name());
        if (!owner.equals(infrastructure) || !(labelled || named || adoptedPolicy.isPresent())) {
            return Optional.empty();
        }
        try {
            PolicySpec policy = policy(service, labelled);
            ScaledService entry = new ScaledService(
                    service,
                    bounds(labels),
                    behavior(service, labelled),
                    policy.type(),
                    Boolean.parseBoolean(labels.getOrDefault(Tags.SERVICE_SURGE_ON_DRAIN, "false")),
                    number(labels, Tags.SERVICE_SURGE, 0),
                    Boolean.parseBoolean(labels.getOrDefault(Tags.SERVICE_REBALANCE, Boolean.toString(rebalance))));
            return Optional.of(new Entry(entry, policy));
        } catch (IllegalArgumentException e) {
            problems.accept(service.name(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean claimedByOthers(ServiceState service) {
        for (String label : service.labels().keySet()) {
            for (String other : OTHER_AUTOSCALERS) {
                if (label.startsWith(other)
                        && (label.length() == other.length() || label.charAt(other.length()) == '.')) {
                    return true;
                }
            }
        }
        return false;
    }

    private PolicySpec policy(ServiceState service, boolean labelled) {
        Optional<PolicySpec> deployed = given.of(service);
        Optional<PolicySpec> known =
                Optional.ofNullable(policies.get(service.name())).or(() -> deployed);
        if (known.isPresent()) {
            return known.get();
        }
        @Nullable String type = service.labels().get(Tags.SERVICE_POLICY);
        if (type == null || type.equals(CUSTOM)) {
            return labelled ? defaultPolicy : adoptedPolicy.orElse(defaultPolicy);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        service.labels().forEach((key, value) -> {
            if (key.startsWith(POLICY_SETTING)) {
                settings.put(key.substring(POLICY_SETTING.length()), value);
            }
        });
        return PolicySpec.of(type, Settings.of(settings));
    }

    private Behavior behavior(ServiceState service, boolean labelled) {
        String label = service.labels().get(Tags.SERVICE_BEHAVIOR);
        if (label != null) {
            return BehaviorLabel.decode(label);
        }
        return labelled ? Behavior.REPLICAS : adoptedBehavior;
    }

    private Bounds bounds(Map<String, String> labels) {
        int min = number(labels, Tags.SERVICE_MIN, adoptedBounds.min());
        return Bounds.of(min, number(labels, Tags.SERVICE_MAX, Math.max(min, adoptedBounds.max())));
    }

    private static int number(Map<String, String> labels, String key, int defaultValue) {
        String text = labels.get(key);
        if (text == null) {
            return defaultValue;
        }
        try {
            int value = Integer.parseInt(text.trim());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The message below says it.
        }
        throw new IllegalArgumentException(
                "label " + key + " must be a whole number of 0 or more, got \"" + text + "\"");
    }
}

package io.micado.api.config;

import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An infrastructure as a file describes it, as far as it could be read, with everything that is wrong with the file. Made by
 * {@link #builder()}; immutable.
 */
public final class InfrastructureDescription {
    private final Optional<String> name;
    private final Optional<Plugin> orchestrator;
    private final Map<String, Plugin> clouds;
    private final List<Plugin> metricSources;
    private final List<WorkerPool> pools;
    private final List<ServiceSpec> services;
    private final Optional<PolicySpec> defaultPolicy;
    private final Map<String, PolicySpec> policies;
    private final Optional<Adoption> adoption;
    private final Optional<Duration> passInterval;
    private final Optional<Path> stateDirectory;
    private final Optional<Boolean> rebalance;
    private final Optional<Boolean> openSsh;
    private final Optional<Boolean> dryRun;
    private final List<Note> notes;
    private final List<Problem> problems;

    private InfrastructureDescription(Builder b) {
        name = Optional.ofNullable(b.name);
        orchestrator = Optional.ofNullable(b.orchestrator);
        clouds = Collections.unmodifiableMap(new LinkedHashMap<>(b.clouds));
        metricSources = List.copyOf(b.metricSources);
        pools = List.copyOf(b.pools);
        services = List.copyOf(b.services);
        defaultPolicy = Optional.ofNullable(b.defaultPolicy);
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(b.policies));
        adoption = Optional.ofNullable(b.adoption);
        passInterval = Optional.ofNullable(b.passInterval);
        stateDirectory = Optional.ofNullable(b.stateDirectory);
        rebalance = Optional.ofNullable(b.rebalance);
        openSsh = Optional.ofNullable(b.openSsh);
        dryRun = Optional.ofNullable(b.dryRun);
        notes = List.copyOf(b.notes);
        problems = List.copyOf(b.problems);
    }

    /**
     * A plug-in with its settings. Immutable.
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

    /**
     * How services are scaled that others deploy and that carry none of our labels. Immutable.
     *
     * @param policy their policy
     * @param bounds the least and the most replicas
     * @param behavior tolerance, windows and rates
     */
    public record Adoption(PolicySpec policy, Bounds bounds, Behavior behavior) {
        /** Checks that nothing is null. */
        public Adoption {
            Objects.requireNonNull(policy, "policy");
            Objects.requireNonNull(bounds, "bounds");
            Objects.requireNonNull(behavior, "behavior");
        }
    }

    /**
     * What became of a part of the file, for people. Immutable.
     *
     * @param kind what became of it
     * @param text which part, and how; never a secret
     * @param position where it stands; empty for what stands nowhere, such as a default
     */
    public record Note(Kind kind, String text, Optional<SourcePosition> position) {
        /** What became of a part. */
        public enum Kind {
            /** It is used. */
            USED,
            /** It is not used, and need not be. */
            IGNORED,
            /** It is used otherwise than it is written. */
            CHANGED
        }

        /** Checks that nothing is null. */
        public Note {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(position, "position");
        }

        @Override
        public String toString() {
            return position.map(p -> p + ": ").orElse("") + text;
        }
    }

    /**
     * {@return the name, if an infrastructure can have it}
     *
     * @throws IllegalArgumentException when it cannot, with what is allowed
     */
    public static String checkName(String name) {
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,39}")) {
            throw new IllegalArgumentException(
                    "must be 1 to 40 letters, digits, '-' and '_', beginning with a letter or digit; got \"" + name
                            + "\"");
        }
        return name;
    }

    /** Starts a description of nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the infrastructure's name} */
    public Optional<String> name() {
        return name;
    }

    /** {@return the orchestrator} */
    public Optional<Plugin> orchestrator() {
        return orchestrator;
    }

    /** {@return the clouds, by the names under which offerings refer to them, in the order of the file} */
    public Map<String, Plugin> clouds() {
        return clouds;
    }

    /** {@return the metric sources; none takes the orchestrator's own one} */
    public List<Plugin> metricSources() {
        return metricSources;
    }

    /** {@return the pools} */
    public List<WorkerPool> pools() {
        return pools;
    }

    /** {@return the services to deploy at the start} */
    public List<ServiceSpec> services() {
        return services;
    }

    /** {@return the policy of services that name none} */
    public Optional<PolicySpec> defaultPolicy() {
        return defaultPolicy;
    }

    /** {@return policies by service name, whoever deploys the service} */
    public Map<String, PolicySpec> policies() {
        return policies;
    }

    /** {@return how services are scaled that others deploy; empty leaves them alone unless they carry our labels} */
    public Optional<Adoption> adoption() {
        return adoption;
    }

    /** {@return how often a pass is made when nothing happens} */
    public Optional<Duration> passInterval() {
        return passInterval;
    }

    /** {@return the private directory where memory is kept} */
    public Optional<Path> stateDirectory() {
        return stateDirectory;
    }

    /** {@return whether services are spread anew over workers that joined} */
    public Optional<Boolean> rebalance() {
        return rebalance;
    }

    /** {@return whether port 22 of workers is open to everybody, where MiCADO opens ports} */
    public Optional<Boolean> openSsh() {
        return openSsh;
    }

    /** {@return whether it only recommends} */
    public Optional<Boolean> dryRun() {
        return dryRun;
    }

    /** {@return what became of each part of the file} */
    public List<Note> notes() {
        return notes;
    }

    /** {@return everything that is wrong with the file, but for what only the plug-ins know} */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public String toString() {
        return "description of " + name.orElse("an infrastructure") + " (" + problems.size() + " problems)";
    }

    /** Collects an {@link InfrastructureDescription}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable Plugin orchestrator;
        private final Map<String, Plugin> clouds = new LinkedHashMap<>();
        private final List<Plugin> metricSources = new ArrayList<>();
        private final List<WorkerPool> pools = new ArrayList<>();
        private final List<ServiceSpec> services = new ArrayList<>();
        private @Nullable PolicySpec defaultPolicy;
        private final Map<String, PolicySpec> policies = new LinkedHashMap<>();
        private @Nullable Adoption adoption;
        private @Nullable Duration passInterval;
        private @Nullable Path stateDirectory;
        private @Nullable Boolean rebalance;
        private @Nullable Boolean openSsh;
        private @Nullable Boolean dryRun;
        private final List<Note> notes = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        private Builder() {}

        /** Names the infrastructure. */
        public Builder name(String value) {
            name = Objects.requireNonNull(value, "name");
            return this;
        }

        /** Sets the orchestrator. */
        public Builder orchestrator(Plugin value) {
            orchestrator = Objects.requireNonNull(value, "orchestrator");
            return this;
        }

        /** Adds a cloud under a name; a second one of that name takes the place of the first. */
        public Builder cloud(String cloudName, Plugin value) {
            clouds.put(Objects.requireNonNull(cloudName, "cloudName"), Objects.requireNonNull(value, "cloud"));
            return this;
        }

        /** Adds a metric source. */
        public Builder metricSource(Plugin value) {
            metricSources.add(Objects.requireNonNull(value, "metricSource"));
            return this;
        }

        /** Adds a pool. */
        public Builder pool(WorkerPool value) {
            pools.add(Objects.requireNonNull(value, "pool"));
            return this;
        }

        /** Adds a service to deploy at the start. */
        public Builder service(ServiceSpec value) {
            services.add(Objects.requireNonNull(value, "service"));
            return this;
        }

        /** Sets the policy of services that name none. */
        public Builder defaultPolicy(PolicySpec value) {
            defaultPolicy = Objects.requireNonNull(value, "defaultPolicy");
            return this;
        }

        /** Sets the policy of a service, whoever deploys it. */
        public Builder policy(String serviceName, PolicySpec value) {
            policies.put(Objects.requireNonNull(serviceName, "serviceName"), Objects.requireNonNull(value, "policy"));
            return this;
        }

        /** Sets how services are scaled that others deploy. */
        public Builder adoption(Adoption value) {
            adoption = Objects.requireNonNull(value, "adoption");
            return this;
        }

        /** Sets how often a pass is made when nothing happens. */
        public Builder passInterval(Duration value) {
            passInterval = Objects.requireNonNull(value, "passInterval");
            return this;
        }

        /** Sets the private directory where memory is kept. */
        public Builder stateDirectory(Path value) {
            stateDirectory = Objects.requireNonNull(value, "stateDirectory");
            return this;
        }

        /** Sets whether services are spread anew over workers that joined. */
        public Builder rebalance(boolean value) {
            rebalance = value;
            return this;
        }

        /** Sets whether port 22 of workers is open to everybody, where MiCADO opens ports. */
        public Builder openSsh(boolean value) {
            openSsh = value;
            return this;
        }

        /** Sets whether it only recommends. */
        public Builder dryRun(boolean value) {
            dryRun = value;
            return this;
        }

        /** Notes that a part of the file is used. */
        public Builder used(ConfigNode node, String text) {
            return note(Note.Kind.USED, text, node.position());
        }

        /** Notes that a part of the file is not used. */
        public Builder ignored(ConfigNode node, String text) {
            return note(Note.Kind.IGNORED, text, node.position());
        }

        /** Notes that something is used that the file does not say. */
        public Builder assumed(String text) {
            notes.add(new Note(Note.Kind.USED, text, Optional.empty()));
            return this;
        }

        /** Notes what became of the part of the file at a place. */
        public Builder note(Note.Kind kind, String text, SourcePosition position) {
            notes.add(new Note(kind, text, Optional.of(position)));
            return this;
        }

        /** Adds everything that was found to be wrong. */
        public Builder problems(Problems found) {
            problems.addAll(found.all());
            return this;
        }

        /** {@return the description} */
        public InfrastructureDescription build() {
            return new InfrastructureDescription(this);
        }
    }
}

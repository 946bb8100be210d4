package io.micado.bootstrap;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * User data for cloud-init that makes a machine with Debian or Ubuntu a worker: installs a Docker Engine where there is none, gives
 * it its labels, and joins the Swarm. Given to a pool as its {@link Bootstrap}; {@link #standard()} is what
 * {@link Bootstrap#DEFAULT} stands for. Immutable and thread-safe; shows no secret.
 *
 * <p>By default the machine's containers cannot reach the cloud's metadata service, where the user data, and with it the join
 * token, stays readable as long as the machine lives. On the machine itself no copy of it is left once it has joined.
 *
 * <p>Optional are the exporters that the metric source {@code exporters} and Prometheus read (node exporter on port
 * {@value #NODE_EXPORTER_PORT}, cAdvisor on port {@value #CADVISOR_PORT}), which only the managers and
 * {@linkplain Builder#monitoringFrom named networks} reach, a Consul agent, and whatever else the user wants to have on a worker.
 */
public final class WorkerCloudInit implements Bootstrap {
    /** Where node exporter listens. */
    public static final int NODE_EXPORTER_PORT = 9100;
    /** Where cAdvisor listens. */
    public static final int CADVISOR_PORT = 9200;

    private static final WorkerCloudInit STANDARD = builder().build();
    private static final Duration LONGEST_JOIN = Duration.ofHours(1);
    /** What the clouds' metadata services are reached by. */
    private static final List<String> METADATA_SERVICES = List.of("169.254.169.254", "fd00:ec2::254");

    private final List<String> packages;
    private final List<CloudConfigFile> files;
    private final List<List<String>> commands;
    private final List<List<String>> commandsAfterJoin;
    private final Optional<Installation> nodeExporter;
    private final Optional<Installation> cAdvisor;
    private final Optional<ConsulAgent> consul;
    private final Set<String> monitoringFrom;
    private final boolean blockMetadata;
    private final Duration joinFor;
    private final String advertise;

    private WorkerCloudInit(Builder b) {
        packages = List.copyOf(b.packages);
        files = List.copyOf(b.files);
        commands = List.copyOf(b.commands);
        commandsAfterJoin = List.copyOf(b.commandsAfterJoin);
        nodeExporter = Optional.ofNullable(b.nodeExporter);
        cAdvisor = Optional.ofNullable(b.cAdvisor);
        consul = Optional.ofNullable(b.consul);
        monitoringFrom = new LinkedHashSet<>(b.monitoringFrom);
        blockMetadata = b.blockMetadata;
        joinFor = b.joinFor;
        advertise = b.advertise;
    }

    /** {@return the one that joins the Swarm and does nothing else} */
    public static WorkerCloudInit standard() {
        return STANDARD;
    }

    /** {@return the settings of {@link #from}} */
    public static List<SettingKey> settings() {
        return WorkerSettings.KEYS;
    }

    /**
     * {@return the bootstrap that the settings describe}
     *
     * @throws ConfigurationException when a value is none of the allowed ones
     */
    public static WorkerCloudInit from(Settings settings) {
        return WorkerSettings.read(settings);
    }

    /** Starts one that joins the Swarm and does nothing else. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join) {
        return Optional.of(document(engineLabels, join).render());
    }

    @Override
    public List<PortRule> ports() {
        return consul.isPresent() ? PortPlans.WORKER_WITH_CONSUL : List.of();
    }

    /** {@return the document of one worker} */
    CloudConfig document(Map<String, String> engineLabels, JoinInfo join) {
        if (join.managers().isEmpty()) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION, "the cluster names no address at which machines can join it");
        }
        List<String> managers =
                join.managers().stream().map(Hosts::hostOf).distinct().toList();
        CloudConfig.Builder document = CloudConfig.builder()
                .packages(packages)
                .files(files)
                .files(Programs.files("worker.py"))
                .file(Programs.parameters("worker.json", parameters(engineLabels, join)))
                .file(Programs.parameters("firewall.json", firewall(managers)))
                .file(Programs.secret("join-token", join.token()));
        consul.ifPresent(agent -> document.file(
                Programs.secret("consul.json", agent.ofClient(managers, NODE_EXPORTER_PORT, CADVISOR_PORT))));
        return document.commands(commands)
                .command(Programs.command("worker.py"))
                .commands(commandsAfterJoin)
                .build();
    }

    private Map<String, Object> parameters(Map<String, String> engineLabels, JoinInfo join) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("labels", engineLabels);
        parameters.put("managers", join.managers());
        parameters.put("joinSeconds", joinFor.toSeconds());
        if (!advertise.isEmpty()) {
            parameters.put("advertise", advertise);
        }
        nodeExporter.ifPresent(how -> parameters.put("nodeExporter", exporter(how, NODE_EXPORTER_PORT)));
        cAdvisor.ifPresent(how -> parameters.put("cAdvisor", exporter(how, CADVISOR_PORT)));
        consul.ifPresent(agent -> parameters.put("consul", agent.installation().parameters()));
        return parameters;
    }

    private static Map<String, Object> exporter(Installation how, int port) {
        Map<String, Object> parameters = how.parameters();
        parameters.put("port", port);
        return parameters;
    }

    /** The ports are guarded whoever listens there: an image may bring exporters of its own. */
    private Map<String, Object> firewall(List<String> managers) {
        Set<String> allowed = new LinkedHashSet<>(managers);
        allowed.addAll(monitoringFrom);
        Map<String, Object> rules = new LinkedHashMap<>();
        rules.put("ports", List.of(NODE_EXPORTER_PORT, CADVISOR_PORT));
        rules.put("allowed", List.copyOf(allowed));
        rules.put("blocked", blockMetadata ? METADATA_SERVICES : List.of());
        return rules;
    }

    @Override
    public String toString() {
        return "cloud-init of a worker";
    }

    /** Collects a {@link WorkerCloudInit}. Not thread-safe. */
    public static final class Builder {
        /** The package, which current Debian and Ubuntu have. */
        static final String NODE_EXPORTER_PACKAGE = "prometheus-node-exporter";
        /** The package, which not every release has. */
        static final String CADVISOR_PACKAGE = "cadvisor";

        private final List<String> packages = new ArrayList<>();
        private final List<CloudConfigFile> files = new ArrayList<>();
        private final List<List<String>> commands = new ArrayList<>();
        private final List<List<String>> commandsAfterJoin = new ArrayList<>();
        private final List<String> monitoringFrom = new ArrayList<>();
        private @Nullable Installation nodeExporter;
        private @Nullable Installation cAdvisor;
        private @Nullable ConsulAgent consul;
        private boolean blockMetadata = true;
        private Duration joinFor = Duration.ofMinutes(10);
        private String advertise = "";

        private Builder() {}

        /** Adds packages of the distribution, installed before the machine joins. */
        public Builder packages(String... names) {
            for (String name : names) {
                packages.add(Installation.ofPackage(name).packageName().orElseThrow());
            }
            return this;
        }

        /** Adds a file, written before anything else happens. */
        public Builder file(CloudConfigFile file) {
            files.add(Objects.requireNonNull(file, "file"));
            return this;
        }

        /**
         * Adds a command that runs before the machine joins: a program and its arguments, of which no shell interprets anything. One that fails does
         * not keep the machine from joining.
         */
        public Builder command(String... programAndArguments) {
            commands.add(command(List.of(programAndArguments)));
            return this;
        }

        /** Adds a command that runs after the machine has joined, or has failed to. */
        public Builder commandAfterJoin(String... programAndArguments) {
            commandsAfterJoin.add(command(List.of(programAndArguments)));
            return this;
        }

        private static List<String> command(List<String> programAndArguments) {
            if (programAndArguments.isEmpty() || programAndArguments.get(0).isBlank()) {
                throw new IllegalArgumentException("a command needs a program");
            }
            return programAndArguments;
        }

        /** Starts node exporter, from the distribution's package. */
        public Builder nodeExporter() {
            return nodeExporter(Installation.ofPackage(NODE_EXPORTER_PACKAGE));
        }

        /** Starts node exporter. */
        public Builder nodeExporter(Installation how) {
            nodeExporter = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Starts cAdvisor; a release without a package {@value #CADVISOR_PACKAGE} needs an image. */
        public Builder cAdvisor(Installation how) {
            cAdvisor = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Starts a Consul agent. */
        public Builder consul(ConsulAgent agent) {
            consul = Objects.requireNonNull(agent, "agent");
            return this;
        }

        /**
         * Lets more hosts and networks read the exporters than the managers, such as the host program's machine or
         * {@code 10.0.0.0/8}; names are resolved on the worker.
         */
        public Builder monitoringFrom(String... hostsOrNetworks) {
            for (String one : hostsOrNetworks) {
                monitoringFrom.add(Hosts.checkNetwork(one));
            }
            return this;
        }

        /** Sets whether containers are kept from the cloud's metadata service; default true. */
        public Builder blockMetadata(boolean value) {
            blockMetadata = value;
            return this;
        }

        /** Sets how long a machine tries to join, 10 s to 1 h; default 10 min. */
        public Builder joinFor(Duration value) {
            if (value.compareTo(Duration.ofSeconds(10)) < 0 || value.compareTo(LONGEST_JOIN) > 0) {
                throw new IllegalArgumentException("joinFor must be 10 s to 1 h, got " + value);
            }
            joinFor = value;
            return this;
        }

        /**
         * Sets the address or the network interface by which other nodes reach a worker, such as {@code eth1}; default the one that
         * Docker chooses.
         */
        public Builder advertise(String addressOrInterface) {
            advertise = Hosts.check(addressOrInterface);
            return this;
        }

        /** {@return the bootstrap} */
        public WorkerCloudInit build() {
            return new WorkerCloudInit(this);
        }
    }
}

package io.micado.bootstrap;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.spi.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One user data for cloud-init that makes a machine with Debian or Ubuntu a whole MiCADO master: Docker, the manager of a new
 * Swarm, Prometheus, Alertmanager, Consul, and a program that embeds this library, as a service. For pasting into the wizard
 * of a cloud. Immutable and thread-safe; shows no secret.
 *
 * <p>Prometheus asks the program what to scrape, and Alertmanager tells it of alerts: the token by which they do is made on the machine and given
 * to the program as the file that {@code MICADO_TOKEN_FILE} names. Both listen on the loopback address alone, as do Consul's web
 * page and DNS. The program's files are owned by the user {@code micado}, who is in the group {@code docker}; of the user data no copy is
 * left.
 */
public final class MasterCloudInit {
    private static final String OWNER = "micado";

    private final Builder parts;

    private MasterCloudInit(Builder parts) {
        this.parts = parts;
    }

    /** Starts a master with everything but the program. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the user data} */
    public Secret userData() {
        return document().render();
    }

    private CloudConfig document() {
        CloudConfig.Builder document = CloudConfig.builder()
                .packages(parts.packages)
                .files(parts.files)
                .files(Programs.files("master.py"))
                .file(Programs.parameters("master.json", parameters()));
        int number = 0;
        for (CloudConfigFile file : parts.programFiles) {
            document.file(Programs.secret("file-" + number, file.content()));
            number++;
        }
        ConsulAgent consul = parts.consul;
        if (consul != null) {
            document.file(Programs.secret("consul.json", consul.ofServer()));
        }
        return document.commands(parts.commands)
                .command(Programs.command("master.py"))
                .build();
    }

    private Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (!parts.advertise.isEmpty()) {
            parameters.put("advertise", parts.advertise);
        }
        parameters.put("packages", parts.runtime);
        parameters.put(
                "files",
                parts.programFiles.stream().map(MasterCloudInit::placed).toList());
        MonitoringConfiguration monitoring = new MonitoringConfiguration(parts.programAddress, parts.infrastructure);
        Secret prometheus = parts.prometheusConfiguration;
        put(
                parameters,
                "prometheus",
                parts.prometheus,
                prometheus == null ? monitoring.prometheus() : prometheus.reveal());
        put(
                parameters,
                "alertmanager",
                parts.alertmanager,
                monitoring.alertmanager(Optional.ofNullable(parts.alertWebhook)));
        parameters.put("token", MonitoringConfiguration.TOKEN_FILE);
        ConsulAgent consul = parts.consul;
        if (consul != null) {
            parameters.put("consul", consul.installation().parameters());
        }
        if (!parts.program.isEmpty()) {
            Map<String, Object> program = new LinkedHashMap<>(parts.program);
            Secret url = parts.programUrl;
            if (url != null) {
                program.put("url", url.reveal());
            }
            parameters.put("program", program);
        }
        return parameters;
    }

    private static Map<String, Object> placed(CloudConfigFile file) {
        Map<String, Object> placed = new LinkedHashMap<>();
        placed.put("path", file.path());
        placed.put("mode", file.permissions());
        placed.put("owner", OWNER);
        return placed;
    }

    private static void put(
            Map<String, Object> parameters, String part, @Nullable Installation how, String configuration) {
        if (how != null) {
            Map<String, Object> of = how.parameters();
            of.put("configuration", configuration);
            parameters.put(part, of);
        }
    }

    @Override
    public String toString() {
        return "cloud-init of a master";
    }

    /** Collects a {@link MasterCloudInit}. Not thread-safe. */
    public static final class Builder {
        private static final String JAR = "/opt/micado/micado.jar";
        private static final String SHA_256 = "[0-9a-f]{64}";

        private final List<String> packages = new ArrayList<>();
        private final List<String> runtime = new ArrayList<>(List.of("default-jre-headless"));
        private final List<List<String>> commands = new ArrayList<>();
        private final List<CloudConfigFile> files = new ArrayList<>();
        private final List<CloudConfigFile> programFiles = new ArrayList<>();
        private final Map<String, Object> program = new LinkedHashMap<>();
        private @Nullable Installation prometheus = Installation.ofPackage("prometheus");
        private @Nullable Installation alertmanager = Installation.ofPackage("prometheus-alertmanager");
        private @Nullable ConsulAgent consul = ConsulAgent.server();
        private @Nullable Secret prometheusConfiguration;
        private @Nullable Secret alertWebhook;
        private @Nullable Secret programUrl;
        private URI programAddress = URI.create("http://127.0.0.1:5000");
        private String infrastructure = "micado_worker_infra";
        private String advertise = "";

        private Builder() {}

        /**
         * Sets the IP address that workers join; default the address by which the machine leaves its network. A machine that others know by another
         * address, such as a floating one, needs it.
         */
        public Builder advertise(String address) {
            advertise = Hosts.checkAddress("advertise", address);
            return this;
        }

        /** Sets the name of the infrastructure that the program runs; default that of a file of MiCADO 0.3. */
        public Builder infrastructure(String name) {
            infrastructure = InfrastructureDescription.checkName(name);
            return this;
        }

        /** Sets the port of the loopback address on which the program answers; default 5000. */
        public Builder programPort(int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port must be 1 to 65535, got " + port);
            }
            programAddress = URI.create("http://127.0.0.1:" + port);
            return this;
        }

        /**
         * Adds a file, written before anything else happens, that everybody on the machine may read unless it says otherwise: such as a mirror or a
         * further source of packages, in {@code /etc/apt/sources.list.d}.
         */
        public Builder file(CloudConfigFile file) {
            files.add(Objects.requireNonNull(file, "file"));
            return this;
        }

        /** Adds packages of the distribution. */
        public Builder packages(String... names) {
            for (String name : names) {
                packages.add(Installation.ofPackage(name).packageName().orElseThrow());
            }
            return this;
        }

        /** Adds a command that runs first: a program and its arguments, of which no shell interprets anything. */
        public Builder command(String... programAndArguments) {
            commands.add(List.of(programAndArguments));
            return this;
        }

        /**
         * Runs a jar that is downloaded.
         *
         * @param url where from, by HTTPS
         * @param sha256 the checksum that it has to have
         * @param arguments what follows {@code java -jar FILE}; everybody on the machine sees them among its processes, so that a secret belongs
         *     into a {@link #programFile}
         */
        public Builder program(URI url, String sha256, String... arguments) {
            return program(Secret.of(url.toString()), sha256, arguments);
        }

        /**
         * Runs a jar that is downloaded from an address which nobody is to see, such as a signed one; the parameters are those of
         * {@link #program(URI, String, String...)}.
         */
        public Builder program(Secret url, String sha256, String... arguments) {
            String checksum = sha256.toLowerCase(Locale.ROOT);
            if (!url.reveal().startsWith("https://")) {
                throw new IllegalArgumentException("url must begin with https://");
            }
            if (!checksum.matches(SHA_256)) {
                throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits");
            }
            List<String> command = new ArrayList<>(List.of("java", "-jar", JAR));
            command.addAll(List.of(arguments));
            run(command);
            programUrl = url;
            program.put("sha256", checksum);
            return this;
        }

        /**
         * Runs a program that the image, a package or a command brings: a name or path, and its arguments, which everybody on the machine sees among
         * its processes.
         */
        public Builder program(String... programAndArguments) {
            return run(List.of(programAndArguments));
        }

        private Builder run(List<String> command) {
            for (String word : command) {
                if (word.chars().anyMatch(Character::isISOControl)) {
                    throw new IllegalArgumentException(
                            "a word of a service's command must not contain control characters");
                }
            }
            if (command.isEmpty() || command.get(0).isBlank()) {
                throw new IllegalArgumentException("a command needs a program");
            }
            program.clear();
            program.put("command", command);
            program.put("file", JAR);
            programUrl = null;
            return this;
        }

        /** Sets the packages that the program runs on; default {@code default-jre-headless}. */
        public Builder runtime(String... packageNames) {
            runtime.clear();
            for (String name : packageNames) {
                runtime.add(Installation.ofPackage(name).packageName().orElseThrow());
            }
            return this;
        }

        /** Adds a file that only the program may read, such as its configuration or a secret which that one refers to. */
        public Builder programFile(String path, Secret content) {
            programFiles.add(CloudConfigFile.secret(path, content));
            return this;
        }

        /** Sets how Prometheus is installed; default from the distribution's package. */
        public Builder prometheus(Installation how) {
            prometheus = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Sets the configuration of Prometheus; default reads rules in {@code /etc/prometheus/micado} and asks the program for targets. */
        public Builder prometheusConfiguration(String yaml) {
            return prometheusConfiguration(Secret.of(yaml));
        }

        /** Sets the configuration of Prometheus, which may hold passwords: only the server reads it on the machine. */
        public Builder prometheusConfiguration(Secret yaml) {
            prometheusConfiguration = Objects.requireNonNull(yaml, "yaml");
            return this;
        }

        /** Sets how Alertmanager is installed; default from the distribution's package. */
        public Builder alertmanager(Installation how) {
            alertmanager = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Sets where Alertmanager sends alerts, without a token; default the program. */
        public Builder alertWebhook(URI url) {
            return alertWebhook(Secret.of(url.toString()));
        }

        /** Sets where Alertmanager sends alerts: an address that nobody is to see, such as one with a token in it. */
        public Builder alertWebhook(Secret url) {
            alertWebhook = Objects.requireNonNull(url, "url");
            return this;
        }

        /** Sets the Consul server; default one with a gossip key of its own, in {@code /etc/micado/secrets/consul-key}. */
        public Builder consul(ConsulAgent server) {
            consul = Objects.requireNonNull(server, "server");
            return this;
        }

        /** Leaves Prometheus and Alertmanager out. */
        public Builder withoutPrometheus() {
            prometheus = null;
            alertmanager = null;
            return this;
        }

        /** Leaves Consul out. */
        public Builder withoutConsul() {
            consul = null;
            return this;
        }

        /** {@return the master} */
        public MasterCloudInit build() {
            Builder copy = new Builder();
            copy.packages.addAll(packages);
            copy.runtime.clear();
            copy.runtime.addAll(runtime);
            copy.commands.addAll(commands);
            copy.files.addAll(files);
            copy.programFiles.addAll(programFiles);
            copy.program.putAll(program);
            copy.prometheus = prometheus;
            copy.alertmanager = alertmanager;
            copy.consul = consul;
            copy.prometheusConfiguration = prometheusConfiguration;
            copy.alertWebhook = alertWebhook;
            copy.programUrl = programUrl;
            copy.programAddress = programAddress;
            copy.infrastructure = infrastructure;
            copy.advertise = advertise;
            return new MasterCloudInit(copy);
        }
    }
}

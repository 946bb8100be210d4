package io.micado.bootstrap;

import io.micado.api.spi.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Consul agent on a machine. On a worker it registers the exporters under the names of MiCADO 0.3: {@code worker_cluster}
 * for node exporter, {@code app_docker_cluster} for cAdvisor. Immutable; shows no key.
 *
 * @param installation how it comes onto the machine
 * @param datacenter the name of Consul's data centre
 * @param servers the hosts of the servers that a client joins; empty takes the hosts of the Swarm's managers
 * @param key the key that encrypts the gossip, Base64 of 16 or 32 bytes; on a master empty makes one of its own, on a worker empty
 *     means no encryption
 */
public record ConsulAgent(Installation installation, String datacenter, List<String> servers, Optional<Secret> key) {
    /** The package, else the image on the public registry. */
    static final Installation USUAL = Installation.ofPackage("consul").orImage("hashicorp/consul:1.20");

    /** Consul's own default. */
    static final String DATACENTER = "dc1";

    /** Checks the hosts and that nothing is null. */
    public ConsulAgent {
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(datacenter, "datacenter");
        servers = List.copyOf(servers);
        Objects.requireNonNull(key, "key");
        if (!datacenter.matches("[a-zA-Z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "datacenter must be letters, digits, '-' and '_', got \"" + datacenter + "\"");
        }
        servers.forEach(Hosts::check);
    }

    /** {@return a client that joins the Swarm's managers} */
    public static ConsulAgent client(Secret key) {
        return new ConsulAgent(USUAL, DATACENTER, List.of(), Optional.of(key));
    }

    /** {@return a server that makes a key of its own} */
    public static ConsulAgent server() {
        return new ConsulAgent(USUAL, DATACENTER, List.of(), Optional.empty());
    }

    /** {@return the agent's configuration on a worker, which holds the key} */
    Secret ofClient(List<String> managers, int nodeExporterPort, int cAdvisorPort) {
        Map<String, Object> configuration = common();
        configuration.put("retry_join", servers.isEmpty() ? managers : servers);
        configuration.put("leave_on_terminate", true);
        List<Object> services = new ArrayList<>();
        services.add(service("worker_cluster", nodeExporterPort));
        services.add(service("app_docker_cluster", cAdvisorPort));
        configuration.put("services", services);
        return Secret.of(JsonText.of(configuration));
    }

    /** {@return the agent's configuration on a master, which holds the key if there is one} */
    Secret ofServer() {
        Map<String, Object> configuration = common();
        configuration.put("server", true);
        configuration.put("bootstrap_expect", 1);
        configuration.put("ui", true);
        return Secret.of(JsonText.of(configuration));
    }

    private Map<String, Object> common() {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("datacenter", datacenter);
        // Gossip and RPC listen on the machine's own address, HTTP and DNS on the loopback.
        configuration.put("bind_addr", "0.0.0.0");
        configuration.put("advertise_addr", "{{ GetPrivateIP }}");
        configuration.put("client_addr", "127.0.0.1");
        configuration.put("disable_update_check", true);
        key.ifPresent(secret -> configuration.put("encrypt", secret.reveal()));
        return configuration;
    }

    private static Map<String, Object> service(String name, int port) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("tcp", "127.0.0.1:" + port);
        check.put("interval", "10s");
        check.put("timeout", "2s");
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("name", name);
        service.put("port", port);
        service.put("checks", List.of(check));
        return service;
    }
}

package io.micado.bootstrap;

import static io.micado.api.worker.PortRule.Protocol.TCP;
import static io.micado.api.worker.PortRule.Protocol.UDP;
import static io.micado.api.worker.PortRule.Source.GROUP;
import static io.micado.api.worker.PortRule.Source.MANAGER;
import static io.micado.api.worker.PortRule.Source.WORLD;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.PortRule.Protocol;
import io.micado.api.worker.PortRule.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ports of an infrastructure as data: what its workers and its master take, and from whom. Corrects the list of MiCADO 0.3's
 * guide: DNS is port 53 and not 55, the overlay network's UDP 4789 and the exporters' ports were missing, and most of what it
 * opened to everybody is for the infrastructure alone. Stateless.
 *
 * <p>To the world only the published ports of deployed services are open and, if asked, 22. The Docker Engine's own interface
 * is never: not 2375, and 2376, with TLS, only if the user says so elsewhere.
 */
public final class PortPlans {
    /** What every worker takes. */
    public static final List<PortRule> WORKER = List.of(
            PortRule.of(TCP, 7946, GROUP, "Docker Swarm: nodes tell each other what they know"),
            PortRule.of(UDP, 7946, GROUP, "Docker Swarm: nodes tell each other what they know"),
            PortRule.of(UDP, 4789, GROUP, "Docker Swarm: overlay networks"),
            PortRule.of(TCP, WorkerCloudInit.NODE_EXPORTER_PORT, MANAGER, "node exporter"),
            PortRule.of(TCP, WorkerCloudInit.CADVISOR_PORT, MANAGER, "cAdvisor"));

    /** What a worker with a Consul agent takes besides. */
    public static final List<PortRule> WORKER_WITH_CONSUL = List.of(
            PortRule.of(TCP, 8301, GROUP, "Consul: gossip of the members"),
            PortRule.of(UDP, 8301, GROUP, "Consul: gossip of the members"));

    /** What a master with all of its parts takes. Its web pages are for its own loopback address, or a tunnel to it. */
    public static final List<PortRule> MASTER = List.of(
            PortRule.of(TCP, 2377, GROUP, "Docker Swarm: nodes join and managers agree"),
            PortRule.of(TCP, 7946, GROUP, "Docker Swarm: nodes tell each other what they know"),
            PortRule.of(UDP, 7946, GROUP, "Docker Swarm: nodes tell each other what they know"),
            PortRule.of(UDP, 4789, GROUP, "Docker Swarm: overlay networks"),
            PortRule.of(TCP, 53, GROUP, "DNS, with Consul's names"),
            PortRule.of(UDP, 53, GROUP, "DNS, with Consul's names"),
            PortRule.of(TCP, 8300, GROUP, "Consul: requests to its servers"),
            PortRule.of(TCP, 8301, GROUP, "Consul: gossip of the members"),
            PortRule.of(UDP, 8301, GROUP, "Consul: gossip of the members"),
            PortRule.of(TCP, 8302, MANAGER, "Consul: gossip of servers in other data centres"),
            PortRule.of(UDP, 8302, MANAGER, "Consul: gossip of servers in other data centres"),
            PortRule.of(TCP, 8500, MANAGER, "Consul: HTTP interface and web page"),
            PortRule.of(TCP, 8600, GROUP, "Consul: DNS interface"),
            PortRule.of(UDP, 8600, GROUP, "Consul: DNS interface"),
            PortRule.of(TCP, 5000, MANAGER, "MiCADO: HTTP interface"),
            PortRule.of(TCP, 9090, MANAGER, "Prometheus"),
            PortRule.of(TCP, 9093, MANAGER, "Alertmanager"),
            PortRule.of(TCP, 9095, MANAGER, "MiCADO: alerts from Alertmanager"),
            PortRule.of(TCP, 9100, MANAGER, "node exporter"),
            PortRule.of(TCP, 9200, MANAGER, "cAdvisor"));

    private static final PortRule SSH = PortRule.of(TCP, 22, WORLD, "SSH");

    private PortPlans() {}

    /**
     * {@return the rules of workers}
     *
     * @param services the services that everybody is to reach; those of their ports are open that are published under a fixed number, by TCP
     *     or UDP
     * @param ssh whether port 22 is open to everybody
     */
    public static List<PortRule> worker(Collection<ServiceState> services, boolean ssh) {
        List<PortRule> rules = new ArrayList<>(WORKER);
        rules.addAll(published(services));
        if (ssh) {
            rules.add(SSH);
        }
        return List.copyOf(rules);
    }

    /** {@return the rules of a master that also takes the traffic of the services}; the parameters are those of {@link #worker} */
    public static List<PortRule> master(Collection<ServiceState> services, boolean ssh) {
        List<PortRule> rules = new ArrayList<>(MASTER);
        rules.addAll(published(services));
        if (ssh) {
            rules.add(SSH);
        }
        return List.copyOf(rules);
    }

    /** {@return the rules as a plan for these managers; host names and loopback addresses among them are left out} */
    public static PortPlan plan(List<PortRule> rules, Collection<String> managers) {
        Set<String> addresses = managers.stream()
                .flatMap(manager -> Hosts.reachableAddress(manager).stream())
                .collect(Collectors.toUnmodifiableSet());
        return new PortPlan(rules, addresses);
    }

    /** {@return one line for each rule, for people, such as {@code TCP 2377        the infrastructure  Docker Swarm: …}} */
    public static List<String> rows(List<PortRule> rules) {
        return rules.stream()
                .map(rule -> String.format(
                        "%-3s %-11s %-18s %s",
                        rule.protocol(),
                        rule.from() == rule.to() ? rule.from() : rule.from() + "-" + rule.to(),
                        source(rule.source()),
                        rule.purpose()))
                .toList();
    }

    private static String source(Source source) {
        return switch (source) {
            case GROUP -> "the infrastructure";
            case MANAGER -> "the managers";
            case WORLD -> "everybody";
        };
    }

    private static List<PortRule> published(Collection<ServiceState> services) {
        // Services share a port under different protocols only; the order does not depend on that of the services.
        Map<Protocol, Map<Integer, String>> open = new TreeMap<>();
        for (ServiceState service : services) {
            for (PublishedPort port : service.ports()) {
                boolean fixed = port.published() > 0 && port.protocol() != PublishedPort.Protocol.SCTP;
                if (fixed) {
                    open.computeIfAbsent(Protocol.valueOf(port.protocol().name()), unused -> new TreeMap<>())
                            .merge(port.published(), service.name(), PortPlans::first);
                }
            }
        }
        List<PortRule> rules = new ArrayList<>();
        open.forEach((protocol, ports) -> ports.forEach(
                (port, service) -> rules.add(PortRule.of(protocol, port, WORLD, "published by service " + service))));
        rules.sort(Comparator.comparing(PortRule::from));
        return rules;
    }

    private static String first(String a, String b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

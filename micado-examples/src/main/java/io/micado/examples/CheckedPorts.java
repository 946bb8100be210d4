package io.micado.examples;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.CloudTraits;
import io.micado.api.worker.ConfiguredBootstrap;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortRule;
import io.micado.bootstrap.PortPlans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tells in lines which ports the user has to open, on the clouds where MiCADO cannot. Used by {@link Check}. Stateless. */
final class CheckedPorts {
    private static final String CONSUL = "consul";
    /** The keys of EC2 and OpenStack that name groups of the user's own, which MiCADO does not touch. */
    private static final List<String> GROUPS = List.of("security_group_ids", "security_groups");

    private CheckedPorts() {}

    /**
     * {@return the lines; none when no cloud needs it}
     *
     * @param traits what each cloud can do; one that takes no user data makes its machines itself, and their ports too
     */
    static List<String> of(InfrastructureDescription description, Map<String, CloudTraits> traits) {
        List<String> clouds = traits.entrySet().stream()
                .filter(cloud ->
                        !cloud.getValue().opensPorts() && cloud.getValue().userDataLimit() > 0)
                .map(Map.Entry::getKey)
                .toList();
        Set<String> ownGroups = description.pools().stream()
                .flatMap(pool -> pool.offerings().stream())
                .filter(offering -> traits.containsKey(offering.cloud()) && hasOwnGroups(offering))
                .map(Offering::cloud)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> lines = new ArrayList<>();
        if (!clouds.isEmpty()) {
            lines.add("");
            lines.add("Ports of workers to be opened by you, since MiCADO cannot, on " + String.join(", ", clouds));
            PortPlans.rows(workers(description)).forEach(row -> lines.add("  " + row));
        }
        if (!ownGroups.isEmpty()) {
            lines.add("");
            lines.add("Ports of workers to be opened by you in the security groups that you name, on "
                    + String.join(", ", ownGroups));
            PortPlans.rows(workers(description)).forEach(row -> lines.add("  " + row));
        }
        if (!lines.isEmpty()) {
            lines.add("");
            lines.add("Ports of the Swarm's managers to be opened by you");
            PortPlans.rows(managers()).forEach(row -> lines.add("  " + row));
        }
        return lines;
    }

    private static boolean hasOwnGroups(Offering offering) {
        return GROUPS.stream().anyMatch(key -> !offering.settings().list(key).isEmpty());
    }

    private static List<PortRule> workers(InfrastructureDescription description) {
        List<PortRule> rules = new ArrayList<>(
                PortPlans.worker(List.of(), description.openSsh().orElse(false)));
        boolean consul = description.pools().stream()
                .anyMatch(pool -> pool.bootstrap() instanceof ConfiguredBootstrap configured
                        && configured.settings().raw(CONSUL).isPresent());
        if (consul) {
            rules.addAll(PortPlans.WORKER_WITH_CONSUL);
        }
        for (ServiceSpec service : description.services()) {
            for (PublishedPort port : service.ports()) {
                boolean fixed = port.published() > 0 && port.protocol() != PublishedPort.Protocol.SCTP;
                if (fixed && service.openToWorld()) {
                    rules.add(PortRule.of(
                            PortRule.Protocol.valueOf(port.protocol().name()),
                            port.published(),
                            PortRule.Source.WORLD,
                            "published by service " + service.name()));
                }
            }
        }
        return rules;
    }

    /** Of all that a master can have only the Swarm is always there. */
    private static List<PortRule> managers() {
        return PortPlans.MASTER.stream()
                .filter(rule -> rule.purpose().startsWith("Docker Swarm"))
                .toList();
    }
}

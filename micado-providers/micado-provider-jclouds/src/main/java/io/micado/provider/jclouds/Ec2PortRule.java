package io.micado.provider.jclouds;

import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A rule of a security group of EC2, with one peer. Immutable.
 *
 * @param protocol {@code tcp}, {@code udp}, or whatever else somebody has put there
 * @param from the first port; -1 for none
 * @param to the last port; -1 for none
 * @param peer the id of a group, or a range of addresses
 */
record Ec2PortRule(String protocol, int from, int to, String peer) {
    /** The port of protocols that have none. */
    private static final int NONE = -1;

    /** {@return what a plan asks of a group} A manager whose address is not known is let in by no rule. */
    static Set<Ec2PortRule> of(PortPlan plan, String group) {
        Set<Ec2PortRule> rules = new LinkedHashSet<>();
        for (PortRule rule : plan.rules()) {
            for (String peer : Peers.of(rule.source(), group, plan.managers())) {
                rules.add(
                        new Ec2PortRule(rule.protocol().name().toLowerCase(Locale.ROOT), rule.from(), rule.to(), peer));
            }
        }
        return rules;
    }

    /** {@return what a group has} */
    static Set<Ec2PortRule> of(Xml group) {
        Set<Ec2PortRule> rules = new LinkedHashSet<>();
        for (Xml permission : group.items("ipPermissions")) {
            String protocol = permission.text("ipProtocol").orElse("-1");
            int from = Integer.parseInt(permission.text("fromPort").orElse("-1"));
            int to = Integer.parseInt(permission.text("toPort").orElse("-1"));
            permission
                    .items("groups")
                    .forEach(peer -> rules.add(new Ec2PortRule(protocol, from, to, peer.requiredText("groupId"))));
            permission
                    .items("ipRanges")
                    .forEach(peer -> rules.add(new Ec2PortRule(protocol, from, to, peer.requiredText("cidrIp"))));
            permission
                    .items("ipv6Ranges")
                    .forEach(peer -> rules.add(new Ec2PortRule(protocol, from, to, peer.requiredText("cidrIpv6"))));
        }
        return rules;
    }

    /** {@return the parameters that name these rules in a request: one permission for all peers of the same ports, as EC2 keeps them} */
    static Map<String, String> parameters(Collection<Ec2PortRule> rules) {
        Map<List<Object>, List<String>> peersByPorts = new LinkedHashMap<>();
        for (Ec2PortRule rule : rules) {
            List<Object> ports = List.of(rule.protocol, rule.from, rule.to);
            peersByPorts.computeIfAbsent(ports, p -> new ArrayList<>()).add(rule.peer);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<List<Object>, List<String>> permission : peersByPorts.entrySet()) {
            number++;
            String prefix = "IpPermissions." + number + ".";
            List<Object> ports = permission.getKey();
            parameters.put(prefix + "IpProtocol", ports.get(0).toString());
            if (!ports.get(1).equals(NONE)) {
                parameters.put(prefix + "FromPort", ports.get(1).toString());
                parameters.put(prefix + "ToPort", ports.get(2).toString());
            }
            putPeers(parameters, prefix, permission.getValue());
        }
        return parameters;
    }

    private static void putPeers(Map<String, String> parameters, String prefix, List<String> peers) {
        int groups = 0;
        int ranges = 0;
        int ranges6 = 0;
        for (String peer : peers) {
            if (peer.contains(":")) {
                ranges6++;
                parameters.put(prefix + "Ipv6Ranges." + ranges6 + ".CidrIpv6", peer);
            } else if (peer.contains("/")) {
                ranges++;
                parameters.put(prefix + "IpRanges." + ranges + ".CidrIp", peer);
            } else {
                groups++;
                parameters.put(prefix + "Groups." + groups + ".GroupId", peer);
            }
        }
    }
}

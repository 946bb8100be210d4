package io.micado.provider.jclouds;

import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    /** {@return what a plan asks of a group} A manager whose address is not known is let in by no rule. */
    static Set<Ec2PortRule> of(PortPlan plan, String group) {
        Set<Ec2PortRule> rules = new LinkedHashSet<>();
        for (PortRule rule : plan.rules()) {
            for (String peer : Peers.of(rule.source(), group, plan.managers())) {
                rules.add(new Ec2PortRule(rule.protocol().name().toLowerCase(Locale.ROOT), rule.from(), rule.to(), peer));
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

    Map<String, String> parameters(String prefix) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(prefix + ".IpProtocol", protocol);
        if (from >= 0) {
            parameters.put(prefix + ".FromPort", String.valueOf(from));
            parameters.put(prefix + ".ToPort", String.valueOf(to));
        }
        if (peer.contains(":")) {
            parameters.put(prefix + ".Ipv6Ranges.1.CidrIpv6", peer);
        } else if (peer.contains("/")) {
            parameters.put(prefix + ".IpRanges.1.CidrIp", peer);
        } else {
            parameters.put(prefix + ".Groups.1.GroupId", peer);
        }
        return parameters;
    }
}

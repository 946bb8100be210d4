package io.micado.api.worker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The ports of the workers of an infrastructure, as a cloud is to open them: these, and no others. Immutable.
 *
 * @param rules the rules, in the order to show them, each once
 * @param managers the addresses of the managers, as IPv4 or IPv6 literals without a prefix length, for the rules whose source is
 *     {@link PortRule.Source#GROUP} or {@link PortRule.Source#MANAGER}; empty when they are not known
 */
public record PortPlan(List<PortRule> rules, Set<String> managers) {
    /** No port at all. */
    public static final PortPlan NONE = new PortPlan(List.of(), Set.of());

    /** Copies the collections, leaving out what is said twice. */
    public PortPlan {
        rules = List.copyOf(new LinkedHashSet<>(Objects.requireNonNull(rules, "rules")));
        managers = Set.copyOf(managers);
    }
}

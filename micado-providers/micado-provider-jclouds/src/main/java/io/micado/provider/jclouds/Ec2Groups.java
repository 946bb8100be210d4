package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jclouds.aws.ec2.options.CreateSecurityGroupOptions;

/**
 * The security groups that we own on EC2: one for each infrastructure and VPC, by a name that says whose it is, with the rules of the port plan.
 * Called by {@link Ec2Cloud} and {@link Ec2Launcher} on the threads of {@link Calls}. Thread-safe; groups are made and changed one at a time.
 */
final class Ec2Groups {
    private final String cloud;
    private final Ec2Session session;
    private final Map<InfrastructureId, PortPlan> plans = new HashMap<>();
    /** By infrastructure, then by VPC; the default one is "". */
    private final Map<InfrastructureId, Map<String, String>> known = new HashMap<>();

    private final Map<String, String> vpcOfSubnet = new HashMap<>();

    Ec2Groups(String cloud, Ec2Session session) {
        this.cloud = cloud;
        this.session = session;
    }

    /** Brings the groups that exist to a plan, and takes notice of it for those that launches make. */
    synchronized void plan(InfrastructureId infrastructure, PortPlan plan) {
        plans.put(infrastructure, plan);
        for (Xml group : describe(infrastructure, Optional.empty())) {
            bringTo(group, plan);
        }
    }

    /** {@return the group for machines in this subnet, made if there is none; empty as long as there is no plan} */
    synchronized Optional<String> groupFor(InfrastructureId infrastructure, Optional<String> subnet) {
        PortPlan plan = plans.get(infrastructure);
        if (plan == null) {
            return Optional.empty();
        }
        String vpc = subnet.map(this::vpcOf).orElse("");
        Map<String, String> byVpc = known.computeIfAbsent(infrastructure, i -> new HashMap<>());
        String id = byVpc.get(vpc);
        if (id == null) {
            id = findOrMake(infrastructure, vpc, plan);
            byVpc.put(vpc, id);
        }
        return Optional.of(id);
    }

    /** Looks again for groups when the next machine is launched. */
    synchronized void forget(InfrastructureId infrastructure) {
        known.remove(infrastructure);
    }

    /** {@return the groups of an infrastructure} */
    List<Leftover> all(InfrastructureId infrastructure, boolean inUse) {
        return describe(infrastructure, Optional.empty()).stream()
                .map(group -> new Leftover(cloud, Ec2Cloud.GROUP, group.requiredText("groupId"), false, inUse))
                .toList();
    }

    synchronized void remove(String id) {
        known.values().forEach(byVpc -> byVpc.values().remove(id));
        session.typed("removing security group " + id, api -> {
            api.getSecurityGroupApiForRegion(session.region())
                    .get()
                    .deleteSecurityGroupInRegionById(session.region(), id);
            return true;
        });
    }

    private String vpcOf(String subnet) {
        return vpcOfSubnet.computeIfAbsent(
                subnet,
                id -> session
                        .ask(
                                "looking up subnet " + id,
                                "DescribeSubnets",
                                new Ec2Form().list("SubnetId", List.of(id)).parameters())
                        .items("subnetSet")
                        .stream()
                        .findFirst()
                        .flatMap(found -> found.text("vpcId"))
                        .orElse(""));
    }

    private String findOrMake(InfrastructureId infrastructure, String vpc, PortPlan plan) {
        Optional<Xml> found = find(infrastructure, vpc);
        if (found.isEmpty()) {
            make(infrastructure, vpc);
            found = find(infrastructure, vpc);
        }
        Xml group = found.orElseThrow(() -> new MicadoException(
                ErrorKind.TRANSIENT,
                "the security group of " + infrastructure + " on cloud " + cloud + " was made but is not listed yet"));
        bringTo(group, plan);
        return group.requiredText("groupId");
    }

    private Optional<Xml> find(InfrastructureId infrastructure, String vpc) {
        return describe(infrastructure, vpc.isEmpty() ? Optional.empty() : Optional.of(vpc)).stream()
                .filter(group -> !vpc.isEmpty() || isInDefaultVpc(group))
                .findFirst();
    }

    /** Only where groups in several VPCs have the name does it matter which of them is the default one. */
    private boolean isInDefaultVpc(Xml group) {
        String vpc = group.text("vpcId").orElse("");
        return vpc.isEmpty() || vpc.equals(defaultVpc());
    }

    private String defaultVpc() {
        return session
                .ask(
                        "looking up the default VPC",
                        "DescribeVpcs",
                        new Ec2Form().filter("isDefault", List.of("true")).parameters())
                .items("vpcSet")
                .stream()
                .findFirst()
                .flatMap(vpc -> vpc.text("vpcId"))
                .orElse("");
    }

    private List<Xml> describe(InfrastructureId infrastructure, Optional<String> vpc) {
        Ec2Form form = new Ec2Form().filter("group-name", List.of(Ownership.groupName(infrastructure)));
        vpc.ifPresent(id -> form.filter("vpc-id", List.of(id)));
        return session.ask("looking up security groups", "DescribeSecurityGroups", form.parameters())
                .items("securityGroupInfo");
    }

    /** The name is unique in a VPC, so that two programs cannot make two. */
    private void make(InfrastructureId infrastructure, String vpc) {
        String name = Ownership.groupName(infrastructure);
        CreateSecurityGroupOptions options = new CreateSecurityGroupOptions();
        if (!vpc.isEmpty()) {
            options.vpcId(vpc);
        }
        try {
            String id = session.typed(
                    "making security group " + name,
                    api -> api.getSecurityGroupApiForRegion(session.region())
                            .get()
                            .createSecurityGroupInRegionAndReturnId(
                                    session.region(), name, "workers of MiCADO", options));
            Map<String, String> tags =
                    Map.of(Tags.FORMAT, Tags.FORMAT_VERSION, Tags.INFRASTRUCTURE, infrastructure.value(), "Name", name);
            session.typed("tagging security group " + id, api -> {
                api.getTagApiForRegion(session.region()).get().applyToResources(tags, List.of(id));
                return true;
            });
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.CONFLICT) {
                throw e;
            }
        }
    }

    private void bringTo(Xml group, PortPlan plan) {
        String id = group.requiredText("groupId");
        Set<Ec2PortRule> present = Ec2PortRule.of(group);
        Set<Ec2PortRule> wanted = Ec2PortRule.of(plan, id);
        List<Ec2PortRule> missing = new ArrayList<>(wanted);
        missing.removeAll(present);
        List<Ec2PortRule> surplus = new ArrayList<>(present);
        surplus.removeAll(wanted);
        if (!missing.isEmpty()) {
            apply("opening ports of " + id, "AuthorizeSecurityGroupIngress", id, missing);
        }
        if (!surplus.isEmpty()) {
            apply("closing ports of " + id, "RevokeSecurityGroupIngress", id, surplus);
        }
    }

    private void apply(String what, String action, String id, List<Ec2PortRule> rules) {
        Ec2Form form = new Ec2Form().set("GroupId", id);
        Ec2PortRule.parameters(rules).forEach(form::set);
        try {
            session.change(what, action, form.parameters());
        } catch (MicadoException e) {
            // Another program, or a former request whose answer was lost, has done the same; the next plan brings the
            // rest.
            if (e.kind() != ErrorKind.CONFLICT && e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}

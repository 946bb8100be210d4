package io.micado.provider.jclouds;

import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lists the machines and volumes of an infrastructure on EC2: filtered by the cloud, a thousand to a page. Called by {@link Ec2Cloud} on the
 * threads of {@link Calls}. Thread-safe.
 */
final class Ec2Lister {
    private static final String PAGE = "1000";
    /** A machine that is gone is listed for another hour, so that there is time to learn why. */
    private static final List<String> STATES =
            List.of("pending", "running", "shutting-down", "stopping", "stopped", "terminated");

    private static final List<String> EXISTING = STATES.subList(0, STATES.size() - 1);

    private final String cloud;
    private final Ec2Settings settings;
    private final Ec2Session session;

    Ec2Lister(String cloud, Ec2Settings settings, Ec2Session session) {
        this.cloud = cloud;
        this.settings = settings;
        this.session = session;
    }

    /**
     * What was found, and whether it was everything. Immutable.
     *
     * @param untagged the tags that machines lack, by the ids of the machines
     */
    record Found(List<Machine> machines, boolean complete, Map<String, Map<String, String>> untagged) {
        Found {
            machines = List.copyOf(machines);
            untagged = Map.copyOf(untagged);
        }
    }

    Found machines(InfrastructureId infrastructure) {
        Map<MachineId, Machine> found = new LinkedHashMap<>();
        boolean complete = pages(
                "listing machines",
                "DescribeInstances",
                new Ec2Form()
                        .filter("tag:" + Tags.INFRASTRUCTURE, List.of(infrastructure.value()))
                        .filter("instance-state-name", STATES),
                page -> instances(page).forEach(instance -> add(infrastructure, instance, found)));
        Map<String, Map<String, String>> untagged = new LinkedHashMap<>();
        if (!settings.tagsAtLaunch()) {
            complete &= addUntagged(infrastructure, found, untagged);
        }
        return new Found(List.copyOf(found.values()), complete, untagged);
    }

    private void add(InfrastructureId infrastructure, Xml instance, Map<MachineId, Machine> found) {
        Map<String, String> tags = Ec2Instance.tags(instance);
        if (Ownership.owns(infrastructure, tags, "machine " + instance.requiredText("instanceId"))) {
            Machine machine = Ec2Instance.machine(cloud, instance, tags);
            // Those that were ended on purpose are of no interest, and there may be many.
            if (machine.status().exists() || machine.failure().isPresent()) {
                found.put(machine.id(), machine);
            }
        }
    }

    /** Machines whose program died before it could tag them: their client token says whose they are. */
    private boolean addUntagged(
            InfrastructureId infrastructure, Map<MachineId, Machine> found, Map<String, Map<String, String>> untagged) {
        String prefix = Ec2Launcher.tokenPrefix(infrastructure);
        return pages(
                "listing machines by their tokens",
                "DescribeInstances",
                new Ec2Form().filter("client-token", List.of(prefix + "*")).filter("instance-state-name", EXISTING),
                page -> instances(page).forEach(instance -> {
                    String token = instance.text("clientToken").orElse("");
                    if (Ec2Instance.tags(instance).get(Tags.INFRASTRUCTURE) == null && token.startsWith(prefix)) {
                        Map<String, String> tags = tags(infrastructure, token.substring(prefix.length()));
                        Machine machine = Ec2Instance.machine(cloud, instance, tags);
                        found.putIfAbsent(machine.id(), machine);
                        untagged.put(machine.id().value(), tags);
                    }
                }));
    }

    private static Map<String, String> tags(InfrastructureId infrastructure, String worker) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
        tags.put(Tags.WORKER, worker);
        return tags;
    }

    /** Tags a machine by itself. */
    void tag(String id, Map<String, String> tags) {
        session.typed("tagging machine " + id, api -> {
            api.getTagApiForRegion(session.region()).get().applyToResources(tags, List.of(id));
            return true;
        });
    }

    /** {@return the volumes that machines of the infrastructure have left} */
    List<Leftover> volumes(InfrastructureId infrastructure) {
        List<Leftover> volumes = new ArrayList<>();
        pages(
                "listing volumes",
                "DescribeVolumes",
                new Ec2Form()
                        .filter("tag:" + Tags.INFRASTRUCTURE, List.of(infrastructure.value()))
                        .filter("status", List.of("available", "error")),
                page -> page.items("volumeSet")
                        .forEach(volume -> volumes.add(
                                new Leftover(cloud, Ec2Cloud.VOLUME, volume.requiredText("volumeId"), true, false))));
        return volumes;
    }

    private static List<Xml> instances(Xml page) {
        List<Xml> instances = new ArrayList<>();
        page.items("reservationSet").forEach(reservation -> instances.addAll(reservation.items("instancesSet")));
        return instances;
    }

    private boolean pages(String what, String action, Ec2Form form, Consumer<Xml> taker) {
        return session.pages(what, action, form.set("MaxResults", PAGE), taker);
    }

    /** {@return whether a machine holds on to the things that were made for it} */
    static boolean needsThings(Machine machine) {
        return machine.status() != MachineStatus.TERMINATED;
    }
}

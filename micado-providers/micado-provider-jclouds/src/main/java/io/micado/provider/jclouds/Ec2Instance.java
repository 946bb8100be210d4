package io.micado.provider.jclouds;

import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a machine from an {@code item} of an instances set of EC2. What the cloud leaves out stays unknown. Stateless. */
final class Ec2Instance {
    private Ec2Instance() {}

    static Machine machine(String cloud, Xml instance, Map<String, String> tags) {
        List<String> addresses = new ArrayList<>();
        instance.text("privateIpAddress").ifPresent(addresses::add);
        instance.text("ipAddress")
                .filter(address -> !addresses.contains(address))
                .ifPresent(addresses::add);
        Map<String, String> attributes = new LinkedHashMap<>();
        instance.text("placement", "availabilityZone").ifPresent(zone -> attributes.put("zone", zone));
        instance.text("instanceLifecycle").ifPresent(lifecycle -> attributes.put("lifecycle", lifecycle));
        instance.text("stateReason", "message").ifPresent(reason -> attributes.put("reason", reason));
        Machine.Builder machine = Machine.builder(
                        new MachineId(cloud, instance.requiredText("instanceId")), status(instance))
                .name(name(instance, tags))
                .instanceType(instance.text("instanceType").orElse(""))
                .addresses(addresses)
                .tags(tags)
                .attributes(attributes);
        instance.text("launchTime").flatMap(Ec2Instance::time).ifPresent(machine::launchedAt);
        return machine.build();
    }

    static Map<String, String> tags(Xml thing) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Xml tag : thing.items("tagSet")) {
            tags.put(tag.requiredText("key"), tag.text("value").orElse(""));
        }
        return tags;
    }

    /** {@return the host name, by which a node can be matched, or else the name for people} */
    private static String name(Xml instance, Map<String, String> tags) {
        Optional<String> host = instance.text("privateDnsName").map(name -> name.replaceFirst("\\..*", ""));
        return host.orElseGet(() -> tags.getOrDefault("Name", ""));
    }

    private static MachineStatus status(Xml instance) {
        return switch (instance.text("instanceState", "name").orElse("")) {
            case "running" -> MachineStatus.RUNNING;
            case "shutting-down" -> MachineStatus.TERMINATING;
            case "terminated" -> MachineStatus.TERMINATED;
            case "stopping", "stopped" -> MachineStatus.STOPPED;
            default -> MachineStatus.PENDING;
        };
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

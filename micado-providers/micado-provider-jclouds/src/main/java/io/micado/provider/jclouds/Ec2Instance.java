package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a machine from an {@code item} of an instances set of EC2. What the cloud leaves out stays unknown. Stateless. */
final class Ec2Instance {
    /** Who ends a machine on purpose gets no new one for it. */
    private static final Set<String> OF_SOMEBODYS_WILL =
            Set.of("Client.UserInitiatedShutdown", "Client.InstanceInitiatedShutdown", "Client.UserInitiatedHibernate");

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
        Machine.Builder machine = Machine.builder(
                        new MachineId(cloud, instance.requiredText("instanceId")), status(instance))
                .name(name(instance, tags))
                .instanceType(instance.text("instanceType").orElse(""))
                .addresses(addresses)
                .tags(tags)
                .attributes(attributes);
        instance.text("launchTime").flatMap(Ec2Instance::time).ifPresent(machine::launchedAt);
        failure(instance).ifPresent(machine::failure);
        return machine.build();
    }

    /**
     * {@return why EC2 ended it; empty when it did not} EC2 accepts a launch before it has the capacity, the volumes and the key for it. Codes are those of the
     * EC2 API reference, "StateReason".
     */
    private static Optional<MachineFailure> failure(Xml instance) {
        Optional<String> code = instance.text("stateReason", "code");
        if (status(instance) != MachineStatus.TERMINATED || code.isEmpty() || OF_SOMEBODYS_WILL.contains(code.get())) {
            return Optional.empty();
        }
        String message = instance.text("stateReason", "message").orElse(code.get());
        return Optional.of(new MachineFailure(
                Ec2Errors.kindOf(code.get().replaceFirst("^(Client|Server)\\.", ""))
                        .orElse(ErrorKind.INTERNAL),
                CloudErrors.presentable(message)));
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

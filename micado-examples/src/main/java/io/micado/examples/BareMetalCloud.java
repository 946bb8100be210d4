package io.micado.examples;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hosts of a {@link Rack} as a cloud; made by {@link BareMetalCloudProvider}, called by the engine on several threads. Thread-safe:
 * one call at a time, since a rack is small and two launches must not take the same host.
 */
final class BareMetalCloud implements Cloud {
    static final String INSTANCE_TYPE = "host";

    private final String name;
    private final List<String> hosts;
    private final Resources capacity;
    private final Rack rack;

    BareMetalCloud(String name, List<String> hosts, Resources capacity, Rack rack) {
        this.name = name;
        this.hosts = List.copyOf(hosts);
        this.capacity = capacity;
        this.rack = rack;
    }

    /** Each request succeeds or fails by itself. */
    @Override
    public synchronized List<LaunchResult> launch(List<LaunchRequest> requests) {
        List<LaunchResult> results = new ArrayList<>();
        for (LaunchRequest request : requests) {
            try {
                results.add(new LaunchResult.Launched(request.worker(), launch(request)));
            } catch (MicadoException e) {
                results.add(new LaunchResult.Failed(request.worker(), e));
            }
        }
        return List.copyOf(results);
    }

    private Machine launch(LaunchRequest request) {
        if (!request.offering().instanceType().equals(INSTANCE_TYPE)) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "cloud " + name + " has no instance type \""
                            + request.offering().instanceType() + "\", only \"" + INSTANCE_TYPE + "\"");
        }
        Map<String, Map<String, String>> on = rack.switchedOn();
        for (String host : hosts) {
            // The worker's id is the token by which a request that was sent before is known again.
            if (request.worker().value().equals(tag(on, host, Tags.WORKER))) {
                return machine(host, on.getOrDefault(host, Map.of()));
            }
        }
        String free = hosts.stream()
                .filter(host -> !on.containsKey(host))
                .findFirst()
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.INSUFFICIENT_CAPACITY,
                        "all " + hosts.size() + " hosts of cloud " + name
                                + " are in use; add hosts, or lower the pool's maximum"));
        rack.switchOn(free, request.tags(), request.join(), request.userData());
        return machine(free, request.tags());
    }

    /** Shows the hosts of this infrastructure only: others may share the rack. */
    @Override
    public synchronized MachineList list(InfrastructureId infrastructure) {
        Map<String, Map<String, String>> on = rack.switchedOn();
        return MachineList.of(hosts.stream()
                .filter(host -> infrastructure.value().equals(tag(on, host, Tags.INFRASTRUCTURE)))
                .map(host -> machine(host, on.getOrDefault(host, Map.of())))
                .toList());
    }

    /** A host that is off already, or was never there, is a success. */
    @Override
    public synchronized List<TerminateResult> terminate(Set<MachineId> machines) {
        List<TerminateResult> results = new ArrayList<>();
        for (MachineId machine : machines) {
            if (machine.cloud().equals(name) && hosts.contains(machine.value())) {
                rack.switchOff(machine.value());
            }
            results.add(TerminateResult.accepted(machine));
        }
        return List.copyOf(results);
    }

    @Override
    public List<Offering> offerings() {
        return List.of(Offering.builder(name, INSTANCE_TYPE).capacity(capacity).build());
    }

    @Override
    public Offering describe(Offering offering) {
        return offering.capacity().isPresent() ? offering : offering.withCapacity(capacity);
    }

    /** What is switched on shows in the next list, and the same worker never gets two hosts. */
    @Override
    public CloudTraits traits() {
        return CloudTraits.DEFAULT
                .withListLag(Duration.ZERO)
                .withIdempotentLaunch(true)
                .withUserDataLimit(0);
    }

    /** Does nothing; hosts stay as they are. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "cloud " + name + " of " + hosts.size() + " hosts";
    }

    private Machine machine(String host, Map<String, String> tags) {
        return Machine.builder(new MachineId(name, host), MachineStatus.RUNNING)
                .name(host)
                .instanceType(INSTANCE_TYPE)
                .addresses(List.of(host))
                .capacity(capacity)
                .tags(tags)
                .build();
    }

    private static String tag(Map<String, Map<String, String>> on, String host, String tag) {
        return on.getOrDefault(host, Map.of()).getOrDefault(tag, "");
    }
}

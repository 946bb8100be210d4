package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState.Mode;
import io.micado.api.spi.ClusterChange;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out what programs and people ask of services and nodes. Used under the lock of its {@link Swarm}. */
final class SwarmChanges {
    private final Swarm swarm;
    private final Runnable rotateToken;

    SwarmChanges(Swarm swarm, Runnable rotateToken) {
        this.swarm = swarm;
        this.rotateToken = rotateToken;
    }

    /** {@return the name of the {@link Effect}: {@code LabelNode} is {@code cluster.label-node}} */
    static String nameOf(ClusterChange change) {
        return "cluster."
                + change.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT);
    }

    void apply(ClusterChange change) {
        if (change instanceof ClusterChange.Deploy deploy) {
            deploy(deploy);
        } else if (change instanceof ClusterChange.Scale scale) {
            scale(scale);
        } else if (change instanceof ClusterChange.LabelService label) {
            label(swarm.service(label.service()), label.labels());
        } else if (change instanceof ClusterChange.Remove remove) {
            remove(remove.service());
        } else if (change instanceof ClusterChange.Rebalance rebalance) {
            startAnew(swarm.service(rebalance.service()));
        } else if (change instanceof ClusterChange.SetAvailability set) {
            SimulatedNode node = swarm.node(set.node());
            swarm.nodeLife.label(node, set.labels());
            swarm.nodeLife.setAvailability(node, set.availability());
        } else if (change instanceof ClusterChange.LabelNode label) {
            swarm.nodeLife.label(swarm.node(label.node()), label.labels());
        } else if (change instanceof ClusterChange.RemoveNode remove) {
            swarm.nodeLife.remove(remove.node());
        } else if (change instanceof ClusterChange.RotateJoinToken) {
            rotateToken.run();
        } else {
            throw new MicadoException(ErrorKind.UNSUPPORTED, "a simulated cluster cannot " + change);
        }
    }

    private void deploy(ClusterChange.Deploy deploy) {
        ServiceSpec spec = deploy.spec();
        SimulatedService service = swarm.services.get(spec.name());
        if (service == null) {
            create(spec, Mode.REPLICATED, Duration.ZERO, deploy.labels());
            return;
        }
        TaskTemplate template = TaskTemplate.of(spec);
        refusePortsInUse(spec, service);
        relabel(service, deploy.labelsOver(service.labels));
        if (!template.equals(service.template)) {
            service.template = template;
            startAnew(service);
        }
    }

    SimulatedService create(ServiceSpec spec, Mode mode, Duration jobTime, Map<String, String> labels) {
        TaskTemplate template = TaskTemplate.of(spec);
        refusePortsInUse(spec, null);
        SimulatedService service = new SimulatedService(spec.name(), swarm.nextId("service"), mode, jobTime, template);
        service.desired = mode == Mode.GLOBAL ? 0 : spec.initialReplicas();
        service.labels.putAll(new ClusterChange.Deploy(spec, labels).labelsOver(Map.of()));
        swarm.services.put(service.name, service);
        swarm.orchestrator.unsettled(service);
        swarm.touch(service);
        return service;
    }

    private void refusePortsInUse(ServiceSpec spec, @Nullable SimulatedService self) {
        List<PublishedPort> wanted = ingress(spec.ports());
        for (SimulatedService other : swarm.services.values()) {
            for (PublishedPort port : other == self ? List.<PublishedPort>of() : ingress(other.template.ports())) {
                if (wanted.stream()
                        .anyMatch(p -> p.published() == port.published() && p.protocol() == port.protocol())) {
                    throw new MicadoException(
                            ErrorKind.CONFIGURATION,
                            "service " + spec.name() + ": port " + port.published() + " is already in use by service "
                                    + other.name + " as an ingress port; choose another one");
                }
            }
        }
    }

    private static List<PublishedPort> ingress(List<PublishedPort> ports) {
        return ports.stream()
                .filter(port -> port.mode() == PublishedPort.Mode.INGRESS && port.published() != 0)
                .toList();
    }

    private void scale(ClusterChange.Scale change) {
        SimulatedService service = swarm.service(change.service());
        if (service.mode != Mode.REPLICATED) {
            throw new MicadoException(
                            ErrorKind.UNSUPPORTED,
                            "service " + service.name + " is " + service.mode + " and has no replicas to set")
                    .withTarget(service.name);
        }
        // One who asks again for what there is already gets it: his first answer may have been lost.
        if (service.desired != change.expected() && service.desired != change.replicas()) {
            throw new MicadoException(
                            ErrorKind.CONFLICT,
                            "service " + service.name + " is asked for " + service.desired + " replicas, not for "
                                    + change.expected() + " as expected: read it again")
                    .withTarget(service.name);
        }
        label(service, change.labels());
        setReplicas(service, change.replicas());
    }

    void setReplicas(SimulatedService service, int replicas) {
        if (service.desired != replicas) {
            service.desired = replicas;
            swarm.touch(service);
            swarm.orchestrator.unsettled(service);
        }
    }

    private void relabel(SimulatedService service, Map<String, String> all) {
        if (!service.labels.equals(all)) {
            service.labels.clear();
            service.labels.putAll(all);
            swarm.touch(service);
        }
    }

    private void label(SimulatedService service, Map<String, String> labels) {
        if (Labels.set(service.labels, labels)) {
            swarm.touch(service);
        }
    }

    void remove(String name) {
        SimulatedService service = swarm.services.remove(name);
        if (service != null) {
            swarm.leaving.add(service);
            List.copyOf(service.tasks).forEach(swarm.tasks::stop);
            if (service.tasks.isEmpty()) {
                swarm.leaving.remove(service);
            }
            swarm.touch(service);
        }
    }

    private void startAnew(SimulatedService service) {
        service.generation++;
        service.updating = true;
        service.updateStep = null;
        swarm.touch(service);
        swarm.orchestrator.unsettled(service);
    }
}

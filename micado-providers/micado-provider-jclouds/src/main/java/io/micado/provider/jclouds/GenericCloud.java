package io.micado.provider.jclouds;

import com.google.common.base.Throwables;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.TerminateResult;
import io.micado.api.spi.UserData;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jclouds.azurecompute.arm.compute.options.AzureTemplateOptions;
import org.jclouds.cloudstack.compute.options.CloudStackTemplateOptions;
import org.jclouds.compute.ComputeService;
import org.jclouds.compute.ComputeServiceContext;
import org.jclouds.compute.RunNodesException;
import org.jclouds.compute.domain.Hardware;
import org.jclouds.compute.domain.NodeMetadata;
import org.jclouds.compute.domain.Processor;
import org.jclouds.compute.domain.Template;
import org.jclouds.compute.domain.TemplateBuilder;
import org.jclouds.compute.options.TemplateOptions;
import org.jclouds.digitalocean2.compute.options.DigitalOcean2TemplateOptions;
import org.jclouds.ec2.compute.options.EC2TemplateOptions;
import org.jclouds.googlecomputeengine.compute.options.GoogleComputeEngineTemplateOptions;
import org.jclouds.openstack.nova.v2_0.compute.options.NovaTemplateOptions;
import org.jclouds.packet.compute.options.PacketTemplateOptions;
import org.jclouds.softlayer.compute.options.SoftLayerTemplateOptions;
import org.slf4j.LoggerFactory;

/**
 * An account on a cloud that jclouds' ComputeService serves: what all of them can do and no more. Opened by {@link GenericProvider}, called by the
 * engine off the loop thread. Thread-safe.
 *
 * <p>Machines are known again by marks of our own, else by their names ({@link GenericMarks}), never by jclouds' groups. ComputeService lists all machines
 * of the account and makes several requests for a launch: {@code nova} is better served by its own type, and EC2, where names come in a
 * second request as well, by its own alone.
 */
final class GenericCloud implements Cloud {
    private static final String GROUP = "micado";

    private final String name;
    private final GenericSettings settings;
    private final CloudErrors errors;
    private final Calls calls;
    private final Lazy<ComputeServiceContext> context;

    GenericCloud(GenericSettings settings, PluginContext plugin) {
        this(
                settings,
                plugin,
                () -> Contexts.openCompute(
                        settings, plugin.timekeeper(), LoggerFactory.getLogger(plugin.loggerName())));
    }

    /** @param opened opens the connection when it is first needed */
    GenericCloud(GenericSettings settings, PluginContext plugin, Supplier<ComputeServiceContext> opened) {
        name = plugin.instanceName();
        this.settings = settings;
        errors = new CloudErrors(name, new GenericErrors(), plugin.timekeeper());
        calls = new Calls(name, plugin.timekeeper(), errors, settings.limits());
        context = new Lazy<>(opened);
    }

    @Override
    public CloudTraits traits() {
        return CloudTraits.DEFAULT
                .withListLag(settings.limits().listLag())
                .withMaxConcurrentCalls(settings.limits().concurrent());
    }

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return calls.each(
                requests,
                request -> "launching worker " + request.worker(),
                request -> new LaunchResult.Launched(request.worker(), launch(request)),
                (request, error) -> new LaunchResult.Failed(request.worker(), error));
    }

    private Machine launch(LaunchRequest request) {
        String what = "launching worker " + request.worker();
        ComputeService compute = compute();
        Template template;
        try {
            template = template(compute, request);
        } catch (RuntimeException e) {
            throw errors.explain(what, false, e);
        }
        try {
            NodeMetadata node =
                    compute.createNodesInGroup(GROUP, 1, template).iterator().next();
            return machine(node, request.tags());
        } catch (RunNodesException e) {
            // What jclouds could not do to a machine that exists does not make it go away.
            return Stream.concat(e.getSuccessfulNodes().stream(), e.getNodeErrors().keySet().stream())
                    .findFirst()
                    .map(node -> machine(node, request.tags()))
                    .orElseThrow(() -> unsure(what, reason(e)));
        } catch (RuntimeException e) {
            throw unsure(what, e);
        }
    }

    private static RuntimeException reason(RunNodesException failure) {
        return failure.getExecutionErrors().values().stream()
                .findFirst()
                .map(cause -> cause instanceof RuntimeException unchecked ? unchecked : new RuntimeException(cause))
                .orElseGet(() -> new IllegalStateException("no node and no reason"));
    }

    /**
     * {@return a failure of the call that makes a machine} jclouds sends several requests in it and does not tell which of them failed: unless it could
     * not even log in, the machine may exist, whatever was refused.
     */
    private MicadoException unsure(String what, RuntimeException failure) {
        MicadoException told = errors.explain(what, true, failure);
        boolean atLogin = Throwables.getCausalChain(failure).stream()
                .anyMatch(cause -> (cause instanceof Refusal refusal && refusal.login())
                        || (cause instanceof NoAnswer lost && lost.login()));
        return atLogin || told.kind() == ErrorKind.OUTCOME_UNKNOWN
                ? told
                : new MicadoException(
                        ErrorKind.OUTCOME_UNKNOWN, told.getMessage() + "; whether the machine exists is not known");
    }

    private static Template template(ComputeService compute, LaunchRequest request) {
        GenericMachine machine = GenericMachine.from(request.offering().settings());
        TemplateBuilder builder = compute.templateBuilder()
                .imageId(machine.image())
                .hardwareId(request.offering().instanceType());
        machine.location().or(request.offering()::zone).ifPresent(builder::locationId);
        Template template = builder.build();
        TemplateOptions options = template.getOptions();
        options.blockUntilRunning(false)
                .inboundPorts()
                .nodeNames(List.of(GenericMarks.name(request)))
                .userMetadata(GenericMarks.metadata(request))
                .tags(GenericMarks.tags(request));
        if (!machine.networks().isEmpty()) {
            options.networks(machine.networks());
        }
        request.userData().ifPresent(secret -> giveUserData(options, secret));
        return template;
    }

    private static void giveUserData(TemplateOptions options, Secret secret) {
        byte[] bytes = UserData.fit(secret, CloudTraits.DEFAULT.userDataLimit());
        String text = secret.reveal(); // some clouds take text only, which cannot be compressed
        if (options instanceof EC2TemplateOptions ec2) {
            ec2.userData(bytes);
        } else if (options instanceof NovaTemplateOptions nova) {
            nova.userData(bytes);
        } else if (options instanceof CloudStackTemplateOptions cloudStack) {
            cloudStack.userData(bytes);
        } else if (options instanceof DigitalOcean2TemplateOptions digitalOcean) {
            digitalOcean.userData(bytes);
        } else if (options instanceof AzureTemplateOptions azure) {
            azure.customData(text);
        } else if (options instanceof PacketTemplateOptions packet) {
            packet.userData(text);
        } else if (options instanceof SoftLayerTemplateOptions softLayer) {
            softLayer.userData(text);
        } else if (options instanceof GoogleComputeEngineTemplateOptions google) {
            google.userMetadata("user-data", text);
        } else {
            throw new MicadoException(
                    ErrorKind.UNSUPPORTED,
                    "jclouds gives no user data to machines of this cloud; use an image that joins by itself, and the "
                            + "bootstrap that leaves it to the cloud");
        }
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        return calls.read("listing", () -> {
            List<Machine> machines = new ArrayList<>();
            for (NodeMetadata node : compute().listNodesDetailsMatching(any -> true)) {
                Map<String, String> tags = GenericMarks.read(node, infrastructure);
                if (Ownership.owns(infrastructure, tags, "machine " + node.getId())) {
                    machines.add(machine(node, tags));
                }
            }
            return MachineList.of(machines);
        });
    }

    private Machine machine(NodeMetadata node, Map<String, String> tags) {
        List<String> addresses = new ArrayList<>(node.getPrivateAddresses());
        addresses.addAll(node.getPublicAddresses());
        Machine.Builder machine = Machine.builder(new MachineId(name, node.getId()), status(node))
                .name(String.valueOf(node.getName() == null ? "" : node.getName()))
                .addresses(addresses)
                .tags(tags);
        Hardware hardware = node.getHardware();
        if (hardware != null) {
            machine.instanceType(hardware.getId());
            size(hardware).ifPresent(machine::capacity);
        }
        return machine.build();
    }

    private static Optional<Resources> size(Hardware hardware) {
        double cores = hardware.getProcessors().stream()
                .mapToDouble(Processor::getCores)
                .sum();
        return cores > 0 && hardware.getRam() > 0
                ? Optional.of(Resources.of(cores, (long) hardware.getRam() << 20))
                : Optional.empty();
    }

    @Override
    public List<Offering> offerings() {
        return calls.read("listing hardware", () -> {
            List<Offering> offerings = new ArrayList<>();
            for (Hardware hardware : compute().listHardwareProfiles()) {
                size(hardware)
                        .ifPresent(size -> offerings.add(Offering.builder(name, hardware.getId())
                                .capacity(size)
                                .build()));
            }
            return offerings;
        });
    }

    @Override
    public Offering describe(Offering offering) {
        return offerings().stream()
                .filter(known -> known.instanceType().equals(offering.instanceType()))
                .findFirst()
                .flatMap(Offering::capacity)
                .map(offering::withCapacity)
                .orElse(offering);
    }

    private static MachineStatus status(NodeMetadata node) {
        return switch (node.getStatus()) {
            case PENDING -> MachineStatus.PENDING;
            case TERMINATED -> MachineStatus.TERMINATED;
            case SUSPENDED -> MachineStatus.STOPPED;
            case ERROR -> MachineStatus.ERROR;
            case RUNNING, UNRECOGNIZED -> MachineStatus.RUNNING;
        };
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        return calls.each(
                machines.stream().sorted().toList(),
                machine -> "terminating machine " + machine,
                machine -> {
                    try {
                        compute().destroyNode(machine.value());
                    } catch (RuntimeException e) {
                        MicadoException error = errors.explain("terminating machine " + machine, true, e);
                        if (error.kind() != ErrorKind.NOT_FOUND) {
                            throw error;
                        }
                    }
                    return TerminateResult.accepted(machine);
                },
                TerminateResult::failed);
    }

    /** {@return jclouds' own view of the account; it opens the connection when it is asked for the first time} */
    ComputeService compute() {
        return context.get().getComputeService();
    }

    @Override
    public void close() {
        calls.close();
        context.take().ifPresent(ComputeServiceContext::close);
    }

    @Override
    public String toString() {
        return "cloud " + name + " on jclouds' " + settings.provider();
    }
}

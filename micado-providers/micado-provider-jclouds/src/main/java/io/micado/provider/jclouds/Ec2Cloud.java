package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * An account on EC2. Opened by {@link Ec2Provider}, called by the engine off the loop thread. Thread-safe.
 *
 * <p>One request launches one machine, so that each has a client token of its own: {@code INFRASTRUCTURE/WORKER}. A launch that is
 * repeated by mistake makes no second machine.
 */
final class Ec2Cloud implements Cloud {
    static final String GROUP = "security-group";
    static final String VOLUME = "volume";

    private final String name;
    private final CloudTraits traits;
    private final Calls calls;
    private final Ec2Session session;
    private final Ec2Groups groups;
    private final Ec2Launcher launcher;
    private final Ec2Lister lister;
    private final Ec2Terminator terminator;
    private final Ec2Types types;
    private final LeftoverWatch leftovers;
    private final LeftoverSearch.Warned warned;
    /** What the latest list has shown, and {@link #finish} works on. */
    private final Map<InfrastructureId, Map<String, Map<String, String>>> untagged = new ConcurrentHashMap<>();

    Ec2Cloud(Ec2Settings settings, PluginContext context) {
        name = context.instanceName();
        traits = CloudTraits.DEFAULT
                .withListLag(settings.limits().listLag())
                .withIdempotentLaunch(settings.clientTokens())
                .withOpensPorts(true)
                .withMaxConcurrentCalls(settings.limits().concurrent());
        CloudErrors errors = new CloudErrors(name, new Ec2Errors(), context.timekeeper());
        calls = new Calls(name, context.timekeeper(), errors, settings.limits());
        session = new Ec2Session(settings, context.timekeeper(), LoggerFactory.getLogger(context.loggerName()), errors);
        groups = new Ec2Groups(name, session);
        launcher = new Ec2Launcher(name, settings, session, groups);
        lister = new Ec2Lister(name, settings, session);
        terminator = new Ec2Terminator(session);
        types = new Ec2Types(name, session);
        leftovers = new LeftoverWatch(context.timekeeper());
        warned = new LeftoverSearch.Warned(context.warnings());
    }

    @Override
    public CloudTraits traits() {
        return traits;
    }

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return calls.each(
                requests,
                request -> "launching worker " + request.worker(),
                request -> new LaunchResult.Launched(request.worker(), launcher.launch(request)),
                (request, error) -> {
                    leftovers.expectSome();
                    return new LaunchResult.Failed(request.worker(), error);
                });
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        return calls.read("listing", () -> {
            Ec2Lister.Found found = lister.machines(infrastructure);
            boolean inUse = found.machines().stream().anyMatch(Ec2Lister::needsThings);
            LeftoverSearch others = warned.begin();
            if (leftovers.isDue(inUse)) {
                others.look("security groups", () -> groups.all(infrastructure, inUse));
                others.look("volumes", () -> lister.volumes(infrastructure));
            }
            untagged.put(infrastructure, found.untagged());
            return others.with(
                    found.machines(), found.complete(), !found.untagged().isEmpty());
        });
    }

    @Override
    public void finish(InfrastructureId infrastructure) {
        Map<String, Map<String, String>> lacking = untagged.getOrDefault(infrastructure, Map.of());
        if (!lacking.isEmpty()) {
            calls.write("tagging machines", () -> {
                lacking.forEach(lister::tag);
                return true;
            });
        }
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        if (machines.isEmpty()) {
            return List.of();
        }
        leftovers.expectSome();
        List<MachineId> ids = machines.stream().sorted().toList();
        try {
            return calls.write("terminating " + ids.size() + " machines", () -> terminator.terminate(ids));
        } catch (MicadoException e) {
            return ids.stream().map(id -> TerminateResult.failed(id, e)).toList();
        }
    }

    @Override
    public void remove(Set<Leftover> unneeded) {
        for (Leftover leftover : unneeded) {
            calls.write("removing " + leftover, () -> {
                removeOne(leftover);
                return true;
            });
        }
    }

    private void removeOne(Leftover leftover) {
        try {
            if (leftover.kind().equals(GROUP)) {
                groups.remove(leftover.id());
            } else if (leftover.kind().equals(VOLUME)) {
                session.typed("removing volume " + leftover.id(), api -> {
                    api.getElasticBlockStoreApiForRegion(session.region())
                            .get()
                            .deleteVolumeInRegion(session.region(), leftover.id());
                    return true;
                });
            }
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public List<Offering> offerings() {
        return calls.read("listing instance types", types::all);
    }

    /** A cloud that does not tell the sizes of its instance types leaves it to the configuration. */
    @Override
    public Offering describe(Offering offering) {
        if (offering.capacity().isPresent()) {
            return offering;
        }
        Optional<Resources> size;
        try {
            size = calls.read("looking up " + offering.instanceType(), () -> types.size(offering.instanceType()));
        } catch (MicadoException e) {
            if (e.kind() == ErrorKind.UNSUPPORTED) {
                return offering;
            }
            throw e;
        }
        return size.map(offering::withCapacity).orElse(offering);
    }

    @Override
    public void openPorts(InfrastructureId infrastructure, PortPlan plan) {
        calls.write("opening ports", () -> {
            groups.plan(infrastructure, plan);
            return true;
        });
    }

    @Override
    public void close() {
        calls.close();
        session.close();
    }

    @Override
    public String toString() {
        return "cloud " + name + " on EC2, region " + session.region();
    }
}

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
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * An account on an OpenStack cloud. Opened by {@link NovaProvider}, called by the engine off the loop thread. Thread-safe.
 */
final class NovaCloud implements Cloud {
    static final String GROUP = "security-group";
    static final String FLOATING_IP = "floating-ip";
    static final String VOLUME = "volume";

    private final String name;
    private final NovaSettings settings;
    private final CloudTraits traits;
    private final Calls calls;
    private final NovaSession session;
    private final NovaNames names;
    private final NovaGroups groups;
    private final NovaLauncher launcher;
    private final NovaServers servers;
    private final FloatingIps floatingIps;
    private final NovaVolumes volumes;
    private final LeftoverWatch leftovers;
    private final LeftoverSearch.Warned warned;
    /** What the latest list has shown, and {@link #finish} works on. */
    private final Map<InfrastructureId, List<NovaServers.Server>> listed = new ConcurrentHashMap<>();

    private final Set<WorkerId> launching = ConcurrentHashMap.newKeySet();

    NovaCloud(NovaSettings settings, PluginContext context) {
        name = context.instanceName();
        this.settings = settings;
        traits = NovaLauncher.traits(settings.limits());
        CloudErrors errors = new CloudErrors(name, new NovaErrors(), context.timekeeper());
        calls = new Calls(name, context.timekeeper(), errors, settings.limits());
        session =
                new NovaSession(settings, context.timekeeper(), LoggerFactory.getLogger(context.loggerName()), errors);
        names = new NovaNames(name, session);
        groups = new NovaGroups(name, session);
        launcher = new NovaLauncher(name, session, names, groups);
        servers = new NovaServers(name, session, names);
        floatingIps = new FloatingIps(name, session, names, calls, context.warnings());
        volumes = new NovaVolumes(
                name, session, context.timekeeper(), settings.limits().listLag());
        leftovers = new LeftoverWatch(context.timekeeper());
        warned = new LeftoverSearch.Warned(context.warnings());
    }

    @Override
    public CloudTraits traits() {
        return traits;
    }

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        requests.forEach(request -> launching.add(request.worker()));
        try {
            return calls.each(
                    requests,
                    request -> "launching worker " + request.worker(),
                    request -> new LaunchResult.Launched(request.worker(), launcher.launch(request)),
                    (request, error) -> {
                        leftovers.expectSome();
                        return new LaunchResult.Failed(request.worker(), error);
                    });
        } finally {
            requests.forEach(request -> launching.remove(request.worker()));
        }
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        Set<WorkerId> beingLaunched = Set.copyOf(launching);
        return calls.read("listing", () -> {
            NovaServers.Found found = servers.of(infrastructure);
            List<Machine> machines =
                    found.servers().stream().map(NovaServers.Server::machine).toList();
            boolean inUse = machines.stream().anyMatch(machine -> machine.status() != MachineStatus.TERMINATED);
            boolean look = leftovers.isDue(inUse);
            LeftoverSearch others = warned.begin();
            if (look) {
                others.look("volumes", () -> volumes.leftovers(infrastructure, found.servers()));
                others.look("security groups", () -> groups.all(infrastructure, inUse));
            }
            // Half a list would take the addresses of the other half for leftovers.
            if (look && found.complete()) {
                others.look(
                        "floating IPs", () -> floatingIps.leftovers(infrastructure, found.servers(), beingLaunched));
            }
            listed.put(infrastructure, found.servers());
            return others.with(machines, found.complete(), isUnfinished(found.servers()));
        });
    }

    private boolean isUnfinished(List<NovaServers.Server> servers) {
        return servers.stream().anyMatch(FloatingIps::isMissing) || volumes.anyUnmarked(servers);
    }

    @Override
    public void finish(InfrastructureId infrastructure) {
        List<NovaServers.Server> servers = listed.getOrDefault(infrastructure, List.of());
        if (isUnfinished(servers)) {
            calls.write("finishing machines", () -> {
                try {
                    floatingIps.give(infrastructure, servers);
                } finally {
                    volumes.mark(infrastructure, servers);
                }
                return true;
            });
        }
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        leftovers.expectSome();
        return calls.each(
                machines.stream().sorted().toList(),
                machine -> "terminating machine " + machine,
                machine -> {
                    deleted(() -> session.typed(
                            "terminating machine " + machine,
                            true,
                            api -> api.getServerApi(NovaSession.REGION).delete(machine.value())));
                    return TerminateResult.accepted(machine);
                },
                TerminateResult::failed);
    }

    @Override
    public void remove(Set<Leftover> unneeded) {
        for (Leftover leftover : unneeded) {
            calls.write("removing " + leftover, () -> {
                deleted(() -> {
                    switch (leftover.kind()) {
                        case GROUP -> groups.remove(leftover.id());
                        case FLOATING_IP -> floatingIps.remove(leftover.id());
                        case VOLUME -> volumes.remove(leftover.id());
                        default ->
                            throw new MicadoException(
                                    ErrorKind.UNSUPPORTED, "OpenStack has no " + leftover.kind() + " of ours");
                    }
                });
                return true;
            });
        }
    }

    /** What does not exist need not be deleted. */
    private static void deleted(Runnable deletion) {
        try {
            deletion.run();
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public List<Offering> offerings() {
        return calls.read("listing flavors", names::offerings);
    }

    @Override
    public Offering describe(Offering offering) {
        Optional<Resources> size =
                calls.read("looking up " + offering.instanceType(), () -> names.size(offering.instanceType()));
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
        return "cloud " + name + " on OpenStack at " + settings.endpoint().getHost();
    }
}

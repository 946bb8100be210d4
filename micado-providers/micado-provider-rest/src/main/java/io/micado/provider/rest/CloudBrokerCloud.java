package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.TerminateResult;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import io.micado.provider.http.XmlElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An account on a CloudBroker Platform. Opened by {@link CloudBrokerProvider}, called by the engine off the loop thread. Thread-safe.
 *
 * <p>An instance is ours by its name ({@link Mark}), which goes out with the request that makes it. Where a platform does not give names
 * back, this program still knows what it launched itself, and warns.
 */
final class CloudBrokerCloud implements Cloud {
    static final int AT_A_TIME = 8;
    private static final CloudTraits TRAITS = CloudTraits.DEFAULT;
    /** How long an instance is listed that the platform has ended by itself. */
    private static final Duration NEWS = Duration.ofMinutes(10);

    private final String name;
    private final HttpClient http;
    private final Fanout fanout;
    private final Timekeeper timekeeper;
    private final CloudClock clock;
    private final Consumer<String> warnings;
    private final Map<String, Mark> launched = new ConcurrentHashMap<>();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> endedSince = new ConcurrentHashMap<>();
    private final InstanceTypes types = new InstanceTypes();
    private final AtomicBoolean warnedOfNames = new AtomicBoolean();

    CloudBrokerCloud(PluginContext context, HttpClient http) {
        name = context.instanceName();
        this.http = http;
        warnings = context.warnings();
        timekeeper = context.timekeeper();
        fanout = new Fanout(context.timekeeper(), "cloudbroker " + name, AT_A_TIME);
        clock = new CloudClock(name, http, warnings);
    }

    @Override
    public CloudTraits traits() {
        return TRAITS;
    }

    @Override
    public Offering describe(Offering offering) {
        types.note(CloudBrokerInstance.instanceType(offering), offering);
        return offering;
    }

    // ---- launching

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return fanout.each(
                requests,
                request -> new LaunchResult.Launched(request.worker(), launch(request)),
                (request, error) -> new LaunchResult.Failed(request.worker(), error));
    }

    private Machine launch(LaunchRequest request) {
        describe(request.offering());
        Optional<EncodedUserData> userData = EncodedUserData.of(request, TRAITS.userDataLimit());
        XmlElement asked = CloudBrokerInstance.asked(request, userData.map(EncodedUserData::base64));
        HttpRequest post = HttpRequest.post("/instances.xml").body("application/xml", asked.document());
        HttpResponse answer = http.call(userData.map(data -> data.hide(post)).orElse(post));
        XmlElement made = answer.xml();
        String id = CloudBrokerInstance.id(made).orElseThrow(() -> answer.unreadable("names no instance id"));
        Mark mark = Mark.of(request);
        launched.put(id, mark);
        return CloudBrokerInstance.machine(name, id, made, mark, types);
    }

    // ---- listing

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        HttpResponse answer = http.call(HttpRequest.get("/instances.xml"));
        clock.check();
        List<Machine> machines = new ArrayList<>();
        for (XmlElement instance : instances(answer)) {
            String id = CloudBrokerInstance.id(instance)
                    .orElseThrow(() -> answer.unreadable("lists an instance without id"));
            if (CloudBrokerInstance.status(instance).exists()) {
                mark(id, instance, infrastructure)
                        .map(mark -> CloudBrokerInstance.machine(name, id, instance, mark, types))
                        .ifPresent(machines::add);
            } else {
                ended(id, instance)
                        .filter(machine ->
                                infrastructure.value().equals(machine.tags().get(Tags.INFRASTRUCTURE)))
                        .ifPresent(machines::add);
            }
        }
        return MachineList.of(machines);
    }

    /** {@return an instance that this program launched and did not stop, for as long as it takes everybody to notice} The platform gives no reason. */
    private Optional<Machine> ended(String id, XmlElement instance) {
        Mark mark = launched.get(id);
        if (mark == null) {
            return Optional.empty();
        }
        long now = timekeeper.nanoTime();
        boolean old = now - endedSince.computeIfAbsent(id, first -> now) > NEWS.toNanos();
        if (old || stopped.contains(id)) {
            launched.remove(id);
            endedSince.remove(id);
            stopped.remove(id);
            return Optional.empty();
        }
        return Optional.of(CloudBrokerInstance.machine(name, id, instance, mark, types));
    }

    private static List<XmlElement> instances(HttpResponse answer) {
        XmlElement root = answer.xml();
        // An empty list of Rails is <nil-classes type="array"/>.
        if (!root.name().equals("instances") && !root.name().equals("nil-classes")) {
            throw answer.unreadable("lists no instances");
        }
        return root.all("instance");
    }

    private Optional<Mark> mark(String id, XmlElement instance, InfrastructureId infrastructure) {
        String nameGiven = CloudBrokerInstance.name(instance);
        Optional<Mark> told = Mark.parse(nameGiven, infrastructure);
        Mark remembered = launched.get(id);
        if (Mark.parse(nameGiven).isEmpty() && remembered != null && warnedOfNames.compareAndSet(false, true)) {
            warnings.accept(
                    "cloud " + name + " does not give back the names of instances: after a restart of this program,"
                            + " running instances such as " + id + " would not be recognised and would go on to cost");
        }
        return told.or(() -> Optional.ofNullable(remembered)
                .filter(mark -> mark.infrastructure().equals(infrastructure)));
    }

    // ---- terminating

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        return fanout.each(List.copyOf(machines), this::terminate, TerminateResult::failed);
    }

    private TerminateResult terminate(MachineId machine) {
        if (launched.containsKey(machine.value())) {
            stopped.add(machine.value());
        }
        try {
            http.call(HttpRequest.put("/instances/{}/stop", machine.value()));
        } catch (MicadoException e) {
            if (!isGone(machine, e.kind())) {
                throw e;
            }
        }
        return TerminateResult.accepted(machine);
    }

    /** {@return whether the refusal to stop it means that it is stopped, or about to be} */
    private boolean isGone(MachineId machine, ErrorKind refusal) {
        if (refusal == ErrorKind.CONFLICT || refusal == ErrorKind.CONFIGURATION) {
            try {
                HttpResponse answer = http.call(HttpRequest.get("/instances/{}.xml", machine.value()));
                return switch (CloudBrokerInstance.status(answer.xml())) {
                    case TERMINATING, TERMINATED -> true;
                    default -> false;
                };
            } catch (MicadoException e) {
                return e.kind() == ErrorKind.NOT_FOUND;
            }
        }
        return refusal == ErrorKind.NOT_FOUND;
    }

    @Override
    public void close() {
        fanout.close();
        http.close();
    }

    @Override
    public String toString() {
        return "cloud " + name + " (cloudbroker)";
    }
}

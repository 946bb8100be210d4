package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An account on a cloud with OCCI. Opened by {@link OcciProvider}, called by the engine off the loop thread. Thread-safe.
 *
 * <p>A machine is ours by its title ({@link Mark}), which goes out with the request that makes it. A list in the text rendering names places
 * only; so each list asks for every machine of ours, a few at a time, and once for each machine of others.
 */
final class OcciCloud implements Cloud {
    /** Each list reads every machine of ours, so many at a time; what costs is sent more slowly. */
    static final int READS_AT_A_TIME = 32;

    private static final int EFFECTS_AT_A_TIME = 8;
    private static final String TEXT = "text/plain";
    private static final CloudTraits TRAITS = CloudTraits.DEFAULT;

    private final String name;
    private final HttpClient http;
    private final Fanout effects;
    private final Fanout reads;
    private final CloudClock clock;
    /** Machines of others, whose titles need not be read again. */
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();
    /** Machines that were seen running. */
    private final Set<String> ran = ConcurrentHashMap.newKeySet();

    private final InstanceTypes types = new InstanceTypes();
    /** By resource template: sizes as machines told them. */
    private final Map<String, Resources> sizes = new ConcurrentHashMap<>();

    private volatile @Nullable OcciModel model;

    OcciCloud(PluginContext context, HttpClient http) {
        name = context.instanceName();
        this.http = http;
        effects = new Fanout(context.timekeeper(), "occi " + name, EFFECTS_AT_A_TIME);
        reads = new Fanout(context.timekeeper(), "occi list " + name, READS_AT_A_TIME);
        clock = new CloudClock(name, http, context.warnings());
    }

    @Override
    public CloudTraits traits() {
        return TRAITS;
    }

    /** {@return with the size that the server tells of its resource template, else of machines of that template} */
    @Override
    public Offering describe(Offering offering) {
        String term = term(offering);
        types.note(term, offering);
        if (offering.capacity().isPresent()) {
            return offering;
        }
        Optional<Resources> size = OcciSizes.of(http, term).or(() -> Optional.ofNullable(sizes.get(term)));
        return size.map(offering::withCapacity).orElse(offering);
    }

    private static String term(Offering offering) {
        String template = OcciCompute.resourceTemplate(offering);
        return template.substring(template.indexOf('#') + 1);
    }

    // ---- launching

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return effects.each(
                requests,
                request -> new LaunchResult.Launched(request.worker(), launch(request)),
                (request, error) -> new LaunchResult.Failed(request.worker(), error));
    }

    private Machine launch(LaunchRequest request) {
        types.note(term(request.offering()), request.offering());
        Optional<EncodedUserData> userData = EncodedUserData.of(request, TRAITS.userDataLimit());
        String asked = asked(request, userData.map(EncodedUserData::base64));
        HttpRequest post = text(HttpRequest.post("/compute/")).body(TEXT, asked);
        HttpResponse answer = http.call(userData.map(data -> data.hide(post)).orElse(post));
        String id = OcciText.of(answer).locations().stream()
                .findFirst()
                .flatMap(OcciCloud::id)
                .orElseThrow(() -> answer.unreadable("names no place of what was made"));
        return Machine.builder(new MachineId(name, id), MachineStatus.PENDING)
                .name(request.worker().value())
                .tags(Mark.of(request).tags())
                .instanceType(request.offering().instanceType())
                .build();
    }

    /** Templates come and go: one that is not known is looked for once more. */
    private String asked(LaunchRequest request, Optional<String> userData) {
        OcciModel known = model;
        if (known != null) {
            try {
                return OcciCompute.asked(request, known, userData);
            } catch (MicadoException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return OcciCompute.asked(request, discover(known), userData);
    }

    private synchronized OcciModel discover(@Nullable OcciModel outdated) {
        OcciModel known = model;
        if (known != null && !known.equals(outdated)) {
            return known; // another launch has just asked
        }
        HttpResponse answer = http.call(text(HttpRequest.get("/-/")));
        OcciModel found = new OcciModel(OcciText.of(answer).categories());
        if (found.categories().isEmpty()) {
            throw answer.unreadable("holds no category of OCCI");
        }
        model = found;
        return found;
    }

    // ---- listing

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        HttpResponse answer = http.call(text(HttpRequest.get("/compute/")));
        clock.check();
        Set<String> ids = new LinkedHashSet<>();
        for (String location : OcciText.of(answer).locations()) {
            ids.add(id(location).orElseThrow(() -> answer.unreadable("lists a place without an id")));
        }
        if (ids.isEmpty() && !answer.text().strip().matches("(OK)?")) {
            throw answer.unreadable("is no list of places in OCCI's text rendering");
        }
        foreign.retainAll(ids);
        ran.retainAll(ids);
        List<String> unknown = ids.stream().filter(id -> !foreign.contains(id)).toList();
        List<Machine> machines = new ArrayList<>();
        for (Look look : reads.each(unknown, id -> look(id, infrastructure), Look::failed)) {
            look.error.ifPresent(error -> {
                throw error;
            });
            look.machine.ifPresent(machines::add);
        }
        return MachineList.of(machines);
    }

    private Look look(String id, InfrastructureId infrastructure) {
        HttpResponse answer;
        try {
            answer = http.call(text(HttpRequest.get("/compute/{}", id)));
        } catch (MicadoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return new Look(Optional.empty(), Optional.empty()); // gone since the list
            }
            throw e;
        }
        OcciText told = OcciText.of(answer);
        if (told.attributes().isEmpty()) {
            throw answer.unreadable("is no compute resource in OCCI's text rendering");
        }
        String title = OcciCompute.title(told);
        Optional<Mark> ours = Mark.parse(title, infrastructure);
        Optional<Mark> mark = Mark.parse(title);
        if (mark.isEmpty()) {
            foreign.add(id);
            return new Look(Optional.empty(), Optional.empty());
        }
        MachineStatus status = OcciCompute.status(told, ran.contains(id));
        if (status == MachineStatus.RUNNING) {
            ran.add(id);
        }
        String term = OcciCompute.resourceTemplate(told);
        Machine machine = OcciCompute.machine(name, id, told, mark.get(), status, types.usersWord(term));
        machine.capacity().ifPresent(capacity -> sizes.put(term, capacity));
        return new Look(Optional.of(machine).filter(one -> ours.isPresent()), Optional.empty());
    }

    /** What one look at one machine told. */
    private record Look(Optional<Machine> machine, Optional<MicadoException> error) {
        private static Look failed(String id, MicadoException error) {
            return new Look(Optional.empty(), Optional.of(error));
        }
    }

    // ---- terminating

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        return effects.each(List.copyOf(machines), this::terminate, TerminateResult::failed);
    }

    private TerminateResult terminate(MachineId machine) {
        try {
            http.call(text(HttpRequest.delete("/compute/{}", machine.value())));
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
        return TerminateResult.accepted(machine);
    }

    // ---- helpers

    private static HttpRequest text(HttpRequest request) {
        return request.header("Accept", TEXT);
    }

    /** {@return the id at the end of a place, which may be a path or a full address} */
    private static Optional<String> id(String location) {
        String path = location.strip().replaceAll("[?#].*$", "").replaceAll("/+$", "");
        String id = path.substring(path.lastIndexOf('/') + 1);
        return id.isBlank() || id.equals("compute") ? Optional.empty() : Optional.of(id);
    }

    @Override
    public void close() {
        effects.close();
        reads.close();
        http.close();
    }

    @Override
    public String toString() {
        return "cloud " + name + " (occi)";
    }
}

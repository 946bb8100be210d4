package io.micado.scenario;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.simulation.VirtualProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * A host program with one infrastructure that has been started, and everything that it heard of. Confined to the thread of its
 * virtual time.
 *
 * @param micado the infrastructure
 * @param process where it lives
 * @param events everything that was heard of so far
 */
record Program(Micado micado, VirtualProcess process, List<MicadoEvent> events) {
    static final TargetId WEB = TargetId.service("web");
    static final TargetId WORKERS = TargetId.pool("workers");

    static Program start(VirtualProcess process, MicadoBuilder builder) {
        List<MicadoEvent> events = new ArrayList<>();
        Micado micado = builder.listener(events::add).build();
        micado.start();
        return new Program(micado, process, events);
    }

    /** {@return the latest decision of a target} */
    Decision latest(TargetId target) {
        return micado.explain(target).get(0);
    }

    /** {@return what was heard of that kind} */
    <E extends MicadoEvent> List<E> heard(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** {@return the warnings of this code} */
    List<String> warnings(String code) {
        return heard(MicadoEvent.Warning.class).stream()
                .filter(warning -> warning.code().equals(code))
                .map(MicadoEvent.Warning::message)
                .toList();
    }
}

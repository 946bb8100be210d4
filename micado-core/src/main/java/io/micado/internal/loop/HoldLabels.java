package io.micado.internal.loop;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Tags;
import io.micado.internal.plan.ScaledService;
import io.micado.internal.state.HoldLabel;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes holds over from the labels of services, where they outlive this program and where a person may set them too. Confined
 * to the loop thread.
 */
final class HoldLabels {
    private final Map<String, String> seen = new HashMap<>();

    /**
     * Takes over what is new.
     *
     * @param problems told of a label that cannot be read, and so is ignored
     */
    void sync(
            Map<String, ScaledService> services,
            Instant now,
            Instant wallClock,
            EngineMemory memory,
            Consumer<MicadoEvent> problems) {
        services.forEach((name, service) -> {
            String label = service.state().labels().getOrDefault(Tags.SERVICE_HOLD, "");
            String before = seen.put(name, label);
            if (label.equals(before)) {
                return;
            }
            if (!label.isEmpty()) {
                HoldLabel.decode(label, now, wallClock)
                        .ifPresentOrElse(
                                hold -> memory.hold(TargetId.service(name), hold),
                                () -> problems.accept(unreadable(name, label, wallClock)));
            } else {
                // Seen for the first time too: what was taken off while no program ran is off.
                memory.release(TargetId.service(name));
            }
        });
        seen.keySet().retainAll(services.keySet());
    }

    private static MicadoEvent unreadable(String service, String label, Instant wallClock) {
        return new MicadoEvent.Warning(
                wallClock,
                "service-labels",
                "service \"" + service + "\" is not held: label " + Tags.SERVICE_HOLD
                        + " must be a count and its end, such as "
                        + "\"5 until 2026-01-01T00:00:00Z\" or \"5 until released\", got \"" + label + "\"");
    }
}

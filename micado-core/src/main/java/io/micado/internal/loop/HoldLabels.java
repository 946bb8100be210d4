package io.micado.internal.loop;

import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Tags;
import io.micado.internal.plan.ScaledService;
import io.micado.internal.state.HoldLabel;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes holds over from the labels of services, where they outlive this program and where a person may set them too. Confined
 * to the loop thread.
 */
final class HoldLabels {
    private final Map<String, String> seen = new HashMap<>();

    void sync(Map<String, ScaledService> services, Instant now, Instant wallClock, EngineMemory memory) {
        services.forEach((name, service) -> {
            String label = service.state().labels().getOrDefault(Tags.SERVICE_HOLD, "");
            String before = seen.put(name, label);
            if (label.equals(before)) {
                return;
            }
            if (!label.isEmpty()) {
                HoldLabel.decode(label, now, wallClock)
                        .ifPresent(hold -> memory.hold(TargetId.service(name), hold));
            } else if (before != null) {
                memory.release(TargetId.service(name));
            }
        });
        seen.keySet().retainAll(services.keySet());
    }
}

package io.micado.http;

import io.micado.api.scaling.TargetId;
import java.time.Instant;
import java.util.Optional;

/**
 * One alert of a notification that is about a target of ours. Immutable.
 *
 * @param fingerprint tells it from other alerts
 * @param name its name, for people
 * @param target what it is about
 * @param overloaded whether that is overloaded; else it is underloaded
 * @param firing whether it fires; else it is resolved
 * @param startsAt when it began, on the clock of Prometheus
 * @param infrastructure the infrastructure that it is of, where it says so
 */
record ReceivedAlert(
        String fingerprint,
        String name,
        TargetId target,
        boolean overloaded,
        boolean firing,
        Instant startsAt,
        Optional<String> infrastructure) {}

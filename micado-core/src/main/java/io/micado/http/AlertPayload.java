package io.micado.http;

import io.micado.api.scaling.TargetId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A notification of an Alertmanager, version 4, as far as it concerns us. Immutable.
 *
 * @param alerts the alerts that are about a service or a pool
 * @param problems what is wrong with the others, for people
 */
record AlertPayload(List<ReceivedAlert> alerts, List<String> problems) {
    private static final String VERSION = "4";
    private static final int MOST_ALERTS = 1_000;
    private static final int LONGEST = 200;

    /** What an alert lacks, found while it is read. */
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Wrong(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * {@return the notification}
     *
     * @throws HttpProblem with status 400 when it is none, with 413 when it holds too many alerts
     */
    static AlertPayload of(Map<String, Object> json) {
        Object version = json.get("version");
        if (!VERSION.equals(version)) {
            throw HttpProblem.badRequest("must be a notification of an Alertmanager with \"version\": \"4\"");
        }
        if (!(json.get("alerts") instanceof List<?> all) || all.isEmpty()) {
            throw HttpProblem.badRequest("\"alerts\" must be a list of one alert or more");
        }
        if (all.size() > MOST_ALERTS) {
            throw new HttpProblem(413, "\"alerts\" must not be more than " + MOST_ALERTS + "; set max_alerts");
        }
        List<ReceivedAlert> alerts = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            try {
                alerts.add(alert(all.get(i)));
            } catch (Wrong e) {
                problems.add("alerts[" + i + "] " + e.getMessage());
            }
        }
        return new AlertPayload(List.copyOf(alerts), List.copyOf(problems));
    }

    private static ReceivedAlert alert(Object json) {
        if (!(json instanceof Map<?, ?> alert) || !(alert.get("labels") instanceof Map<?, ?> labels)) {
            throw new Wrong("must be an object with \"labels\"");
        }
        String type = oneOf(labels, "type", "docker", "VM");
        TargetId target = type.equals("VM")
                ? TargetId.pool(label(labels, "node"))
                : TargetId.service(label(labels, "application"));
        boolean overloaded = oneOf(labels, "alert", "overloaded", "underloaded").equals("overloaded");
        boolean firing = oneOf(alert, "status", "firing", "resolved").equals("firing");
        return new ReceivedAlert(
                text(alert, "fingerprint").orElseGet(() -> fingerprint(labels)),
                text(labels, "alertname").orElse(overloaded ? "overloaded" : "underloaded"),
                target,
                overloaded,
                firing,
                startsAt(alert),
                text(labels, "infra_id"));
    }

    private static String fingerprint(Map<?, ?> labels) {
        Map<String, String> sorted = new TreeMap<>();
        labels.forEach((name, value) -> sorted.put(String.valueOf(name), String.valueOf(value)));
        return UUID.nameUUIDFromBytes(sorted.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static Instant startsAt(Map<?, ?> alert) {
        String text = text(alert, "startsAt").orElseThrow(() -> new Wrong("must have a time \"startsAt\""));
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Wrong("must have a time \"startsAt\" such as 2026-01-31T12:00:00Z");
        }
    }

    private static String oneOf(Map<?, ?> of, String name, String one, String other) {
        return text(of, name)
                .filter(text -> text.equals(one) || text.equals(other))
                .orElseThrow(() -> new Wrong("must have \"" + name + "\" " + one + " or " + other));
    }

    private static String label(Map<?, ?> labels, String name) {
        return text(labels, name).orElseThrow(() -> new Wrong("must have the label \"" + name + "\""));
    }

    private static Optional<String> text(Map<?, ?> of, String name) {
        if (of.get(name) instanceof String text && !text.isBlank()) {
            if (text.length() > LONGEST) {
                throw new Wrong("has a \"" + name + "\" of more than " + LONGEST + " characters");
            }
            return Optional.of(text);
        }
        return Optional.empty();
    }
}

package io.micado.http;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an {@link AlertReceiver} has heard and refused since its start, by whose lock it is guarded. */
final class AlertCounts {
    private static final long MINUTE = 60_000_000_000L;
    /** How long a refusal is something that a person should look at. */
    private static final long LATELY = 10 * MINUTE;

    private final Map<Outcome, Long> alerts = zeros(Outcome.class);
    private final Map<Refusal, Long> refused = zeros(Refusal.class);
    private final Map<Notification, Long> notifications = zeros(Notification.class);
    private final Map<Refusal, Long> refusedAt = new EnumMap<>(Refusal.class);
    private long limitedAt;

    /** What became of an alert that was taken. */
    enum Outcome {
        FIRED,
        REPEATED,
        LATE,
        RESOLVED
    }

    /** Why an alert was refused. */
    enum Refusal {
        MALFORMED("were not what this receiver takes"),
        OTHER_INFRASTRUCTURE("were of another infrastructure"),
        UNKNOWN_TARGET("were of a service or pool that is not there"),
        TOO_MANY("were too many to remember");

        private final String words;

        Refusal(String words) {
            this.words = words;
        }
    }

    /** What became of a notification. */
    enum Notification {
        TAKEN,
        TAKEN_IN_PART,
        REFUSED,
        RATE_LIMITED
    }

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
        Map<E, Long> zeros = new EnumMap<>(type);
        for (E one : type.getEnumConstants()) {
            zeros.put(one, 0L);
        }
        return zeros;
    }

    void taken(Outcome outcome) {
        alerts.merge(outcome, 1L, Long::sum);
    }

    void refused(Refusal why, long nanoTime) {
        refused.merge(why, 1L, Long::sum);
        refusedAt.put(why, nanoTime);
    }

    void notified(Notification outcome, long nanoTime) {
        notifications.merge(outcome, 1L, Long::sum);
        if (outcome == Notification.RATE_LIMITED) {
            limitedAt = nanoTime;
        }
    }

    /** {@return what was refused in the last ten minutes, for people} */
    List<String> lately(long nanoTime, int perSecond) {
        List<String> problems = new ArrayList<>();
        long limited = count(notifications, Notification.RATE_LIMITED);
        if (limited > 0 && nanoTime - limitedAt < LATELY) {
            problems.add(limited + " notifications so far were more than " + perSecond + " a second, and refused");
        }
        refusedAt.forEach((why, at) -> {
            if (nanoTime - at < LATELY) {
                problems.add(count(refused, why) + " alerts so far " + why.words + ", and refused");
            }
        });
        return problems;
    }

    void measure(String infrastructure, int firing, MetricsText text) {
        text.family("micado_alerts_total", "counter", "Alerts that were taken, by what became of them.");
        samples("micado_alerts_total", "outcome", alerts, infrastructure, text);
        text.family("micado_alerts_refused_total", "counter", "Alerts that were refused, by reason.");
        samples("micado_alerts_refused_total", "reason", refused, infrastructure, text);
        text.family("micado_alert_notifications_total", "counter", "Notifications, by what became of them.");
        samples("micado_alert_notifications_total", "outcome", notifications, infrastructure, text);
        text.family("micado_alerts_firing", "gauge", "Alerts that fire now.");
        text.sample("micado_alerts_firing", "", firing, "infrastructure", infrastructure);
    }

    private static <E extends Enum<E>> void samples(
            String family, String label, Map<E, Long> counts, String infrastructure, MetricsText text) {
        counts.forEach((what, count) -> text.sample(
                family,
                "",
                (double) count,
                "infrastructure",
                infrastructure,
                label,
                what.name().toLowerCase(Locale.ROOT)));
    }

    private static <E> long count(Map<E, Long> counts, E what) {
        return counts.getOrDefault(what, 0L);
    }
}

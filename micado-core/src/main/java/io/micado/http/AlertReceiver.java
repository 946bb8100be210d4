package io.micado.http;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.Metrics;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Tags;
import io.micado.http.AlertCounts.Notification;
import io.micado.http.AlertCounts.Outcome;
import io.micado.http.AlertCounts.Refusal;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.policy.Alerts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Hears the alerts of one infrastructure from an Alertmanager's webhook, and tells policies of them as a metric: an endpoint of {@link
 * MicadoHttpServer} and a metric source of {@link io.micado.MicadoBuilder} at once, both given by the host program. Thread-safe.
 *
 * <p>An alert scales nothing by itself. It makes the metric {@value Alerts#METRIC} of its service or pool: how many alerts of overload
 * fire, else as a negative number how many of underload, else 0 when those that fired are resolved. A policy such as {@link Alerts} makes
 * steps of it, to which bounds, cooldowns and placement apply as always. A target of which no alert was ever heard has no such metric, and
 * neither has one whose alert was neither repeated nor resolved for {@link Builder#validity}: the Alertmanager may be gone.
 *
 * <p>Alerts have the labels of MiCADO 0.3: {@code alert} (overloaded or underloaded), {@code type} (docker or VM), {@code application} (the
 * service) or {@code node} (the pool), and {@code infra_id} where it is set. Others are refused with status 422, which the
 * Alertmanager logs; those beside them count.
 *
 * <pre>{@code
 * AlertReceiver alerts = AlertReceiver.builder("shop").build();
 * Micado micado = Micado.builder().name("shop").metrics("alerts", alerts)…
 * MicadoHttpServer.builder().endpoint("POST", "/alerts/shop", alerts)…
 * }</pre>
 */
public final class AlertReceiver implements Endpoint, Metrics {
    private final Builder settings;
    private final Timekeeper time;
    private final TokenBucket bucket;
    /** What is heard of each target; empty when all its alerts are resolved. */
    private final Map<TargetId, Map<String, Firing>> heard = new HashMap<>();
    /** Targets whose alerts were neither repeated nor resolved, until somebody is told. */
    private final Set<TargetId> lost = new LinkedHashSet<>();

    private final AlertCounts counts = new AlertCounts();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private Optional<Set<TargetId>> known = Optional.empty();
    private int open;

    /** An alert that fires. */
    private record Firing(ReceivedAlert alert, long heardAt) {}

    private AlertReceiver(Builder settings, Timekeeper time) {
        this.settings = settings;
        this.time = time;
        bucket = new TokenBucket(time, settings.perSecond, 2 * settings.perSecond);
    }

    /**
     * Starts a receiver.
     *
     * @param infrastructure the name of the infrastructure whose alerts it hears
     */
    public static Builder builder(String infrastructure) {
        return new Builder(infrastructure);
    }

    // ---- as an endpoint

    @Override
    public Reply handle(Request request) {
        if (!bucket.take()) {
            notified(Notification.RATE_LIMITED);
            throw new HttpProblem(
                    429, "more than " + settings.perSecond + " notifications a second", Map.of("Retry-After", "1"));
        }
        AlertPayload payload;
        try {
            payload = AlertPayload.of(request.json());
        } catch (HttpProblem e) {
            notified(Notification.REFUSED);
            throw e;
        }
        Taken took = take(payload);
        List<String> problems = took.problems();
        if (took.news()) {
            watchers.forEach(Runnable::run);
        }
        int taken = payload.alerts().size() + payload.problems().size() - problems.size();
        if (problems.isEmpty()) {
            notified(Notification.TAKEN);
            return Reply.json(Map.of("alerts", taken));
        }
        notified(taken > 0 ? Notification.TAKEN_IN_PART : Notification.REFUSED);
        throw new HttpProblem(
                422,
                taken + " of " + (taken + problems.size()) + " alerts were taken; "
                        + String.join("; ", problems.subList(0, Math.min(3, problems.size())))
                        + (problems.size() > 3 ? "; and more" : ""));
    }

    private synchronized void notified(Notification outcome) {
        counts.notified(outcome, time.nanoTime());
    }

    /**
     * What became of the alerts of a notification.
     *
     * @param problems what is wrong with those that were not taken
     * @param news whether one began or ended
     */
    private record Taken(List<String> problems, boolean news) {}

    private synchronized Taken take(AlertPayload payload) {
        boolean isNews = false;
        List<String> problems = new ArrayList<>(payload.problems());
        payload.problems().forEach(problem -> counts.refused(Refusal.MALFORMED, time.nanoTime()));
        for (ReceivedAlert alert : payload.alerts()) {
            Optional<Refusal> why = refusal(alert);
            if (why.isEmpty()) {
                int openBefore = open;
                counts.taken(take(alert));
                isNews |= open != openBefore;
            } else {
                counts.refused(why.get(), time.nanoTime());
                problems.add(words(why.get(), alert));
            }
        }
        return new Taken(List.copyOf(problems), isNews);
    }

    private Optional<Refusal> refusal(ReceivedAlert alert) {
        if (alert.infrastructure().filter(id -> !settings.names.contains(id)).isPresent()) {
            return Optional.of(Refusal.OTHER_INFRASTRUCTURE);
        }
        if (known.isPresent() && !known.get().contains(alert.target())) {
            return Optional.of(Refusal.UNKNOWN_TARGET);
        }
        boolean isNew = !heard.getOrDefault(alert.target(), Map.of()).containsKey(alert.fingerprint());
        return isNew && alert.firing() && open >= settings.mostAlerts
                ? Optional.of(Refusal.TOO_MANY)
                : Optional.empty();
    }

    private String words(Refusal why, ReceivedAlert alert) {
        String name = "\"" + alert.name() + "\" ";
        return switch (why) {
            case OTHER_INFRASTRUCTURE ->
                name + "is of infrastructure \"" + alert.infrastructure().orElse("") + "\", this one is \""
                        + settings.infrastructure + "\"";
            case UNKNOWN_TARGET -> name + "is of " + alert.target() + ", which is not there";
            case TOO_MANY -> name + "would be one of more than " + settings.mostAlerts + " alerts";
            case MALFORMED -> throw new IllegalStateException("what is malformed is no alert");
        };
    }

    private Outcome take(ReceivedAlert alert) {
        if (!alert.firing() && !heard.containsKey(alert.target()) && open + heard.size() >= settings.mostAlerts) {
            return Outcome.RESOLVED;
        }
        Map<String, Firing> ofTarget = heard.computeIfAbsent(alert.target(), unused -> new HashMap<>());
        Firing before = ofTarget.get(alert.fingerprint());
        if (before != null && alert.startsAt().isBefore(before.alert().startsAt())) {
            return Outcome.LATE;
        }
        if (!alert.firing()) {
            ofTarget.remove(alert.fingerprint());
            open -= before == null ? 0 : 1;
            return Outcome.RESOLVED;
        }
        ofTarget.put(alert.fingerprint(), new Firing(alert, time.nanoTime()));
        open += before == null ? 1 : 0;
        return before == null ? Outcome.FIRED : Outcome.REPEATED;
    }

    // ---- as a metric source

    @Override
    public synchronized MetricReadings read(MetricRequest request) {
        learn(request);
        expire();
        Map<MetricKey, Sample> samples = new HashMap<>();
        heard.forEach((target, alerts) -> samples.put(key(target), Sample.of(value(alerts), time.wallClock())));
        List<String> problems = new ArrayList<>();
        lost.forEach(target -> problems.add("the alerts of " + target + " were neither repeated nor resolved for "
                + settings.validity.toSeconds() + " s; is the Alertmanager gone?"));
        problems.addAll(counts.lately(time.nanoTime(), settings.perSecond));
        return new MetricReadings(samples, problems);
    }

    private void learn(MetricRequest request) {
        Set<TargetId> targets = new HashSet<>();
        for (ServiceState service : request.cluster().services()) {
            targets.add(TargetId.service(service.name()));
        }
        request.cluster().nodes().forEach(node -> pool(node.labels().getOrDefault(Tags.POOL, ""), targets));
        request.machines().forEach(machine -> machine.pool().ifPresent(pool -> pool(pool, targets)));
        settings.pools.forEach(pool -> pool(pool, targets));
        known = Optional.of(targets);
        lost.retainAll(targets);
        heard.entrySet().removeIf(entry -> {
            boolean gone = !targets.contains(entry.getKey());
            open -= gone ? entry.getValue().size() : 0;
            return gone;
        });
    }

    private static void pool(String name, Set<TargetId> targets) {
        if (!name.isBlank()) {
            targets.add(TargetId.pool(name));
        }
    }

    private void expire() {
        long now = time.nanoTime();
        heard.entrySet().removeIf(entry -> {
            int before = entry.getValue().size();
            entry.getValue().values().removeIf(firing -> now - firing.heardAt() > settings.validity.toNanos());
            int expired = before - entry.getValue().size();
            open -= expired;
            if (expired == 0) {
                lost.remove(entry.getKey());
                return false;
            }
            lost.add(entry.getKey());
            return entry.getValue().isEmpty();
        });
    }

    private static double value(Map<String, Firing> alerts) {
        long over = alerts.values().stream()
                .filter(firing -> firing.alert().overloaded())
                .count();
        return over > 0 ? (double) over : 0.0 - alerts.size();
    }

    private static MetricKey key(TargetId target) {
        return target.level() == TargetId.Level.SERVICE
                ? MetricKey.service(Alerts.METRIC, target.name())
                : MetricKey.pool(Alerts.METRIC, target.name());
    }

    @Override
    public Duration interval() {
        return settings.interval;
    }

    /** {@return the alerts that fire now, the longest first, as JSON has them} */
    synchronized List<Map<String, @Nullable Object>> list(int most) {
        return heard.values().stream()
                .flatMap(ofTarget -> ofTarget.values().stream())
                .map(Firing::alert)
                .sorted(Comparator.comparing(ReceivedAlert::startsAt).thenComparing(ReceivedAlert::fingerprint))
                .limit(most)
                .map(alert -> Json.object(
                        "alertname", alert.name(),
                        "target", alert.target(),
                        "alert", alert.overloaded() ? "overloaded" : "underloaded",
                        "startsAt", alert.startsAt(),
                        "fingerprint", alert.fingerprint()))
                .toList();
    }

    /** Calls back when an alert begins or ends, on the thread of the request that tells it; repeats are no news. */
    @Override
    public AutoCloseable watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    /** {@return how many alerts fire now} */
    public synchronized int firing() {
        return open;
    }

    /**
     * {@return what was heard and refused so far, for Prometheus: for a page of your own} It is on {@code /metrics} of the {@link
     * MicadoHttpServer} that this is an endpoint of.
     */
    public String metrics() {
        MetricsText text = new MetricsText();
        measure(text);
        return text.toString();
    }

    /** Adds what was heard and refused so far to a page. */
    synchronized void measure(MetricsText text) {
        counts.measure(settings.infrastructure, open, text);
    }

    /** Does nothing: a receiver may be read by the next infrastructure of the same name. */
    @Override
    public void close() {}

    /** Collects the settings of a receiver. Not thread-safe. */
    public static final class Builder {
        private final String infrastructure;
        private final Set<String> names = new HashSet<>();
        private final Set<String> pools = new HashSet<>();
        private Duration validity = Duration.ofMinutes(15);
        private Duration interval = Duration.ofSeconds(10);
        private int perSecond = 50;
        private int mostAlerts = 10_000;

        private Builder(String infrastructure) {
            this.infrastructure = Objects.requireNonNull(infrastructure, "infrastructure");
            names.add(infrastructure);
        }

        /** Takes alerts with another {@code infra_id} too, such as one of old rules. */
        public Builder alsoKnownAs(String infraId) {
            names.add(Objects.requireNonNull(infraId, "infraId"));
            return this;
        }

        /** Names pools that may have no worker; alerts of pools that nobody knows are refused. */
        public Builder pools(String... names) {
            pools.addAll(List.of(names));
            return this;
        }

        /** Sets how long an alert holds that is neither repeated nor resolved: more than twice the repeat interval; default 15 min. */
        public Builder validity(Duration value) {
            validity = positive("validity", value);
            return this;
        }

        /** Sets how often policies are told of what was heard, besides at once when it is news; default 10 s. */
        public Builder interval(Duration value) {
            interval = positive("interval", value);
            return this;
        }

        /** Sets how many notifications are taken in a second; default 50, and twice as many at once. */
        public Builder perSecond(int value) {
            perSecond = atLeastOne("perSecond", value);
            return this;
        }

        /** Sets how many alerts are remembered; default 10,000. */
        public Builder mostAlerts(int value) {
            mostAlerts = atLeastOne("mostAlerts", value);
            return this;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(name + " must be more than 0, got " + value);
            }
            return value;
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be 1 or more, got " + value);
            }
            return value;
        }

        /** {@return the receiver} */
        public AlertReceiver build() {
            return build(new SystemTimekeeper());
        }

        AlertReceiver build(Timekeeper time) {
            return new AlertReceiver(this, time);
        }
    }
}

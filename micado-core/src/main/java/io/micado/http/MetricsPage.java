package io.micado.http;

import io.micado.Micado;
import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What there is to measure of infrastructures, for Prometheus. Used by one request at a time. */
final class MetricsPage {
    private final MetricsText text = new MetricsText();

    private MetricsPage() {}

    static String of(List<Shown> all, long nanoTime) {
        MetricsPage page = new MetricsPage();
        page.begin();
        all.forEach(shown -> page.add(shown, nanoTime));
        return page.text.toString();
    }

    private void begin() {
        gauge("micado_acting", "Whether this program acts on the infrastructure.");
        gauge("micado_lease_held", "Whether this program holds the lease.");
        gauge("micado_paused", "Whether it was told to pause.");
        gauge("micado_dry_run", "Whether it recommends only.");
        gauge("micado_stuck", "Whether the control loop makes no progress.");
        gauge("micado_problems", "Problems that a person should look at.");
        gauge("micado_last_pass_timestamp_seconds", "When the latest pass saw the cluster.");
        text.family("micado_passes_total", "counter", "Passes of the control loop.");
        text.family("micado_pass_duration_seconds", "histogram", "How long passes took.");
        gauge("micado_source_up", "Whether the latest answer of a source is good enough to act on.");
        gauge("micado_source_age_seconds", "How old the latest answer of a source was in the latest pass.");
        gauge("micado_service_desired_replicas", "Replicas that are asked for.");
        gauge("micado_service_running_replicas", "Replicas that run.");
        gauge("micado_service_pending_replicas", "Replicas that wait for a node.");
        gauge("micado_service_min_replicas", "The fewest replicas.");
        gauge("micado_service_max_replicas", "The most replicas.");
        gauge("micado_workers", "Workers by state.");
        gauge("micado_pool_desired_workers", "Workers that the latest decision asks for.");
        gauge("micado_pool_min_workers", "The fewest workers.");
        gauge("micado_pool_max_workers", "The most workers.");
        gauge("micado_pool_price_per_hour", "What an hour of the pool's workers costs, where all prices are known.");
        gauge("micado_foreign_nodes", "Nodes that are not ours.");
        gauge("micado_policy_input", "The numbers that the latest decision turned on.");
        gauge("micado_hold", "The count that a target is held at.");
        text.family("micado_decisions_total", "counter", "Decisions by the rule that bound them, no-ops included.");
        text.family("micado_effects_total", "counter", "Effects that were carried out.");
        text.family("micado_effect_failures_total", "counter", "Effects that failed.");
        text.family("micado_events_total", "counter", "Events by type.");
    }

    private void gauge(String name, String help) {
        text.family(name, "gauge", help);
    }

    private void add(Shown shown, long nanoTime) {
        Micado micado = shown.micado();
        Status status = micado.status();
        Vitals vitals = micado.vitals();
        String name = shown.name();
        flag(name, "micado_acting", status.acting());
        flag(name, "micado_lease_held", vitals.leaseHeld());
        flag(name, "micado_paused", vitals.paused());
        flag(name, "micado_dry_run", vitals.dryRun());
        flag(name, "micado_stuck", shown.isStuck(nanoTime));
        add(name, "micado_problems", Problems.of(shown, nanoTime).size());
        status.at().ifPresent(at -> add(name, "micado_last_pass_timestamp_seconds", at.toEpochMilli() / 1000.0));
        passes(name, vitals);
        vitals.sources().forEach(source -> {
            add(name, "micado_source_up", source.known() ? 1 : 0, "source", source.name());
            source.age()
                    .ifPresent(age ->
                            add(name, "micado_source_age_seconds", age.toMillis() / 1000.0, "source", source.name()));
        });
        status.services().forEach(service -> service(micado, service));
        status.pools().forEach(pool -> pool(micado, status, pool));
        add(name, "micado_foreign_nodes", status.foreignNodes().size());
        vitals.holds()
                .forEach((target, hold) -> add(
                        name, "micado_hold", hold.count(), "level", lower(target.level()), "target", target.name()));
        vitals.tallies().forEach(tally -> {
            List<String> labels = new ArrayList<>();
            tally.labels().forEach((key, value) -> labels.addAll(List.of(key, value)));
            add(name, "micado_" + tally.name() + "_total", (double) tally.count(), labels.toArray(String[]::new));
        });
    }

    private void passes(String name, Vitals vitals) {
        add(name, "micado_passes_total", (double) vitals.passes());
        Vitals.PassTimes times = vitals.passTimes();
        String family = "micado_pass_duration_seconds";
        for (int i = 0; i < times.limits().size(); i++) {
            String limit = Double.toString(times.limits().get(i));
            text.sample(family, "_bucket", (double) times.counts().get(i), "infrastructure", name, "le", limit);
        }
        text.sample(family, "_bucket", (double) vitals.passes(), "infrastructure", name, "le", "+Inf");
        text.sample(family, "_sum", times.totalSeconds(), "infrastructure", name);
        text.sample(family, "_count", (double) vitals.passes(), "infrastructure", name);
    }

    private void service(Micado micado, Status.ServiceStatus service) {
        String[] label = {"service", service.name()};
        add(micado.name(), "micado_service_desired_replicas", service.desired(), label);
        add(micado.name(), "micado_service_running_replicas", service.running(), label);
        add(micado.name(), "micado_service_pending_replicas", service.pending(), label);
        add(micado.name(), "micado_service_min_replicas", service.bounds().min(), label);
        add(micado.name(), "micado_service_max_replicas", service.bounds().max(), label);
        inputs(micado, TargetId.service(service.name()));
    }

    private void pool(Micado micado, Status status, WorkerPool pool) {
        String name = micado.name();
        List<Worker> workers = status.workers().stream()
                .filter(worker -> worker.pool().equals(pool.name()))
                .toList();
        Map<WorkerState, Integer> counts = new EnumMap<>(WorkerState.class);
        Arrays.stream(WorkerState.values())
                .filter(state -> state != WorkerState.GONE)
                .forEach(state -> counts.put(state, 0));
        workers.forEach(worker -> counts.merge(worker.state(), 1, Integer::sum));
        counts.forEach(
                (state, count) -> add(name, "micado_workers", count, "pool", pool.name(), "state", lower(state)));
        add(name, "micado_pool_desired_workers", Views.wanted(micado, pool, workers), "pool", pool.name());
        add(name, "micado_pool_min_workers", pool.bounds().min(), "pool", pool.name());
        add(name, "micado_pool_max_workers", pool.bounds().max(), "pool", pool.name());
        Views.pricePerHour(pool, workers)
                .ifPresent(price -> add(name, "micado_pool_price_per_hour", price, "pool", pool.name()));
        inputs(micado, TargetId.pool(pool.name()));
    }

    private void inputs(Micado micado, TargetId target) {
        List<Decision> decisions = micado.explain(target);
        if (!decisions.isEmpty()) {
            decisions.get(0).inputs().forEach((input, value) -> {
                if (!value.isNaN()) {
                    add(
                            micado.name(),
                            "micado_policy_input",
                            value,
                            "level",
                            lower(target.level()),
                            "target",
                            target.name(),
                            "input",
                            input);
                }
            });
        }
    }

    private void flag(String infrastructure, String name, boolean value) {
        add(infrastructure, name, value ? 1 : 0);
    }

    private void add(String infrastructure, String name, double value, String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = "infrastructure";
        all[1] = infrastructure;
        System.arraycopy(labels, 0, all, 2, labels.length);
        text.sample(name, "", value, all);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

package io.micado.telemetry;

import static io.micado.telemetry.Family.counter;
import static io.micado.telemetry.Family.gauge;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes one infrastructure down in numbers, as of its latest pass. Used by {@code /metrics} and by the Micrometer binder, so that both
 * tell the same by the same names; how long passes took is a distribution and told by each in its own way. Confined to one thread.
 */
public final class Measurements {
    /** The family that tells how long passes took; its numbers are in {@link Vitals#passTimes()}. */
    public static final String PASS_DURATION = "micado_pass_duration_seconds";

    private static final Family ACTING = gauge("acting", "Whether this program acts on the infrastructure.");
    private static final Family LEASE_HELD = gauge("lease_held", "Whether this program holds the lease.");
    private static final Family PAUSED = gauge("paused", "Whether it was told to pause.");
    private static final Family DRY_RUN = gauge("dry_run", "Whether it recommends only.");
    private static final Family STUCK = gauge("stuck", "Whether the control loop makes no progress.");
    private static final Family LAST_PASS =
            gauge("last_pass_timestamp_seconds", "When the latest pass saw the cluster.");
    private static final Family PASSES = counter("passes", "Passes of the control loop.");
    private static final Family SOURCE_UP =
            gauge("source_up", "Whether the latest answer of a source is good enough to act on.");
    private static final Family SOURCE_AGE =
            gauge("source_age_seconds", "How old the latest answer of a source was in the latest pass.");
    private static final Family SOURCE_GAPS =
            gauge("source_gaps", "What the latest answer of a source lacks, by the source's own words.");
    private static final Family SOURCE_FAILURES = counter("source_failures", "Reads of a source that failed.");
    private static final Family SERVICE_DESIRED = gauge("service_desired_replicas", "Replicas that are asked for.");
    private static final Family SERVICE_RUNNING = gauge("service_running_replicas", "Replicas that run.");
    private static final Family SERVICE_PENDING = gauge("service_pending_replicas", "Replicas that wait for a node.");
    private static final Family SERVICE_MIN = gauge("service_min_replicas", "The fewest replicas.");
    private static final Family SERVICE_MAX = gauge("service_max_replicas", "The most replicas.");
    private static final Family WORKERS = gauge("workers", "Workers by state.");
    private static final Family POOL_DESIRED =
            gauge("pool_desired_workers", "Workers that the latest decision asks for.");
    private static final Family POOL_MIN = gauge("pool_min_workers", "The fewest workers.");
    private static final Family POOL_MAX = gauge("pool_max_workers", "The most workers.");
    private static final Family POOL_PRICE =
            gauge("pool_price_per_hour", "What an hour of the pool's workers costs, where all prices are known.");
    private static final Family FOREIGN = gauge("foreign_nodes", "Nodes that are not ours.");
    private static final Family LOAD = gauge("load", "The load that the latest decision turned on.");
    private static final Family LOAD_TARGET = gauge("load_target", "Where that load is to stay.");
    private static final Family INPUT = gauge("policy_input", "The numbers that the latest decision turned on.");
    private static final Family HOLD = gauge("hold", "The count that a target is held at.");
    private static final Family DECISIONS =
            counter("decisions", "Decisions by the rule that bound them, no-ops included.");
    private static final Family EFFECTS = counter("effects", "Effects that were carried out.");
    private static final Family EFFECT_FAILURES = counter("effect_failures", "Effects that failed.");
    private static final Family EVENTS = counter("events", "Events by type.");
    private static final Family WARNINGS = counter("warnings", "Warnings by their code.");

    /** All of them, in the order in which they are told. */
    public static final List<Family> FAMILIES = List.of(
            ACTING,
            LEASE_HELD,
            PAUSED,
            DRY_RUN,
            STUCK,
            LAST_PASS,
            PASSES,
            SOURCE_UP,
            SOURCE_AGE,
            SOURCE_GAPS,
            SOURCE_FAILURES,
            SERVICE_DESIRED,
            SERVICE_RUNNING,
            SERVICE_PENDING,
            SERVICE_MIN,
            SERVICE_MAX,
            WORKERS,
            POOL_DESIRED,
            POOL_MIN,
            POOL_MAX,
            POOL_PRICE,
            FOREIGN,
            LOAD,
            LOAD_TARGET,
            INPUT,
            HOLD,
            DECISIONS,
            EFFECTS,
            EFFECT_FAILURES,
            EVENTS,
            WARNINGS);

    private static final Map<String, Family> BY_NAME =
            FAMILIES.stream().collect(Collectors.toUnmodifiableMap(Family::name, Function.identity()));

    private final Micado micado;
    private final List<Sample> samples = new ArrayList<>();

    private Measurements(Micado micado) {
        this.micado = micado;
    }

    /** {@return the numbers of an infrastructure} */
    public static List<Sample> of(Micado micado, Progress progress, long nanoTime) {
        Measurements measurements = new Measurements(micado);
        measurements.take(progress, nanoTime);
        return List.copyOf(measurements.samples);
    }

    private void take(Progress progress, long nanoTime) {
        Status status = micado.status();
        Vitals vitals = micado.vitals();
        flag(ACTING, status.acting());
        flag(LEASE_HELD, vitals.leaseHeld());
        flag(PAUSED, vitals.paused());
        flag(DRY_RUN, vitals.dryRun());
        flag(STUCK, progress.isStuck(vitals, nanoTime));
        status.at().ifPresent(at -> add(LAST_PASS, at.toEpochMilli() / 1000.0));
        add(PASSES, (double) vitals.passes());
        vitals.sources().forEach(this::source);
        status.services().forEach(this::service);
        status.pools().forEach(pool -> pool(status, pool));
        add(FOREIGN, status.foreignNodes().size());
        vitals.holds()
                .forEach((target, hold) ->
                        add(HOLD, hold.count(), "level", lower(target.level()), "target", target.name()));
        vitals.tallies().forEach(this::tally);
    }

    private void source(Vitals.Source source) {
        add(SOURCE_UP, source.known() ? 1 : 0, "source", source.name());
        source.age().ifPresent(age -> add(SOURCE_AGE, age.toMillis() / 1000.0, "source", source.name()));
        add(SOURCE_GAPS, source.gaps().size(), "source", source.name());
        add(SOURCE_FAILURES, (double) source.failures(), "source", source.name());
    }

    private void service(Status.ServiceStatus service) {
        String name = service.name();
        add(SERVICE_DESIRED, service.desired(), "service", name);
        add(SERVICE_RUNNING, service.running(), "service", name);
        add(SERVICE_PENDING, service.pending(), "service", name);
        add(SERVICE_MIN, service.bounds().min(), "service", name);
        add(SERVICE_MAX, service.bounds().max(), "service", name);
        decided(TargetId.service(name));
    }

    private void pool(Status status, WorkerPool pool) {
        List<Worker> workers = Fleet.workers(status, pool);
        Map<WorkerState, Integer> counts = new EnumMap<>(WorkerState.class);
        Arrays.stream(WorkerState.values())
                .filter(state -> state != WorkerState.GONE)
                .forEach(state -> counts.put(state, 0));
        workers.forEach(worker -> counts.merge(worker.state(), 1, Integer::sum));
        counts.forEach((state, count) -> add(WORKERS, count, "pool", pool.name(), "state", lower(state)));
        add(POOL_DESIRED, Fleet.wanted(micado, pool, workers), "pool", pool.name());
        add(POOL_MIN, pool.bounds().min(), "pool", pool.name());
        add(POOL_MAX, pool.bounds().max(), "pool", pool.name());
        Fleet.pricePerHour(pool, workers).ifPresent(price -> add(POOL_PRICE, price, "pool", pool.name()));
        decided(TargetId.pool(pool.name()));
    }

    private void decided(TargetId target) {
        Optional<Decision> latest = micado.explain(target).stream().findFirst();
        String level = lower(target.level());
        latest.flatMap(Load::of).ifPresent(load -> {
            String unit = load.unit().equals("%") ? "percent" : "";
            String[] labels = {"level", level, "target", target.name(), "metric", load.name(), "unit", unit};
            add(LOAD, load.value(), labels);
            load.target().ifPresent(goal -> add(LOAD_TARGET, goal, labels));
        });
        latest.map(Decision::inputs)
                .orElse(Map.of())
                .forEach((input, value) -> add(INPUT, value, "level", level, "target", target.name(), "input", input));
    }

    private void tally(Vitals.Tally tally) {
        Family family = BY_NAME.get("micado_" + tally.name() + "_total");
        if (family != null) {
            List<String> labels = new ArrayList<>();
            tally.labels().forEach((key, value) -> labels.addAll(List.of(key, value)));
            add(family, (double) tally.count(), labels.toArray(String[]::new));
        }
    }

    private void flag(Family family, boolean value) {
        add(family, value ? 1 : 0);
    }

    /** Adds a number, unless it is none. */
    private void add(Family family, double value, String... labels) {
        if (Double.isNaN(value)) {
            return;
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("infrastructure", micado.name());
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        samples.add(new Sample(family, all, value));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

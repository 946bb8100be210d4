package io.micado.internal.loop;

import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.TaskState;
import io.micado.api.time.Timekeeper;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.Plan;
import io.micado.internal.plan.ScaledService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what a pass saw and decided: journal, status, log and events. Confined to the loop thread, except
 * {@link #status()} and {@link #vitals()}, which are thread-safe.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger("io.micado");

    private static final String NO_PASS = "it has not made its first pass yet";

    private final String infrastructure;
    private final Timekeeper time;
    private final EventLines lines;
    private final Journal journal;
    private final EventBus events;
    private final Observer observer;
    private final Counters counters;
    private final Duration passInterval;
    private volatile Status status;
    private volatile Vitals vitals;

    Recorder(
            String infrastructure,
            Duration passInterval,
            Timekeeper time,
            Journal journal,
            EventBus events,
            Observer observer,
            Counters counters) {
        this.infrastructure = infrastructure;
        this.passInterval = passInterval;
        this.counters = counters;
        this.time = time;
        lines = new EventLines(LOG, infrastructure);
        this.journal = journal;
        this.events = events;
        this.observer = observer;
        status = new Status(
                infrastructure,
                Optional.empty(),
                Optional.empty(),
                false,
                NO_PASS,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
        vitals = new Vitals(0, counters.passTimes(), passInterval, false, false, false, List.of(), Map.of(), List.of());
    }

    void publish(MicadoEvent event) {
        lines.write(event);
        tell(event);
    }

    /** Tells what a plug-in warned of, which stands in the plug-in's own log already. */
    void heardOf(String warning) {
        tell(new MicadoEvent.Warning(time.wallClock(), "plug-in", warning));
    }

    private void tell(MicadoEvent event) {
        counters.happened(event);
        events.publish(event);
    }

    /** Writes the decisions of a pass down, and tells those that change something and are new. */
    void record(Plan plan, Optional<String> whyNotActing) {
        for (Decision decision : plan.decisions()) {
            Decision told = whyNotActing.isPresent() && decision.changesSomething()
                    ? notActedOn(decision, whyNotActing.get())
                    : decision;
            Optional<Decision> before = journal.latest(told.target());
            boolean isNew = before.isEmpty() || !before.get().sameOutcome(told);
            journal.record(told);
            counters.decided(told);
            if (told.changesSomething() && isNew) {
                publish(new MicadoEvent.Decided(told.at(), told));
            }
        }
        if (whyNotActing.isEmpty()) {
            plan.events().forEach(this::publish);
        }
    }

    private static Decision notActedOn(Decision decision, String why) {
        List<Decision.Step> steps = new ArrayList<>(decision.steps());
        steps.add(new Decision.Step(Rule.NOT_ACTING, decision.to(), decision.from(), why));
        return new Decision(
                decision.target(),
                decision.at(),
                decision.from(),
                decision.to(),
                decision.raw(),
                decision.policy(),
                decision.inputs(),
                steps,
                Rule.NOT_ACTING,
                decision.reason() + " (recommended only: " + why + ")",
                decision.repeated(),
                decision.since());
    }

    void keepOnly(Set<TargetId> targets) {
        journal.keepOnly(targets);
    }

    /** Before anything was seen: tells at least what it is that does not answer. */
    void blind(Instant now, Coordinator coordinator, Mode mode) {
        status = new Status(
                infrastructure,
                coordinator.record().map(record -> record.infrastructure().value()),
                Optional.empty(),
                false,
                mode.whyNotActing(coordinator).orElse(NO_PASS),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                unknownSources(now));
    }

    private Map<String, String> unknownSources(Instant now) {
        Map<String, String> unknown = new LinkedHashMap<>();
        observer.problems(now, (source, problem) -> {
            if (!problem.isEmpty()) {
                unknown.put(source, problem);
            }
        });
        return unknown;
    }

    void status(Observation seen, Instant now, Coordinator coordinator, Mode mode) {
        Optional<String> whyNot = mode.whyNotActing(coordinator);
        status = new Status(
                infrastructure,
                coordinator.record().map(record -> record.infrastructure().value()),
                Optional.of(time.wallClock()),
                whyNot.isEmpty(),
                whyNot.orElse(""),
                services(seen),
                List.copyOf(seen.state().workers().values()),
                seen.state().foreignNodes(),
                List.copyOf(seen.state().pools().values()),
                seen.state().cluster().tasks(),
                unknownSources(now));
    }

    Status status() {
        return status;
    }

    /** Takes down how the engine does at the end of a pass. */
    void vitals(Instant now, Coordinator coordinator, Mode mode, EngineMemory memory) {
        Map<TargetId, Vitals.Held> holds = new HashMap<>();
        memory.holds(now)
                .forEach((target, hold) -> holds.put(
                        target,
                        new Vitals.Held(
                                hold.count(),
                                hold.until().map(end -> time.wallClock().plus(Duration.between(now, end))))));
        vitals = new Vitals(
                counters.passes(),
                counters.passTimes(),
                passInterval,
                coordinator.mayActNow(),
                mode.isPaused(),
                mode.isDryRun(),
                observer.vitals(now),
                holds,
                counters.tallies());
    }

    Vitals vitals() {
        return vitals;
    }

    private static List<Status.ServiceStatus> services(Observation seen) {
        List<Status.ServiceStatus> services = new ArrayList<>();
        for (ScaledService service : seen.state().services().values()) {
            services.add(status(service, seen.tasks().getOrDefault(service.name(), List.of())));
        }
        return services;
    }

    private static Status.ServiceStatus status(ScaledService service, List<TaskState> tasks) {
        int running = 0;
        int pending = 0;
        String problem = "";
        for (TaskState task : tasks) {
            running += task.phase() == TaskState.Phase.RUNNING ? 1 : 0;
            pending += task.phase() == TaskState.Phase.PENDING ? 1 : 0;
            boolean waits = task.phase() == TaskState.Phase.PENDING || task.phase() == TaskState.Phase.FAILED;
            if (waits && problem.isEmpty() && !task.message().isBlank()) {
                problem = task.message();
            }
        }
        return new Status.ServiceStatus(
                service.name(),
                service.state().image(),
                service.state().desiredReplicas(),
                running,
                pending,
                service.bounds(),
                service.policyType(),
                problem,
                service.state().ports());
    }
}

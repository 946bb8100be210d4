package io.micado.http;

import io.micado.Status;
import io.micado.Vitals;
import io.micado.api.event.MicadoEvent;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person should look at first, the worst first. Used by one request at a time. */
final class Problems {
    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final int MOST_EVENTS = 10;

    private final List<Problem> found = new ArrayList<>();

    /** How bad it is. */
    private enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    private record Problem(Severity severity, Map<String, @Nullable Object> json) {}

    private Problems() {}

    static List<Map<String, @Nullable Object>> of(Shown shown, long nanoTime) {
        Problems problems = new Problems();
        Status status = shown.micado().status();
        problems.ofTheLoop(shown, status, nanoTime);
        status.unknownSources().forEach((source, why) -> problems.add(Severity.ERROR, source, "is unknown: " + why));
        shown.micado().vitals().sources().forEach(problems::ofSource);
        status.services().forEach(problems::ofService);
        status.workers().forEach(problems::ofWorker);
        shown.micado()
                .vitals()
                .holds()
                .forEach((target, hold) -> problems.add(
                        Severity.INFO,
                        target.toString(),
                        "held at " + hold.count() + " until "
                                + hold.until().map(Instant::toString).orElse("released")));
        status.at().ifPresent(at -> problems.ofEvents(shown, at));
        List<Map<String, @Nullable Object>> worstFirst = new ArrayList<>();
        problems.found.stream()
                .sorted(Comparator.comparing(Problem::severity))
                .forEach(problem -> worstFirst.add(problem.json()));
        return worstFirst;
    }

    private void ofTheLoop(Shown shown, Status status, long nanoTime) {
        Vitals vitals = shown.micado().vitals();
        String destruction = shown.destruction();
        if (destruction != null) {
            add(Severity.ERROR, "infrastructure", destruction.isEmpty() ? "is being destroyed" : destruction);
        }
        if (shown.isStuck(nanoTime)) {
            add(
                    Severity.ERROR,
                    "control loop",
                    "has made no pass for " + shown.withoutPass(nanoTime).toSeconds() + " s");
        }
        if (vitals.dryRun() || vitals.paused()) {
            add(
                    Severity.INFO,
                    "infrastructure",
                    vitals.dryRun() ? "dry run: it recommends and changes nothing" : "paused: it recommends only");
        } else if (!status.acting()) {
            add(Severity.WARNING, "infrastructure", "does not act: " + status.notActingBecause());
        }
    }

    /** What is unknown altogether is an error already; what is known in part is a note, since much of it passes by itself. */
    private void ofSource(Vitals.Source source) {
        source.gaps().forEach(gap -> add(Severity.INFO, source.name(), gap));
    }

    private void ofService(Status.ServiceStatus service) {
        String subject = "service " + service.name();
        if (service.pending() > 0) {
            add(
                    Severity.WARNING,
                    subject,
                    service.pending() + " of " + service.desired() + " replicas wait for a node"
                            + (service.problem().isEmpty() ? "" : ": " + service.problem()));
        } else if (!service.problem().isEmpty()) {
            add(Severity.ERROR, subject, service.problem());
        }
    }

    private void ofWorker(Worker worker) {
        if (worker.state() == WorkerState.LOST) {
            add(Severity.ERROR, "worker " + worker.id(), "is lost: " + worker.reason());
        }
    }

    private void ofEvents(Shown shown, Instant at) {
        Map<String, EventLog.Heard> told = new LinkedHashMap<>();
        for (EventLog.Heard heard : shown.events().latest(EventLog.KEPT)) {
            MicadoEvent event = heard.event();
            boolean isProblem = event instanceof MicadoEvent.EffectFailed
                    || event instanceof MicadoEvent.PolicyFailed
                    || event instanceof MicadoEvent.Warning
                    || event instanceof MicadoEvent.ChangedByOthers;
            if (isProblem && Duration.between(event.at(), at).compareTo(LATELY) < 0 && told.size() < MOST_EVENTS) {
                told.putIfAbsent(event.message(), heard);
            }
        }
        told.forEach((message, heard) -> add(
                Severity.WARNING,
                Views.type(heard.event()),
                message,
                Optional.of(heard.event().at())));
    }

    private void add(Severity severity, String subject, String text) {
        add(severity, subject, text, Optional.empty());
    }

    private void add(Severity severity, String subject, String text, Optional<Instant> at) {
        found.add(new Problem(severity, Json.object("severity", severity, "subject", subject, "text", text, "at", at)));
    }
}

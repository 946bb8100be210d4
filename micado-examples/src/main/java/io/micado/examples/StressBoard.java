package io.micado.examples;

import io.micado.Status;
import io.micado.api.scaling.Decision;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts a {@link Status} into lines: a table for a terminal, and one line for a log. Used by {@link StressOnSwarm}. Stateless. */
final class StressBoard {
    private StressBoard() {}

    /** {@return the table} */
    static List<String> table(String phase, Duration since, Status status, Optional<Decision> latest) {
        List<String> lines = new ArrayList<>();
        lines.add(clock(since) + "  " + phase);
        lines.add("");
        lines.add(String.format("  %-16s %-20s %-22s %s", "SERVICE", "IMAGE", "REPLICAS", "POLICY"));
        for (Status.ServiceStatus service : status.services()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-16s %-20s %-22s %s",
                    service.name(),
                    service.image(),
                    service.running() + " of " + service.desired() + " (" + service.bounds() + ")"
                            + (service.pending() > 0 ? ", " + service.pending() + " wait" : ""),
                    service.policy()));
            if (!service.problem().isEmpty()) {
                lines.add("    " + service.problem());
            }
        }
        if (status.services().isEmpty()) {
            lines.add("  none");
        }
        lines.add("");
        lines.add(String.format("  %-16s %-12s %-8s %s", "WORKER", "STATE", "SINCE", "WHY"));
        for (Worker worker : status.workers()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-16s %-12s %-8s %s",
                    worker.id(),
                    worker.state(),
                    clock(worker.inState()),
                    worker.reason()));
        }
        if (status.workers().isEmpty()) {
            lines.add("  none");
        }
        lines.add("");
        lines.add("  last decision: " + latest.map(DecisionWords::change).orElse("none yet"));
        lines.add("  why:           " + latest.map(DecisionWords::reason).orElse(""));
        notes(status).forEach(note -> lines.add("  " + note));
        return lines;
    }

    /** {@return the same in one line without times, so that it changes only when something does} */
    static String line(String phase, Status status) {
        String services = status.services().stream()
                .map(s -> s.name() + " " + s.running() + "/" + s.desired())
                .collect(Collectors.joining(", "));
        Map<WorkerState, Long> states = new TreeMap<>(
                status.workers().stream().collect(Collectors.groupingBy(Worker::state, Collectors.counting())));
        String workers = states.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return phase + ": " + (services.isEmpty() ? "no service" : services) + "; workers: "
                + (workers.isEmpty() ? "none" : workers)
                + notes(status).stream().map(note -> "; " + note).collect(Collectors.joining());
    }

    private static List<String> notes(Status status) {
        List<String> notes = new ArrayList<>();
        if (!status.acting() && !status.notActingBecause().isEmpty()) {
            notes.add("does not act: " + status.notActingBecause());
        }
        new TreeMap<>(status.unknownSources()).forEach((source, why) -> notes.add(source + " is not known: " + why));
        return notes;
    }

    static String clock(Duration duration) {
        return String.format(Locale.ROOT, "%02d:%02d", duration.toMinutes(), duration.toSecondsPart());
    }
}

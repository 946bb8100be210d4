package io.micado.http;

import io.micado.Micado;
import io.micado.Status;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import io.micado.telemetry.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how replicas, workers and load went: half an hour as often as it is told, and six hours by the minute, where each minute
 * keeps the highest of its values, so that no peak is lost. Bounded: at most {@value #MOST_SERVICES} services. Thread-safe.
 */
final class Timeline {
    static final int MOST_SERVICES = 100;

    private static final int RECENT = 360;
    private static final int MINUTES = 360;
    private static final String WORKERS = "";
    private static final List<String> WORKER_COLUMNS = List.of("ready", "arriving", "leaving", "lost");
    private static final List<String> SERVICE_COLUMNS = List.of("desired", "running", "pending", "load", "target");

    private final Deque<Row> recent = new ArrayDeque<>();
    private final Deque<Row> minutes = new ArrayDeque<>();

    /** Values by subject: those of the columns above; what is unknown is no number. */
    private record Row(Instant at, Map<String, float[]> values) {}

    /** Takes down how an infrastructure is now; what was taken down already is not taken twice. */
    void record(Micado micado) {
        Status status = micado.status();
        if (status.at().isEmpty()) {
            return;
        }
        Map<String, float[]> values = new HashMap<>();
        values.put(WORKERS, workers(status.workers()));
        status.services().stream()
                .limit(MOST_SERVICES)
                .forEach(service -> values.put(
                        service.name(),
                        service(
                                service,
                                micado.explain(TargetId.service(service.name())).stream()
                                        .findFirst())));
        add(new Row(status.at().get(), values));
    }

    private static float[] workers(List<Worker> workers) {
        float[] counts = new float[WORKER_COLUMNS.size()];
        for (Worker worker : workers) {
            counts[column(worker.state())]++;
        }
        return counts;
    }

    private static int column(WorkerState state) {
        if (state == WorkerState.LOST) {
            return 3;
        }
        return state == WorkerState.READY ? 0 : state.isArriving() ? 1 : 2;
    }

    private static float[] service(Status.ServiceStatus service, Optional<Decision> decision) {
        Optional<Load> load = decision.flatMap(Load::of);
        return new float[] {
            service.desired(),
            service.running(),
            service.pending(),
            load.map(it -> (float) it.value()).orElse(Float.NaN),
            load.map(it -> (float) it.target().orElse(Double.NaN)).orElse(Float.NaN)
        };
    }

    private synchronized void add(Row row) {
        if (!recent.isEmpty() && !row.at().isAfter(recent.getLast().at())) {
            return;
        }
        recent.addLast(row);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        Row minute = minutes.peekLast();
        if (minute != null && minuteOf(minute) == minuteOf(row)) {
            row.values()
                    .forEach((subject, values) -> minute.values().merge(subject, values.clone(), Timeline::highest));
        } else {
            Map<String, float[]> copy = new HashMap<>();
            row.values().forEach((subject, values) -> copy.put(subject, values.clone()));
            minutes.addLast(new Row(row.at(), copy));
            if (minutes.size() > MINUTES) {
                minutes.removeFirst();
            }
        }
    }

    private static long minuteOf(Row row) {
        return Math.floorDiv(row.at().getEpochSecond(), 60);
    }

    private static float[] highest(float[] values, float[] others) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.isNaN(values[i])
                    ? others[i]
                    : Float.isNaN(others[i]) ? values[i] : Math.max(values[i], others[i]);
        }
        return values;
    }

    /**
     * {@return the columns of the workers and of one service, as JSON has them}
     *
     * @param service which one; empty for the workers alone
     * @param back how far back
     */
    synchronized Map<String, @Nullable Object> json(Optional<String> service, Duration back) {
        List<Row> rows = rows(back);
        Map<String, @Nullable Object> json = Json.object(
                "at", rows.stream().map(row -> row.at().getEpochSecond()).toList());
        json.put("workers", columns(rows, WORKERS, WORKER_COLUMNS));
        service.ifPresent(name -> json.put("service", columns(rows, name, SERVICE_COLUMNS)));
        return json;
    }

    private List<Row> rows(Duration back) {
        List<Row> rows = new ArrayList<>();
        if (recent.isEmpty()) {
            return rows;
        }
        Instant since = recent.getLast().at().minus(back);
        Instant firstRecent = recent.getFirst().at();
        minutes.stream()
                .filter(row -> row.at().isBefore(firstRecent) && !row.at().isBefore(since))
                .forEach(rows::add);
        recent.stream().filter(row -> !row.at().isBefore(since)).forEach(rows::add);
        return rows;
    }

    private static Map<String, List<@Nullable Object>> columns(List<Row> rows, String subject, List<String> names) {
        Map<String, List<@Nullable Object>> columns = new java.util.LinkedHashMap<>();
        for (int column = 0; column < names.size(); column++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Row row : rows) {
                float[] all = row.values().get(subject);
                values.add(all == null || Float.isNaN(all[column]) ? null : number(all[column]));
            }
            columns.put(names.get(column), values);
        }
        return columns;
    }

    private static Object number(float value) {
        return value == Math.rint(value) ? (Object) (long) value : (Object) (Math.round(value * 100) / 100.0);
    }
}

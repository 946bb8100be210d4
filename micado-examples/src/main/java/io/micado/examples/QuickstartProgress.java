package io.micado.examples;

import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult.Point;
import io.micado.simulation.ScenarioResult.ServicePoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Shows how far the {@link Quickstart} is: one line that changes on a terminal, else a line every few simulated hours. Called by the
 * scenario on its thread.
 */
final class QuickstartProgress {
    private static final int EVERY_HOURS = 4;
    private static final int BAR = 24;

    private final Terminal terminal;
    private final Duration whole;

    QuickstartProgress(Terminal terminal, Duration whole) {
        this.terminal = terminal;
        this.whole = whole;
    }

    void show(Scenario scenario) {
        List<Point> timeline = scenario.result().timeline();
        show(timeline.get(timeline.size() - 1));
    }

    void show(Point now) {
        if (terminal.interactive()) {
            terminal.live(List.of(bar(now) + line(now)));
        } else if (now.at().toMinutes() % (EVERY_HOURS * 60) == 0) {
            terminal.line(line(now));
        }
    }

    private String bar(Point now) {
        int full = (int) (BAR * now.at().toMillis() / whole.toMillis());
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] ";
    }

    private static String line(Point now) {
        ServicePoint service = now.services().getOrDefault(Quickstart.SERVICE, new ServicePoint(0, 0, 0, 0));
        return String.format(
                Locale.ROOT,
                "%02d:%02d %,6.0f requests/s %3d/%d replicas %3d/%d workers",
                now.at().toHours(),
                now.at().toMinutesPart(),
                service.offeredPerSecond(),
                service.running(),
                service.desired(),
                now.readyWorkers(),
                now.machines());
    }
}

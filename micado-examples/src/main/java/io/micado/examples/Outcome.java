package io.micado.examples;

import io.micado.api.scaling.Decision;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.ScenarioResult.Point;
import io.micado.simulation.ServedWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What is worth telling of a {@link ScenarioResult}, for {@link Quickstart} and {@link HtmlReport}. Immutable.
 *
 * @param work what all services were asked for and served
 * @param fewestReplicas the fewest running replicas, once all of the first ones ran
 * @param mostReplicas the most running replicas
 * @param fewestWorkers the fewest machines, once all of the first ones were ready
 * @param mostWorkers the most machines
 * @param workerHours the hours of all machines together
 * @param fixedFleetHours the hours of a fleet that always has as many machines as this one had at its peak
 * @param scaledOut decisions for more
 * @param scaledIn decisions for fewer
 */
record Outcome(
        ServedWork work,
        int fewestReplicas,
        int mostReplicas,
        int fewestWorkers,
        int mostWorkers,
        double workerHours,
        double fixedFleetHours,
        long scaledOut,
        long scaledIn) {

    static Outcome of(ScenarioResult result) {
        ServedWork work = result.services().values().stream()
                .map(ScenarioResult.ServiceResult::work)
                .reduce(ServedWork.NOTHING, ServedWork::plus);
        int mostWorkers = most(result, Point::machines);
        double hours = result.duration().toMillis() / 3_600_000.0;
        return new Outcome(
                work,
                fewest(result, Outcome::replicas, Outcome::desiredReplicas),
                most(result, Outcome::replicas),
                fewest(result, Point::machines, Point::readyWorkers),
                mostWorkers,
                result.workerHours(),
                mostWorkers * hours,
                result.decisions().stream().filter(d -> d.to() > d.from()).count(),
                result.decisions().stream().filter(d -> d.to() < d.from()).count());
    }

    /** {@return the share of worker hours that a fixed fleet would have wasted, 0 to 1} */
    double saved() {
        return fixedFleetHours == 0 ? 0 : Math.max(0, 1 - workerHours / fixedFleetHours);
    }

    /** {@return the share of all unserved requests that fell into this time since the start, 0 to 1} */
    static double unservedWithin(ScenarioResult result, Duration start) {
        double all = 0;
        double early = 0;
        for (Point point : result.timeline()) {
            double unserved = point.services().values().stream()
                    .mapToDouble(s -> Math.max(0, s.offeredPerSecond() - s.servedPerSecond()))
                    .sum();
            all += unserved;
            early += point.at().compareTo(start) <= 0 ? unserved : 0;
        }
        return all == 0 ? 0 : early / all;
    }

    /**
     * {@return the decisions that tell most, in their order: the largest step out of each level, then the largest step in, then
     * whatever else is large}
     */
    static List<Decision> telling(List<Decision> decisions, int count) {
        Set<Decision> chosen = new LinkedHashSet<>();
        List<Predicate<Decision>> wishes = new ArrayList<>();
        wishes.add(d -> d.to() > d.from() && d.target().unit().equals("replicas"));
        wishes.add(d -> d.to() > d.from() && d.target().unit().equals("workers"));
        wishes.add(d -> d.to() < d.from());
        while (wishes.size() < count) {
            wishes.add(d -> true);
        }
        for (Predicate<Decision> wish : wishes) {
            decisions.stream()
                    .filter(wish)
                    .filter(d -> !chosen.contains(d))
                    .max(Comparator.comparingInt(d -> Math.abs(d.to() - d.from())))
                    .ifPresent(chosen::add);
        }
        return chosen.stream()
                .limit(count)
                .sorted(Comparator.comparing(Decision::at))
                .toList();
    }

    private static int replicas(Point point) {
        return point.services().values().stream()
                .mapToInt(ScenarioResult.ServicePoint::running)
                .sum();
    }

    private static int desiredReplicas(Point point) {
        return point.services().values().stream()
                .mapToInt(ScenarioResult.ServicePoint::desired)
                .sum();
    }

    private static int most(ScenarioResult result, ToIntFunction<Point> count) {
        return result.timeline().stream().mapToInt(count).max().orElse(0);
    }

    /** The fewest since the start was over, which is when the two counts agreed for the first time. */
    private static int fewest(ScenarioResult result, ToIntFunction<Point> count, ToIntFunction<Point> other) {
        return result.timeline().stream()
                .dropWhile(point -> count.applyAsInt(point) == 0 || count.applyAsInt(point) != other.applyAsInt(point))
                .mapToInt(count)
                .min()
                .orElse(0);
    }
}

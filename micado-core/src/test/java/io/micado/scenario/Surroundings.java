package io.micado.scenario;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Metrics;
import io.micado.api.worker.Tags;
import io.micado.policy.Alerts;
import io.micado.simulation.Scenario;
import io.micado.simulation.ServedWork;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands around an infrastructure and tells of its load in other ways than CPU: a queue from which the replicas of the
 * service {@code backlog} take, and alerts for service and pool {@code alerts}. Confined to the thread of its virtual time.
 */
final class Surroundings implements Metrics {
    static final String WAITING = "orders.waiting";
    static final String ARRIVING = "orders.arriving";
    /** How many orders a replica or worker handles in a second: so that it takes much more than noise to need another one. */
    static final double HANDLED = 26;

    private static final String QUEUE = "backlog";
    private static final String ALERTED = "alerts";
    private static final double OVERLOADED = 75;
    private static final double UNDERLOADED = 50;
    /** As the rule of an alert has it with {@code for}. */
    private static final Duration FOR = Duration.ofMinutes(1);

    private final Duration interval;
    private final Map<String, ServedWork> workBefore = new HashMap<>();
    private final Map<MetricKey, Alert> alerts = new HashMap<>();
    private Scenario scenario;
    private Instant readAt = Instant.MAX;
    private double waiting;

    /** Above or below, and since when. */
    private record Alert(int value, Instant since) {}

    Surroundings(Duration interval) {
        this.interval = interval;
    }

    void surround(Scenario around) {
        scenario = around;
        readAt = around.time().wallClock();
    }

    @Override
    public MetricReadings read(MetricRequest request) {
        Instant now = scenario.time().wallClock();
        double seconds = Duration.between(readAt, now).toMillis() / 1000.0;
        if (seconds == 0) {
            return MetricReadings.EMPTY;
        }
        readAt = now;
        Map<MetricKey, Sample> samples = new HashMap<>();
        double arriving = offered(QUEUE) / seconds;
        waiting = Math.max(0, waiting + (arriving - HANDLED * replicas(QUEUE, request.cluster())) * seconds);
        samples.put(MetricKey.host(WAITING), Sample.of(waiting, now));
        samples.put(MetricKey.host(ARRIVING), Sample.of(arriving, now));
        double cores = offered(ALERTED) / seconds * SteadyLoadScenarioTest.CORE_SECONDS;
        alert(MetricKey.service(Alerts.METRIC, ALERTED), cores, replicas(ALERTED, request.cluster()), now, samples);
        alert(MetricKey.pool(Alerts.METRIC, ALERTED), cores, poolCores(request.cluster()), now, samples);
        return new MetricReadings(samples, List.of());
    }

    private double offered(String service) {
        ServedWork work = scenario.metrics().work(service);
        ServedWork before = workBefore.put(service, work);
        return work.since(before == null ? ServedWork.NOTHING : before).offered();
    }

    private void alert(MetricKey key, double used, double cores, Instant now, Map<MetricKey, Sample> samples) {
        double percent = cores == 0 ? 0 : 100 * used / cores;
        int value = percent > OVERLOADED ? 1 : percent < UNDERLOADED ? -1 : 0;
        Alert before = alerts.get(key);
        if (before == null || before.value() != value) {
            before = new Alert(value, now);
            alerts.put(key, before);
        }
        boolean fires = !before.since().plus(FOR).isAfter(now);
        samples.put(key, Sample.of(fires ? value : 0, now));
    }

    private static double replicas(String service, ClusterView cluster) {
        return cluster.tasks().stream()
                .filter(task -> task.service().equals(service) && task.phase() == Phase.RUNNING)
                .count();
    }

    private static double poolCores(ClusterView cluster) {
        return cluster.nodes().stream()
                .filter(node -> ALERTED.equals(node.labels().get(Tags.POOL)) && node.takesTasks())
                .mapToDouble(node -> node.capacity().cpuCores())
                .sum();
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void close() {}
}

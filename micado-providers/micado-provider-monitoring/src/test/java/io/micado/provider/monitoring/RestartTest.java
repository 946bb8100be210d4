package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.policy.Predictive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that remembers nothing learns from its Prometheus what other days were like. */
class RestartTest {
    private static final TargetId WEB = TargetId.service("web");

    @TempDir
    Path state;

    @Test
    void otherDaysAreKnownAMomentAfterTheStart() throws Exception {
        try (FakePrometheus prometheus = new FakePrometheus();
                Micado micado = infrastructure(prometheus.uri())) {
            prometheus.past.add("\"micado_target\":\"web\"");
            prometheus.pastValue = "200";
            prometheus.targets.put("web", "190");
            micado.start();
            until(micado, reason -> reason.contains("orders at 190"));
            until(micado, reason -> !prometheus.ranges.isEmpty());

            // Nothing is known of the present any more: what is left is what other days needed, 200 orders of 10 each.
            prometheus.targets.clear();
            String blind = until(micado, reason -> reason.contains("no fresh sample") && reason.contains("other days"));

            assertThat(blind).containsPattern("other days needed 2[34] replicas at this time");
            assertThat(prometheus.ranges).hasSize(1);
            Map<String, String> asked = prometheus.ranges.get(0);
            assertThat(asked).containsEntry("step", "60.000");
            double span = Double.parseDouble(asked.get("end")) - Double.parseDouble(asked.get("start"));
            assertThat(span).isEqualTo(Duration.ofDays(2).toSeconds());
        }
    }

    private Micado infrastructure(String prometheus) {
        return Micado.builder()
                .name("shop")
                .orchestrator("simulated", Settings.of("taskStart", "20ms"))
                .cloud("sim", "simulated", Settings.of("bootTime", "50ms").with("joinTime", "20ms"))
                .pool("workers", pool -> pool.between(1, 2).offering("sim", "small", Settings.EMPTY))
                .service(ServiceSpec.builder("web")
                        .image("web")
                        .policy(Predictive.builder().perInstance("orders", 10).build())
                        .replicas(1, 50)
                        .build())
                .metrics(
                        "prometheus",
                        Settings.of(Map.of(
                                "endpoint",
                                prometheus,
                                "interval",
                                "1s",
                                "tasks",
                                false,
                                "nodes",
                                false,
                                "serviceQueries",
                                Map.of("orders", "sum(orders{service=\"{{service}}\"})"))))
                .passInterval(Duration.ofMillis(200))
                .stateDirectory(state)
                .build();
    }

    private static String until(Micado micado, Predicate<String> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String reason = "";
        while (!condition.test(reason)) {
            assertThat(System.nanoTime()).as(reason).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            List<Decision> decisions = micado.explain(WEB);
            reason = decisions.isEmpty() ? "" : decisions.get(0).reason();
        }
        return reason;
    }
}

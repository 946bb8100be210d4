package io.micado.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.http.MicadoHttpServer;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a host program's registry is told, against what the page for Prometheus tells of the same infrastructure. */
class MicadoMetersTest {

    private static Scenario scenario() {
        return Scenario.builder()
                .workers(1, 8, "medium")
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(0.5, 128))
                                .replicas(1, 12)
                                .build(),
                        Workload.sine(200, 150, Duration.ofHours(1)),
                        0.01)
                .build();
    }

    @Test
    void prometheusSeesTheSameNamesLabelsAndValuesOnBothWays() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Scenario scenario = scenario();
                MicadoHttpServer server =
                        MicadoHttpServer.builder().port(0).withoutToken().build()) {
            scenario.run(Duration.ofMinutes(30));
            server.add(scenario.micado());
            server.start();
            server.look();
            try (MicadoMeters meters = MicadoMeters.of(scenario.micado())) {
                meters.bindTo(registry);

                Map<String, Double> page = samples(page(server.uri()));
                Map<String, Double> bound = samples(registry.scrape());
                // What only the server remembers.
                page.keySet().removeIf(name -> name.startsWith("micado_problems"));
                // Buckets cannot be told of passes that were counted already.
                page.keySet().removeIf(name -> name.startsWith("micado_pass_duration_seconds_bucket"));

                assertThat(page)
                        .containsKey("micado_service_running_replicas{infrastructure=scenario,service=web}")
                        .containsKey("micado_pass_duration_seconds_count{infrastructure=scenario}");
                assertThat(bound).isEqualTo(page);
            }
        }
    }

    @Test
    void metersComeAndGoWithWhatTheyAreOf() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Scenario scenario = scenario()) {
            MicadoMeters meters = MicadoMeters.of(scenario.micado(), scenario.time());
            meters.bindTo(registry);
            assertThat(registry.find("micado.service.running.replicas").gauges())
                    .isEmpty();

            scenario.run(Duration.ofMinutes(10));
            assertThat(registry.get("micado.service.running.replicas")
                            .tag("infrastructure", "scenario")
                            .tag("service", "web")
                            .gauge()
                            .value())
                    .isEqualTo(scenario.micado().status().services().get(0).running());
            assertThat(registry.get("micado.pass.duration").functionTimer().count())
                    .isEqualTo(scenario.micado().vitals().passes());
            assertThat(registry.get("micado.stuck").gauge().value()).isZero();

            scenario.micado().remove("web");
            scenario.run(Duration.ofMinutes(1));
            assertThat(registry.find("micado.service.running.replicas").gauges())
                    .isEmpty();

            meters.close();
            meters.close();
            assertThat(registry.getMeters()).isEmpty();
            assertThatThrownBy(() -> meters.bindTo(registry)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static String page(URI server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/metrics")).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** {@return values by name and labels, the labels in the order of their names, without those of the server itself} */
    private static Map<String, Double> samples(String page) {
        Map<String, Double> samples = new TreeMap<>();
        for (String line : page.split("\n")) {
            if (!line.startsWith("#") && !line.startsWith("micado_http_")) {
                int space = line.lastIndexOf(' ');
                int brace = line.indexOf('{');
                String labels = line.substring(brace + 1, space - 1);
                TreeSet<String> sorted = new TreeSet<>();
                for (String label : labels.split(",(?=[a-z_]+=\")")) {
                    sorted.add(label.replaceFirst("=\"(.*)\"", "=$1"));
                }
                samples.put(
                        line.substring(0, brace) + "{" + String.join(",", sorted) + "}",
                        Double.valueOf(line.substring(space + 1)));
            }
        }
        return samples;
    }
}

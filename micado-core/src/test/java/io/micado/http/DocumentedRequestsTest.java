package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.Micado;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each request to our server that the documentation shows has a route, and each body is taken. */
class DocumentedRequestsTest {
    private static final Path DOCS = Path.of("..", "docs");
    /** From the beginning of a command to its address. */
    private static final Pattern REQUEST = Pattern.compile(
            "\\b(?:curl|micado) ((?:(?!`|\\n\\n)[\\s\\S])*?)" + "http://127\\.0\\.0\\.1:5000(/[A-Za-z0-9/._{}-]*)");

    private static final Pattern METHOD = Pattern.compile("-X ([A-Z]+)");
    private static final Pattern METRIC = Pattern.compile("`(micado_[a-z_]+)(?:\\{([a-z,]+)})?`");

    @Test
    void everyRequestHasARoute() throws IOException {
        try (Micado micado = Shop.infrastructure("shop")) {
            MicadoHttpServerBuilder builder = MicadoHttpServer.builder().token(Secret.of(Shop.TOKEN));
            MonitoringRoutes.of(micado)
                    .alerts(AlertReceiver.builder("shop").build())
                    .addTo(builder);
            List<Route> routes = builder.build().routes();
            int requests = 0;
            for (Path file :
                    List.of(DOCS.resolve("http.md"), DOCS.resolve("monitoring.md"), Path.of("..", "README.md"))) {
                Matcher request = REQUEST.matcher(Files.readString(file));
                while (request.find()) {
                    String options = request.group(1);
                    Matcher method = METHOD.matcher(options);
                    String wanted = method.find() ? method.group(1) : options.contains("-d ") ? "POST" : "GET";
                    assertThat(routes)
                            .as(file + ": " + request.group())
                            .anyMatch(route -> route.method().equals(wanted)
                                    && route.match(Paths.segments(request.group(2)))
                                            .isPresent());
                    requests++;
                }
            }
            assertThat(requests).isGreaterThan(20);
        }
    }

    @Test
    void theServiceThatIsShownIsTaken() throws IOException {
        String text = Files.readString(DOCS.resolve("http.md"));
        Matcher body = Pattern.compile("-d '(\\{\\n[\\s\\S]*?\\n})'").matcher(text);
        assertThat(body.find()).isTrue();
        ServiceSpec spec = ServiceSpecs.read(JSON.std.mapFrom(body.group(1)));
        assertThat(spec.initialReplicas()).isEqualTo(2);
        assertThat(spec.behavior()).isPresent();
    }

    @Test
    void everyMetricThatIsListedIsOnThePage() throws Exception {
        AlertReceiver receiver = AlertReceiver.builder("shop").build();
        String page;
        try (Shop shop = new Shop(
                "shop", server -> server.token(Secret.of(Shop.TOKEN)).endpoint("POST", "/alerts/shop", receiver))) {
            page = shop.get("/metrics").body();
        }
        List<String> listed = new ArrayList<>();
        Matcher metric = METRIC.matcher(Files.readString(DOCS.resolve("http.md")));
        while (metric.find()) {
            listed.add(metric.group(1));
        }
        listed.removeIf("micado_worker_infra"::equals); // an infrastructure
        assertThat(listed).hasSizeGreaterThan(30);
        for (String name : listed) {
            assertThat(page).as(name).contains("# TYPE " + name + " ");
        }
    }
}

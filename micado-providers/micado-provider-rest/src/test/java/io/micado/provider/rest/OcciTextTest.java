package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.micado.api.service.Resources;
import io.micado.api.worker.MachineStatus;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpRequest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OcciTextTest {
    private static final WireMockServer SERVER =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @Test
    void readsAQuotedValueOfAnyLength() {
        String title = "x\\\\\\\"".repeat(400_000);
        OcciText told = read(WireMock.ok("X-OCCI-Attribute: occi.core.title=\"" + title + "\", occi.compute.cores=1\n"
                + "Category: big; scheme=\"s#\"; title=\"" + title + "\""));

        assertThat(told.attribute("occi.core.title").orElseThrow()).hasSize(1_200_000);
        assertThat(told.attribute("occi.compute.cores")).contains("1");
        assertThat(told.categories().get(0).title()).hasSize(1_200_000);
    }

    @Test
    void readsWhatOpenStacksServerSays() {
        OcciText told = read(WireMock.ok(String.join(
                "\n",
                "Category: compute; scheme=\"http://schemas.ogf.org/occi/infrastructure#\"; class=\"kind\"; title=\"compute resource\"",
                "Category: 42; scheme=\"http://schemas.openstack.org/template/resource#\"; class=\"mixin\"; title=\"Flavor: m1.nano\"; rel=\"http://schemas.ogf.org/occi/infrastructure#resource_tpl\"",
                "X-OCCI-Attribute: occi.core.title=\"a \\\"quoted\\\" title; with a semicolon\"",
                "X-OCCI-Attribute: occi.compute.state=\"inactive\"",
                "X-OCCI-Attribute: occi.compute.memory=64",
                "X-OCCI-Attribute: occi.compute.cores=1")));

        assertThat(told.attribute("occi.core.title")).contains("a \"quoted\" title; with a semicolon");
        assertThat(told.categories().get(1).title()).isEqualTo("Flavor: m1.nano");
        assertThat(told.categories().get(1).isTemplate("resource_tpl")).isTrue();
        assertThat(OcciCompute.capacity(told)).contains(Resources.ofMebibytes(1, 64));
        assertThat(OcciCompute.status(told, false)).isEqualTo(MachineStatus.PENDING);
        assertThat(OcciCompute.status(told, true)).isEqualTo(MachineStatus.STOPPED);
    }

    @Test
    void readsAnAnswerInHeaders() {
        OcciText told = read(WireMock.aResponse()
                .withStatus(201)
                .withHeader("Location", "http://cloud.example.org/compute/7")
                .withHeader("X-OCCI-Attribute", "occi.core.title=\"t\", occi.compute.cores=2"));

        assertThat(told.locations()).containsExactly("http://cloud.example.org/compute/7");
        assertThat(told.attribute("occi.core.title")).contains("t");
        assertThat(told.attribute("occi.compute.cores")).contains("2");
    }

    @Test
    void makesNothingOfOtherTexts() {
        OcciText told = read(WireMock.ok("<html>\nCategory\n:\nLink: x\nX-OCCI-Attribute: \n</html>"));

        assertThat(told.attributes()).isEmpty();
        assertThat(told.categories()).isEmpty();
        assertThat(told.locations()).isEmpty();
        assertThat(OcciCompute.capacity(told)).isEmpty();
    }

    private static OcciText read(com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answer) {
        SERVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(answer));
        try (HttpClient http = HttpClient.open(
                HttpOptions.builder(URI.create(SERVER.baseUrl())).build(), new SystemTimekeeper())) {
            return OcciText.of(http.call(HttpRequest.get("/")));
        }
    }
}

package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard in a real browser, in front of six simulated hours: what a person sees, with a mouse and without one. It leaves
 * pictures in the build directory.
 */
class DashboardIT {
    private static final String TOKEN = "a-token-for-the-dashboard";
    private static final Path PICTURES = Path.of("target");

    @TempDir
    static Path profile;

    private static Scenario scenario;
    private static MicadoHttpServer server;
    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        if (Browser.program().isEmpty()) {
            System.err.println(
                    "SKIPPED: the dashboard is not tested, because there is no Chromium here; install the package chromium");
        }
        assumeTrue(Browser.program().isPresent(), "there is no Chromium here");
        server = MicadoHttpServer.builder().port(0).token(Secret.of(TOKEN)).build();
        scenario = sixHours();
        server.add(scenario.micado());
        scenario.run(Duration.ofHours(6).plusMinutes(1));
        server.start();
        browser = Browser.start(profile);
    }

    /** A day's rise and fall, a rush, a batch; then the cloud is full, a machine breaks and a person holds something. */
    private static Scenario sixHours() {
        return Scenario.builder()
                .workers(1, 12, "medium")
                .cloud(cloud -> cloud.bootTime(RandomDuration.constant(Duration.ofSeconds(70))))
                .service(
                        service("web", 1, 24),
                        Workload.sine(280, 210, Duration.ofHours(5))
                                .plus(t -> t.toMinutes() >= 200 && t.toMinutes() < 218 ? 260 : 0),
                        0.01)
                .service(service("checkout", 1, 8), Workload.sine(60, 40, Duration.ofHours(2)), 0.015)
                .service(service("reports", 1, 6), Workload.square(5, 120, Duration.ofMinutes(90), 0.2), 0.01)
                .sampleEvery(Duration.ofSeconds(5))
                .at(
                        Duration.ofMinutes(355),
                        at -> at.cloud().quota(at.cloud().look().size()))
                .at(
                        Duration.ofMinutes(356),
                        at -> at.micado().scale(TargetId.service("reports"), 6, Duration.ofHours(1)))
                .at(Duration.ofMinutes(357), at -> at.metrics().load("web", Workload.constant(1_400), 0.01))
                .onSample(at -> server.look())
                .build();
    }

    private static ServiceSpec service(String name, int min, int max) {
        return ServiceSpec.builder(name)
                .image("registry.example/" + name + ":2.4")
                .limit(Resources.ofMebibytes(0.5, 256))
                .replicas(min, max)
                .build();
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
            scenario.close();
        }
    }

    @Test
    void onePageShowsWhatItSeesDoesAndWhy() throws IOException {
        browser.screen(1280, 900, false, false);
        browser.open(server.uri());
        typeTheToken("not the token at all");
        browser.until("document.getElementById('refused').textContent.includes('not the token')");
        typeTheToken(TOKEN);
        browser.until("document.querySelectorAll('#services .card').length === 3");
        browser.until("document.querySelectorAll('#chart .mark').length > 5");
        assertThat(browser.evaluate("sessionStorage.getItem('micado.token')")).isEqualTo(TOKEN);
        assertThat(browser.evaluate("localStorage.length + document.cookie")).isEqualTo("0");
        assertThat(shown("problems")).contains("Warning", "held at 6");
        assertThat(shown("decisions")).contains("Scaled out", "Held back", "its policy says", "→");
        assertThat(browser.evaluate("document.querySelectorAll('#decisions li').length"))
                .asString()
                .matches("[5-9]|10");
        assertThat(shown("decisions")).contains("times since").doesNotContain("->");
        assertThat(shown("services")).contains("web", "checkout", "cpu", "target", "replicas");
        assertThat(shown("workers")).contains("ready", "web ×");
        assertThat(shown("sources")).contains("known", "the cluster");
        assertThat(browser.evaluate("document.getElementById('state').textContent"))
                .asString()
                .contains("Acting");
        browser.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
        picture("dashboard", 1280, 1900);

        explainsADecisionByKeyboard();
        tellsWhyItDidNotScale();
        explainsOneOfTheLatestDecisions();
        readsTheTimelineByKeyboard();

        browser.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
        browser.screen(1280, 900, false, true);
        picture("dashboard-dark", 1280, 1900);
        browser.screen(390, 844, true, false);
        browser.until("document.querySelector('#chart svg').viewBox.baseVal.width < 400");
        assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo("390");
        marksDoNotOverlap();
        explainsOneOfSeveralCloseDecisions();
        assertThat(browser.evaluate("document.getElementById('h-decisions').getBoundingClientRect().top"
                        + " + scrollY < 2 * innerHeight"))
                .isEqualTo("true");
        browser.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
        picture("dashboard-phone", 390, 2600);
        assertThat(browser.complaints().stream()
                        .filter(it -> !it.contains("401"))
                        .toList())
                .isEmpty();
    }

    private static void explainsADecisionByKeyboard() throws IOException {
        browser.evaluate(
                "[...document.querySelectorAll('#chart .mark.out')].find(m => !m.querySelector('text')).focus()");
        browser.press("Enter", 13);
        browser.until("document.getElementById('explain').open");
        assertThat(shown("explain")).contains("→", "Because", "What the policy saw", "bound by");
        picture("dashboard-why", 1280, 900);
        browser.press("Escape", 27);
        browser.until("!document.getElementById('explain').open");
    }

    private static void tellsWhyItDidNotScale() throws IOException {
        browser.evaluate("document.querySelector('[data-key=\"why-s-checkout\"]').focus()");
        browser.press("Enter", 13);
        browser.until("document.getElementById('explain').open");
        assertThat(shown("explain")).contains("service checkout", "stays at", "passes");
        browser.press("Escape", 27);
    }

    private static void explainsOneOfTheLatestDecisions() throws IOException {
        browser.evaluate("[...document.querySelectorAll('#decisions li')]"
                + ".find(li => li.textContent.includes('Scaled')).querySelector('button').focus()");
        browser.press("Enter", 13);
        browser.until("document.getElementById('explain').open");
        assertThat(shown("explain")).contains("→", "Because", "bound by");
        browser.press("Escape", 27);
        browser.until("!document.getElementById('explain').open");
    }

    private static void marksDoNotOverlap() throws IOException {
        Object closest = browser.evaluate("Math.min(...[...document.querySelectorAll('#chart .mark')]"
                + ".map(m => m.getAttribute('transform').match(/[\\d.]+/g).map(Number))"
                + ".map(([x, y], i, all) => i && all[i - 1][1] === y ? x - all[i - 1][0] : 999))");
        assertThat(Double.parseDouble(String.valueOf(closest))).isGreaterThanOrEqualTo(24);
    }

    private static void explainsOneOfSeveralCloseDecisions() throws IOException {
        browser.evaluate("[...document.querySelectorAll('#chart .mark')].find(m => m.querySelector('text')).focus()");
        browser.press("Enter", 13);
        browser.until("document.getElementById('explain').open");
        assertThat(shown("explain")).contains("decisions", "→");
        browser.evaluate("document.querySelector('#explain .choice button').click()");
        browser.until("document.getElementById('explain').innerText.includes('What the policy saw')");
        browser.press("Escape", 27);
        browser.until("!document.getElementById('explain').open");
    }

    private static void readsTheTimelineByKeyboard() throws IOException {
        browser.evaluate("document.querySelector('#chart svg').focus()");
        Object before = browser.evaluate("document.getElementById('readout').textContent");
        browser.press("ArrowLeft", 37);
        assertThat(browser.evaluate("document.getElementById('readout').textContent"))
                .isNotEqualTo(before)
                .asString()
                .contains("load", "replicas", "workers");
    }

    private static void typeTheToken(String token) throws IOException {
        browser.until("!document.getElementById('login').hidden");
        browser.evaluate("document.getElementById('token').focus()");
        browser.type(token);
        browser.press("Enter", 13);
    }

    private static String shown(String id) throws IOException {
        return String.valueOf(browser.evaluate("document.getElementById('" + id + "').innerText"));
    }

    private static void picture(String name, int width, int height) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), browser.picture(width, height));
    }
}

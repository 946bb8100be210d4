package io.micado.provider.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final WireMockServer SERVER =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));
    private static final SystemTimekeeper TIME = new SystemTimekeeper();

    private final List<HttpClient> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @BeforeEach
    void forget() {
        SERVER.resetAll();
    }

    @AfterEach
    void closeClients() {
        open.forEach(HttpClient::close);
    }

    // ---- requests

    @Test
    void sendsWhatTheRequestSays() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok("{\"a\": 1}").withHeader("Content-Type", "application/json")));

        HttpResponse answer = client().call(HttpRequest.post("/servers/{}/action/", "a b/c")
                .query("do", "start")
                .header("X-One", "1")
                .body("application/json", "{}"));

        assertThat(answer.json().path("a").asInt()).isEqualTo(1);
        SERVER.verify(
                1,
                com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor(
                                urlEqualTo("/api/servers/a%20b%2Fc/action/?do=start"))
                        .withHeader("X-One", equalTo("1"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withRequestBody(equalTo("{}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", " "})
    void refusesIdsThatWouldLeadElsewhere(String id) {
        assertThatThrownBy(() -> HttpRequest.delete("/servers/{}/", id)).isInstanceOf(MicadoException.class);
    }

    @Test
    void provesItselfAnewEachTime() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
        AtomicReference<String> token = new AtomicReference<>("first");
        HttpClient client = client(options().credentials(HttpCredentials.bearer(Secret.from(token::get))));

        client.call(HttpRequest.get("/"));
        token.set("second");
        client.call(HttpRequest.get("/"));

        SERVER.verify(1, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer first")));
        SERVER.verify(1, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer second")));
    }

    @Test
    void sendsCredentialsToItsEndpointOnly() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
        HttpClient elsewhere = client(HttpOptions.builder(URI.create("http://127.0.0.1:1"))
                .credentials(HttpCredentials.basic("user", Secret.of("password"))));
        HttpClient here = client(options().credentials(HttpCredentials.basic("user", Secret.of("password"))));

        elsewhere.call(HttpRequest.get(URI.create(SERVER.baseUrl() + "/elsewhere")));
        here.call(HttpRequest.get(URI.create(SERVER.baseUrl() + "/here")));

        SERVER.verify(1, getRequestedFor(urlEqualTo("/elsewhere")).withHeader("Authorization", absent()));
        SERVER.verify(
                1,
                getRequestedFor(urlEqualTo("/here"))
                        .withHeader("Authorization", equalTo("Basic dXNlcjpwYXNzd29yZA==")));
    }

    // ---- failures without an answer

    @Test
    void nothingWasSentWhenTheConnectionIsRefused() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        HttpClient client = client(HttpOptions.builder(URI.create("http://127.0.0.1:" + port)));

        MicadoException failure = failure(client, HttpRequest.post("/servers/"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(failure).hasMessageContaining("was not sent").hasMessageContaining("no connection could be made");
    }

    @Test
    void nothingWasSentToAHostThatIsNotKnown() {
        HttpClient client = client(HttpOptions.builder(URI.create("https://nowhere.invalid")));

        MicadoException failure = failure(client, HttpRequest.post("/servers/"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(failure)
                .hasMessage("POST https://nowhere.invalid/servers/ was not sent: the host name is not known");
    }

    @Test
    void afterTheDeadlineTheOutcomeOfAnEffectIsUnknown() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(5_000)));

        MicadoException effect = failure(client(), HttpRequest.post("/servers/").deadline(SHORT));
        MicadoException read = failure(client(), HttpRequest.get("/servers/").deadline(SHORT));

        assertThat(effect.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(effect).hasMessageContaining("was sent, but there was no whole answer within 300 ms");
        assertThat(read.kind()).isEqualTo(ErrorKind.TRANSIENT);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void theDeadlineCoversTheBody() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok("x".repeat(1_000)).withChunkedDribbleDelay(100, 20_000)));

        MicadoException failure = failure(client(), HttpRequest.get("/servers/").deadline(SHORT));

        assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
    }

    @Test
    void aCallThatFindsNoThreadInTimeWasNotSent() throws Exception {
        SERVER.stubFor(get("/api/slow").willReturn(ok().withFixedDelay(3_000)));
        HttpClient client = client(options().maxConcurrentCalls(1));
        CompletableFuture<MicadoException> first = CompletableFuture.supplyAsync(
                () -> failure(client, HttpRequest.get("/slow").deadline(Duration.ofSeconds(2))));
        eventually(() -> requests() > 0);

        MicadoException second = failure(client, HttpRequest.post("/servers/").deadline(SHORT));

        assertThat(second.kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(second).hasMessageContaining("was not sent");
        assertThat(first.get(10, TimeUnit.SECONDS).kind()).isEqualTo(ErrorKind.TRANSIENT);
        SERVER.verify(0, anyRequestedFor(urlEqualTo("/api/servers/")));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenAnswerIsSentOnceAndLeavesTheOutcomeUnknown(Fault fault) {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));

        MicadoException effect = failure(client(), HttpRequest.post("/servers/"));
        MicadoException read = failure(client(), HttpRequest.get("/servers/"));

        assertThat(effect.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(read.kind()).isEqualTo(ErrorKind.TRANSIENT);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void anAnswerThatIsTooLargeIsGivenUp() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok("x".repeat(1_001))));
        HttpClient client = client(options().maxResponseBytes(1_000));

        assertThat(failure(client, HttpRequest.get("/")).kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(failure(client, HttpRequest.post("/")))
                .hasMessageEndingWith("was sent, but the answer was larger than 1000 bytes")
                .extracting(MicadoException::kind)
                .isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
    }

    @Test
    void anInterruptionEndsTheCall() throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(10_000)));
        HttpClient client = client();
        AtomicReference<MicadoException> failure = new AtomicReference<>();
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            failure.set(failure(client, HttpRequest.post("/servers/")));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        eventually(() -> requests() > 0);

        caller.interrupt();
        caller.join(5_000);

        assertThat(failure.get().kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(stillInterrupted.get()).isTrue();
    }

    @Test
    void closingEndsTheCallsAndRefusesFurtherOnes() throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(10_000)));
        HttpClient client = client();
        CompletableFuture<MicadoException> call =
                CompletableFuture.supplyAsync(() -> failure(client, HttpRequest.get("/servers/")));
        eventually(() -> requests() > 0);

        client.close();
        client.close();

        assertThat(call.get(5, TimeUnit.SECONDS)).hasMessageContaining("the client is closed");
        assertThat(failure(client, HttpRequest.post("/")).kind()).isEqualTo(ErrorKind.TRANSIENT);
    }

    // ---- answers that tell of a failure

    @ParameterizedTest
    @CsvSource({
        "400, CONFIGURATION, CONFIGURATION",
        "401, AUTHENTICATION, AUTHENTICATION",
        "402, QUOTA_EXCEEDED, QUOTA_EXCEEDED",
        "403, AUTHENTICATION, AUTHENTICATION",
        "404, NOT_FOUND, NOT_FOUND",
        "405, UNSUPPORTED, UNSUPPORTED",
        "408, TRANSIENT, TRANSIENT",
        "409, CONFLICT, CONFLICT",
        "410, NOT_FOUND, NOT_FOUND",
        "412, CONFLICT, CONFLICT",
        "422, CONFIGURATION, CONFIGURATION",
        "429, RATE_LIMITED, RATE_LIMITED",
        "500, INTERNAL, INTERNAL",
        "501, UNSUPPORTED, UNSUPPORTED",
        "502, TRANSIENT, OUTCOME_UNKNOWN",
        "503, TRANSIENT, OUTCOME_UNKNOWN",
        "504, TRANSIENT, OUTCOME_UNKNOWN",
        "302, INTERNAL, INTERNAL",
    })
    void statusesAreFailuresOfTheirKindAndNeverSentAgain(int status, ErrorKind read, ErrorKind effect) {
        SERVER.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", SERVER.baseUrl() + "/elsewhere")
                        .withHeader("WWW-Authenticate", "Basic realm=x")
                        .withHeader("Retry-After", "0")));

        assertThat(failure(client(), HttpRequest.get("/")).kind()).isEqualTo(read);
        assertThat(failure(client(), HttpRequest.post("/")).kind()).isEqualTo(effect);
        assertThat(failure(client(), HttpRequest.delete("/")))
                .hasMessageContaining("was answered with " + status)
                .extracting(MicadoException::kind)
                .isEqualTo(effect);
        SERVER.verify(3, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | Thu, 26 Nov 2026 10:00:00 GMT | PT7S",
                "Thu, 26 Nov 2026 10:00:30 GMT | Thu, 26 Nov 2026 10:00:00 GMT | PT30S",
                "Thu, 26 Nov 2026 09:00:00 GMT | Thu, 26 Nov 2026 10:00:00 GMT | PT0S",
                "999999 | Thu, 26 Nov 2026 10:00:00 GMT | PT1H",
            })
    void tellsHowLongToWait(String wait, String date, Duration expected) {
        SERVER.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("Retry-After", wait)
                        .withHeader("Date", date)));

        assertThat(failure(client(), HttpRequest.get("/")).retryAfter()).contains(expected);
    }

    @Test
    void doesNotInventAWait() {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "soon")));

        assertThat(failure(client(), HttpRequest.get("/")).retryAfter()).isEmpty();
    }

    @Test
    void seesHowFarTheOthersClockIsAhead() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withHeader("Date", "Thu, 26 Nov 2122 10:00:00 GMT")));
        HttpClient client = client();
        assertThat(client.clockOffset()).isEmpty();

        client.call(HttpRequest.get("/"));

        assertThat(client.clockOffset())
                .hasValueSatisfying(offset -> assertThat(offset).isGreaterThan(Duration.ofDays(365)));
    }

    // ---- addresses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/",
                "host",
                "https:///path",
                "https://user:hunter2@host/",
                "https://host/?token=hunter2",
                "http://cloud.example/"
            })
    void refusesEndpointsThatCannotOrMustNotBe(String endpoint) {
        assertThatThrownBy(() -> HttpOptions.builder(URI.create(endpoint))
                        .credentials(HttpCredentials.bearer(Secret.of("hunter2")))
                        .build())
                .isInstanceOf(io.micado.api.error.ConfigurationException.class)
                .hasMessageStartingWith("endpoint: ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void plainHttpIsForThoseWithoutCredentialsOrWithPermission() {
        URI plain = URI.create("http://cloud.example/");

        assertThat(HttpOptions.builder(plain).build().endpoint()).contains(plain);
        assertThat(HttpOptions.builder(plain)
                        .credentials(HttpCredentials.bearer(Secret.of("x")))
                        .allowPlainHttp(true)
                        .build()
                        .endpoint())
                .contains(plain);
    }

    // ---- helpers

    private HttpClient client() {
        return client(options());
    }

    private HttpClient client(HttpOptions.Builder options) {
        HttpClient client = HttpClient.open(options.build(), TIME);
        open.add(client);
        return client;
    }

    private static HttpOptions.Builder options() {
        return HttpOptions.builder(URI.create(SERVER.baseUrl() + "/api"));
    }

    private static MicadoException failure(HttpClient client, HttpRequest request) {
        try {
            HttpResponse answer = client.call(request);
            throw new AssertionError("a failure is expected, but was " + answer);
        } catch (MicadoException e) {
            return e;
        }
    }

    private static int requests() {
        return SERVER.getAllServeEvents().size();
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(10)) {
                throw new AssertionError("it did not happen in time");
            }
            Thread.onSpinWait();
        }
    }
}

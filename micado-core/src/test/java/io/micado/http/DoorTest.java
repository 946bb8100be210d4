package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who and what is let in. */
class DoorTest {
    private static final String LIST = "/api/v1/infrastructures";
    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop(
                "shop",
                server -> server.token(Secret.of(Shop.TOKEN))
                        .allowOrigin("https://ops.example.org")
                        .mostBodyBytes(10_000));
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void withoutATokenNothingIsTold() throws Exception {
        for (String path :
                List.of(LIST, "/infrastructures/", "/metrics", "/nothing", LIST + "/shop", LIST + "/shop/events")) {
            HttpResponse<String> answer =
                    shop.send(HttpRequest.newBuilder(shop.server.uri().resolve(path)));
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"micado\"");
            assertThat(answer.body()).doesNotContain(Shop.TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer 0123456789abcdef-toke",
                "Bearer 0123456789abcdef-token2",
                "Basic MDEyMzQ1Njc4OWFiY2RlZi10b2tlbg==",
                "0123456789abcdef-token",
                "Bearer"
            })
    void aWrongTokenIsRefused(String shown) throws Exception {
        HttpResponse<String> answer = shop.send(
                HttpRequest.newBuilder(shop.server.uri().resolve(LIST)).header("Authorization", shown));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(Shop.TOKEN);
    }

    @Test
    void twoTokensOrATokenInTheAddressAreRefused() throws Exception {
        assertThat(shop.raw(
                        "GET " + LIST + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                                + Shop.TOKEN + "\r\nAuthorization: Bearer x\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        HttpRequest.Builder inAddress =
                HttpRequest.newBuilder(shop.server.uri().resolve(LIST + "?token=" + Shop.TOKEN));
        assertThat(shop.send(inAddress).statusCode()).isEqualTo(401);
    }

    @Test
    void theTokenMayRotate() throws Exception {
        String[] token = {"first-token-0123456789"};
        try (Shop rotating = new Shop("rotating", server -> server.token(Secret.from(() -> token[0])))) {
            HttpRequest.Builder first = HttpRequest.newBuilder(
                            rotating.server.uri().resolve(LIST))
                    .header("Authorization", "bearer first-token-0123456789");
            assertThat(rotating.send(first).statusCode()).isEqualTo(200);
            token[0] = "second-token-0123456789";
            assertThat(rotating.send(first).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whyTheTokenCannotBeHadIsNotToldToStrangers() throws Exception {
        String[] token = {Shop.TOKEN};
        Secret broken = Secret.from(() -> {
            if (token[0].isEmpty()) {
                throw new MicadoException(ErrorKind.CONFIGURATION, "file /etc/secret cannot be read");
            }
            return token[0];
        });
        try (Shop other = new Shop("other", server -> server.token(broken))) {
            token[0] = "";
            HttpResponse<String> answer = other.get(LIST);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).doesNotContain("/etc/secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "short"})
    void aTokenThatHasBecomeEmptyOrShortLetsNobodyIn(String became) throws Exception {
        String[] token = {Shop.TOKEN};
        try (Shop other = new Shop("other", server -> server.token(Secret.from(() -> token[0])))) {
            token[0] = became;
            for (String shown : List.of("Bearer " + became, "Bearer \u001c", "Bearer  ", "Bearer " + Shop.TOKEN)) {
                assertThat(other.raw(
                                "GET " + LIST + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                                        + shown + "\r\n\r\n"))
                        .containsPattern("^HTTP/1.1 (503|401|400) ");
            }
        }
    }

    @Test
    void wrongTokensAreCounted() throws Exception {
        double before = wrongTokens();
        shop.send(HttpRequest.newBuilder(shop.server.uri().resolve(LIST)).header("Authorization", "Bearer guess"));
        assertThat(wrongTokens()).isEqualTo(before + 1);
    }

    private static double wrongTokens() throws Exception {
        return shop.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("micado_http_wrong_tokens_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    void theRightTokenOpens() throws Exception {
        HttpResponse<String> answer = shop.get(LIST);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Shop.list(answer)).hasSize(1);
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWhateverItShows() throws Exception {
        assertThat(raw("GET", LIST, "Origin: https://evil.example.org")).startsWith("HTTP/1.1 403");
        assertThat(raw("POST", "/infrastructures/shop/scaleup/worker", "Origin: null"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("OPTIONS", LIST, "Origin: https://evil.example.org\r\nAccess-Control-Request-Method: GET"))
                .startsWith("HTTP/1.1 403")
                .doesNotContain("Access-Control-Allow-Origin");
    }

    @Test
    void ourOwnPageAndAllowedOriginsMayAsk() throws Exception {
        String own = shop.server.uri().toString();
        assertThat(shop.raw("GET " + LIST + " HTTP/1.1\r\nHost: "
                        + shop.server.uri().getAuthority() + "\r\nOrigin: "
                        + own.substring(0, own.length() - 1) + "\r\nConnection: close\r\nAuthorization: Bearer "
                        + Shop.TOKEN + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET", LIST, "Origin: https://ops.example.org"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Access-Control-Allow-Origin: https://ops.example.org")
                .containsIgnoringCase("Vary: Origin");
        assertThat(shop.raw("OPTIONS " + LIST + "/shop HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Origin: https://ops.example.org\r\nAccess-Control-Request-Method: DELETE\r\n\r\n"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("Access-Control-Allow-Methods: DELETE, GET, HEAD, OPTIONS")
                .containsIgnoringCase("Access-Control-Allow-Headers: Authorization, Content-Type, Last-Event-ID");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/../v1/infrastructures",
                "/api/v1/%2e%2e/v1/infrastructures",
                "/api/v1/./infrastructures",
                "/api//v1/infrastructures",
                "/api/v1/infrastructures/a%2fb",
                "/api/v1/infrastructures/a%5cb",
                "/api/v1/infrastructures/a%00b",
                "/api/v1/infrastructures/a%0d%0ab",
                "/api/v1/infrastructures/%c0%ae%c0%ae",
                "/api/v1/infrastructures/%ff",
                "/api/v1/infrastructures/shop;x=1",
                "/dashboard.css/../../../../etc/passwd",
                "/..%2f..%2fetc/passwd"
            })
    void pathsThatCouldBeReadInTwoWaysAreRefused(String path) throws Exception {
        assertThat(raw("GET", path, "X-Nothing: 1")).startsWith("HTTP/1.1 400");
    }

    @Test
    void twoSlashesAtTheBeginningAreNoWayIn() throws Exception {
        // Whether it is a bad path or an unknown one depends on the JDK.
        assertThat(raw("GET", "//api/v1/infrastructures", "X-Nothing: 1")).containsPattern("^HTTP/1.1 40[04] ");
    }

    @Test
    void whatIsNoHttpOrTooLongIsRefused() throws Exception {
        assertThat(raw("GET", "/" + "a".repeat(3_000), "X-Nothing: 1")).startsWith("HTTP/1.1 414");
        assertThat(raw("GET", LIST + "?a=" + "b".repeat(3_000), "X-Nothing: 1")).startsWith("HTTP/1.1 414");
        assertThat(raw("GET", LIST + "?a=%zz", "X-Nothing: 1")).startsWith("HTTP/1.1 400");
        assertThat(shop.raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET", LIST, "X-Long: " + "x".repeat(1 << 20))).doesNotContain("200 OK");
    }

    @Test
    void methodsAreToldApart() throws Exception {
        HttpResponse<String> notAllowed = shop.delete("/metrics");
        assertThat(notAllowed.statusCode()).isEqualTo(405);
        assertThat(notAllowed.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(raw("TRACE", LIST, "X-Nothing: 1")).startsWith("HTTP/1.1 405");
        assertThat(shop.get("/nothing").statusCode()).isEqualTo(404);

        HttpResponse<String> head = shop.send(shop.request(LIST).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0))
                .isEqualTo(shop.get(LIST).body().length());

        HttpResponse<String> options =
                shop.send(HttpRequest.newBuilder(shop.server.uri().resolve(LIST + "/shop"))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).hasValue("DELETE, GET, HEAD, OPTIONS");
    }

    @Test
    void bodiesThatAreTooLongAreRefusedBeforeTheyAreRead() throws Exception {
        String path = LIST + "/shop/services";
        assertThat(raw("POST", path, "Content-Type: application/json\r\nContent-Length: 10001"))
                .startsWith("HTTP/1.1 413");
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        assertThat(shop.raw("POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + Shop.TOKEN + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk.repeat(3) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(raw("POST", path, "Content-Type: application/json\r\nContent-Length: -1"))
                .startsWith("HTTP/1.1 400");
        // What a proxy in front could read in another way is no way to smuggle a second request in.
        assertThat(raw("POST", path, "Content-Length: 5\r\nTransfer-Encoding: chunked"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("POST", path, "Content-Length: 5\r\nContent-Length: 6")).startsWith("HTTP/1.1 400");
        assertThat(raw("POST", path, "Content-Length: five"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("\tat ");
    }

    @Test
    void bodiesThatAreNoJsonAreRefused() throws Exception {
        String path = LIST + "/shop/services";
        HttpResponse<String> wrongType = shop.send(shop.request(path)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(wrongType.statusCode()).isEqualTo(415);
        for (String body : List.of("", "[]", "{", "\"text\"", "{\"a\":}")) {
            assertThat(shop.post(path, body).statusCode()).as(body).isEqualTo(400);
        }
        HttpResponse<String> notUtf8 = shop.send(shop.request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xff, '}'})));
        assertThat(notUtf8.statusCode()).isEqualTo(400);
    }

    @Test
    void everyAnswerTellsBrowsersToBeCareful() throws Exception {
        HttpResponse<String> page = shop.send(HttpRequest.newBuilder(shop.server.uri()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        for (HttpResponse<String> answer : List.of(page, shop.get(LIST), shop.get("/nothing"))) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        }
        assertThat(shop.get(LIST).headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws Exception {
        for (String path : List.of("/", "/dashboard.css", "/dashboard.js")) {
            HttpResponse<String> file =
                    shop.send(HttpRequest.newBuilder(shop.server.uri().resolve(path)));
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://");
        }
    }

    @Test
    void itListensOnTheLoopbackAddressUnlessToldOtherwise() throws Exception {
        assertThat(InetAddress.getByName(shop.server.uri().getHost()).isLoopbackAddress())
                .isTrue();
    }

    @Test
    void anAddressThatOthersReachNeedsAToken() throws IOException {
        InetAddress any = InetAddress.getByName("0.0.0.0");
        assertThatThrownBy(() ->
                        MicadoHttpServer.builder().address(any).withoutToken().build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "token: is required, because 0.0.0.0 can be reached from other hosts: give one, or listen on"
                                + " the loopback address");
        assertThatThrownBy(() -> MicadoHttpServer.builder().build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("token: is required; only on the loopback address it may be left out, by withoutToken()");
        assertThatThrownBy(() -> MicadoHttpServer.builder()
                        .token(Secret.of("short"))
                        .port(70_000)
                        .build())
                .hasMessageContaining("at least 16 characters")
                .hasMessageContaining("0 to 65535")
                .hasMessageNotContaining("short");
    }

    @Test
    void aPortThatIsTakenIsToldInOneSentence() {
        int taken = shop.server.uri().getPort();
        try (MicadoHttpServer second = MicadoHttpServer.builder()
                .token(Secret.of(Shop.TOKEN))
                .port(taken)
                .build()) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(MicadoException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1, port " + taken);
        }
    }

    @Test
    void withoutATokenOnlyNamesOfThisHostAreAnswered() throws Exception {
        try (Shop open = new Shop("open", MicadoHttpServerBuilder::withoutToken)) {
            String request = "GET " + LIST + " HTTP/1.1\r\nConnection: close\r\nHost: ";
            assertThat(open.raw(request + "127.0.0.1:" + open.server.uri().getPort() + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(open.raw(request + "localhost\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertThat(open.raw(request + "[::1]:80\r\n\r\n")).startsWith("HTTP/1.1 200");
            // A name that somebody made point to this host: the browser would take that page for ours.
            assertThat(open.raw(request + "evil.example.org\r\n\r\n")).startsWith("HTTP/1.1 403");
        }
    }

    private static String raw(String method, String path, String header) throws IOException {
        return shop.raw(
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + Shop.TOKEN + "\r\n" + header + "\r\n\r\n");
    }
}

package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.provider.rest.FakeServer.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each cloud's own words mean; the answers are in the form that the clouds document. */
class ErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "CLOUDSIGMA, 400, required-field.json, CONFIGURATION, resource: This field is required.",
        "CLOUDSIGMA, 404, no-such-drive.json, NOT_FOUND, does not exist",
        "CLOUDSIGMA, 403, wrong-state.json, CONFLICT, Guest should be in state",
        "CLOUDSIGMA, 403, not-allowed.json, AUTHENTICATION, You do not have permission",
        "CLOUDSIGMA, 403, limit.json, QUOTA_EXCEEDED, limit of 5 servers",
        "CLOUDSIGMA, 402, funds.json, QUOTA_EXCEEDED, not enough funds",
        "CLOUDSIGMA, 503, concurrency.json, CONFLICT, Please retry",
        "CLOUDSIGMA, 503, no-capacity.json, INSUFFICIENT_CAPACITY, cannot provide enough resources",
        "CLOUDSIGMA, 500, backend.json, INTERNAL, contact the support",
        "CLOUDBROKER, 422, blank.xml, CONFIGURATION, Deployment can't be blank",
        "CLOUDBROKER, 403, budget.xml, QUOTA_EXCEEDED, budget exceeded",
        "CLOUDBROKER, 422, capacity.xml, INSUFFICIENT_CAPACITY, not enough capacity",
        "CLOUDBROKER, 401, denied.txt, AUTHENTICATION, check user name and password",
        "OCCI, 400, one-quota.txt, QUOTA_EXCEEDED, VMS quota",
        "OCCI, 403, nova-quota.txt, QUOTA_EXCEEDED, Quota exceeded for instances",
        "OCCI, 500, no-valid-host.txt, INSUFFICIENT_CAPACITY, No valid host",
        "OCCI, 404, not-found.txt, NOT_FOUND, Requested entity was not found",
        "OCCI, 409, conflict.txt, CONFLICT, State conflict",
        "OCCI, 503, unavailable.txt, OUTCOME_UNKNOWN, temporarily unavailable",
        "OCCI, 502, page.html, OUTCOME_UNKNOWN, 502 Bad Gateway",
    })
    void wordsOfACloud(TestCloud test, int status, String file, ErrorKind kind, String says) {
        MicadoException failure = refused(test, Fault.refused(status, body(test, file)));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("was answered with " + status).hasMessageContaining(says);
    }

    @Test
    void tellsWhatIsLeftOfAQuota() {
        assertThat(refused(TestCloud.OCCI, Fault.refused(403, body(TestCloud.OCCI, "nova-quota.txt")))
                        .remainingQuota())
                .isEqualTo(OptionalInt.of(2));
    }

    @Test
    void knowsTheThrottlingOfOldOpenStack() {
        MicadoException failure = refused(TestCloud.OCCI, Fault.refused(413, "OverLimit", "Retry-After", "9"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).isPresent();
    }

    @Test
    void saysThatAKeystoneTokenIsWanted() {
        MicadoException failure = refused(
                TestCloud.OCCI,
                Fault.refused(401, "", "WWW-Authenticate", "Keystone uri='https://keystone.example.org'"));

        assertThat(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure).hasMessageContaining("Keystone").hasMessageContaining("\"token\"");
    }

    private static MicadoException refused(TestCloud test, Fault fault) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            server.fail(test.making, 1, fault);
            return FaultsTest.failure(cloud, test.request("w1"));
        }
    }

    private static String body(TestCloud test, String file) {
        String path = "/errors/" + test.name().toLowerCase(Locale.ROOT) + "/" + file;
        try (InputStream in = ErrorsTest.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

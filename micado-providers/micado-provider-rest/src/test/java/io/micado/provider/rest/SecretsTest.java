package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchResult;
import io.micado.api.worker.MachineId;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.provider.rest.FakeServer.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plants marked secrets in credentials, tokens and user data, lets the cloud quote them, and searches everything that came out. */
@Isolated("it takes the standard error stream of all")
class SecretsTest {
    private static final String BASE64 =
            Base64.getEncoder().encodeToString(TestCloud.USER_DATA.getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void noSecretComesOut(TestCloud test) {
        StringBuilder out = new StringBuilder();
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        String logger = "io.micado.secrets." + test;
        System.setProperty("org.slf4j.simpleLogger.log." + logger, "trace");
        try (FakeServer server = test.start();
                Cloud cloud = test.open(
                        test.account().with("endpoint", server.address() + test.path),
                        new SystemTimekeeper(),
                        logger)) {
            String quoted = TestCloud.MARKED + "-credential " + BASE64 + " " + TestCloud.USER_DATA + " "
                    + TestCloud.MARKED + "-vnc " + TestCloud.MARKED + "-token";
            server.fail(test.making, 1, Fault.refused(400, answer(test, quoted)));
            server.fail("POST /api/2.0/servers/", 1, Fault.refused(400, answer(test, quoted)));
            out.append(cloud).append(test.account()).append(test.request("w0")).append(test.offering());
            for (int i = 0; i < 4; i++) {
                LaunchResult result =
                        cloud.launch(List.of(test.request("w" + i))).get(0);
                out.append(result);
                if (result instanceof LaunchResult.Failed failed) {
                    append(out, failed.error());
                }
                if (i == 1) {
                    server.fail(test.making, 1, Fault.said(0, quoted));
                }
            }
            out.append(cloud.list(TestCloud.INFRASTRUCTURE));
            server.fail(test.listing, 1, Fault.said(200, quoted));
            try {
                cloud.list(TestCloud.INFRASTRUCTURE);
            } catch (MicadoException e) {
                append(out, e);
            }
            out.append(cloud.terminate(Set.of(new MachineId("c", "m1")))).append(test.warnings);
        } finally {
            System.setErr(err);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains(" -> 400 in ");
        out.append(logged.toString(StandardCharsets.UTF_8));

        assertThat(out.toString())
                .contains("was answered with 400")
                .contains("(secret)")
                .doesNotContain(TestCloud.MARKED)
                .doesNotContain(BASE64)
                .doesNotContain(BASE64.substring(4, 30));
    }

    private static String answer(TestCloud test, String quoted) {
        return switch (test) {
            case CLOUDSIGMA -> FakeCloudSigma.error("validation", quoted);
            case CLOUDBROKER -> "<errors><error>" + quoted + "</error></errors>";
            case OCCI -> quoted;
        };
    }

    private static void append(StringBuilder out, MicadoException error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        out.append(trace);
    }
}

package io.micado.provider.jclouds;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static io.micado.provider.jclouds.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Offering;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Marked secrets go in everywhere; every log at every level, the console and every exception is searched for them. */
@Timeout(60)
@Isolated("it takes the standard error stream of all")
class SecretsTest {
    private static final String MARK = "marked";

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream err = System.err;
    private final PrintStream stdout = System.out;
    private final Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    private final AppenderBase<ILoggingEvent> listener = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            // the fakes' server is no part of the product
            if (!event.getLoggerName().startsWith("org.eclipse")
                    && !event.getLoggerName().startsWith("wiremock")) {
                out.add(event.getLoggerName() + ": " + event.getFormattedMessage());
                if (event.getThrowableProxy() != null) {
                    out.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
                }
            }
        }
    };

    @BeforeEach
    void listen() {
        listener.start();
        root.addAppender(listener);
        root.setLevel(Level.TRACE);
        PrintStream captured = new PrintStream(console, true, StandardCharsets.UTF_8);
        System.setErr(captured);
        System.setOut(captured);
    }

    @AfterEach
    void stop() {
        System.setErr(err);
        System.setOut(stdout);
        root.setLevel(Level.OFF);
        root.detachAppender(listener);
    }

    @Test
    void nothing_of_ec2_comes_out() {
        try (FakeEc2 ec2 = new FakeEc2()) {
            Settings settings = Settings.of(Map.of(
                    "endpoint", ec2.http(),
                    "regionname", "eu-west-1",
                    "accesskey", Secret.of("AKIDmarkedaccess"),
                    "secretkey", Secret.of("marked-secret-key"),
                    "session_token", Secret.of("marked-session-token"),
                    "answer_timeout", "300ms"));
            use(new Ec2Provider(), settings, "t3.micro", ec2, "RunInstances");
        }
    }

    @Test
    void nothing_of_openstack_comes_out() {
        try (FakeNova nova = new FakeNova()) {
            Settings settings = Settings.of(Map.of(
                    "endpoint", nova.http() + "/keystone",
                    "username", "me",
                    "password", Secret.of("marked-password"),
                    "project_id", "p1",
                    "answer_timeout", "300ms"));
            use(new NovaProvider(), settings, "m1.small", nova, FakeNova.CREATE);
            Settings credential = Settings.of(Map.of(
                    "endpoint", nova.http() + "/keystone", "id", "c1", "secret", Secret.of("marked-credential")));
            use(new NovaProvider(), credential, "m1.small", nova, FakeNova.LOGIN);
        }
    }

    private void use(CloudProvider provider, Settings settings, String type, FakeApi fake, String operation) {
        String echo = "Invalid input for field/attribute user_data. Value: "
                + Base64.getEncoder()
                        .encodeToString(Requests.USER_DATA.repeat(3).getBytes(StandardCharsets.UTF_8))
                + " is too long.";
        List<ResponseDefinitionBuilder> answers = List.of(
                FakeEc2.error(400, "InvalidUserData.Malformed", echo),
                FakeNova.error(400, "badRequest", echo),
                aResponse().withStatus(500),
                aResponse().withBody("<html>"),
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                aResponse().withFixedDelay(900));
        out.add(settings.toString());
        Cloud cloud = provider.open(settings, new PluginContext("shop", "cloud", time, "test", out::add));
        out.add(cloud.toString());
        Offering offering = Offering.builder("cloud", type)
                .settings(Settings.of("image_id", "debian"))
                .build();
        out.add(request("w0", offering).toString());
        out.add(cloud.launch(List.of(request("w0", offering))).toString());
        for (ResponseDefinitionBuilder answer : answers) {
            fake.answer(operation, answer);
            try (Cloud each = provider.open(settings, new PluginContext("shop", "cloud", time, "test", out::add))) {
                MicadoException error = Requests.failure(each, request("w1", offering));
                StringWriter trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace, true));
                out.add(trace.toString());
            }
        }
        fake.heal();
        out.add(cloud.list(INFRASTRUCTURE).toString());
        cloud.close();

        out.add(console.toString(StandardCharsets.UTF_8));
        assertThat(out).as("something is logged").anyMatch(line -> line.startsWith("test: POST 127.0.0.1"));
        String encoded = Base64.getEncoder().encodeToString(Requests.USER_DATA.getBytes(StandardCharsets.UTF_8));
        assertThat(Stream.of(MARK, encoded.substring(0, 16), "token-1"))
                .allSatisfy(secret -> assertThat(out).noneMatch(line -> line.contains(secret)));
    }
}

package io.micado.provider.jclouds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.internal.loop.SystemTimekeeper;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    private static final Settings EC2 =
            Settings.of(Map.of("regionname", "r", "accesskey", Secret.of("a"), "secretkey", Secret.of("s")));
    private static final Settings NOVA = Settings.of(Map.of("username", "me", "password", Secret.of("pw")));
    private static final Settings GENERIC = Settings.of(Map.of("provider", "cloudstack"));

    static Stream<Arguments> providers() {
        return Stream.of(
                Arguments.of(new Ec2Provider(), EC2),
                Arguments.of(new NovaProvider(), NOVA),
                Arguments.of(new GenericProvider(), GENERIC));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void credentials_do_not_go_over_plain_http_unless_the_user_says_so(CloudProvider provider, Settings account) {
        Settings plain = account.with("endpoint", "http://cloud.example.org:5000/v3");
        assertThat(refusal(provider, plain))
                .hasMessageContaining("endpoint")
                .hasMessageContaining("http://cloud.example.org")
                .hasMessageContaining("allowPlainHttp");
        provider.open(plain.with("allowPlainHttp", true), context()).close();
        for (String host : new String[] {"127.0.0.1:5000", "localhost", "[::1]:80"}) {
            provider.open(account.with("endpoint", "http://" + host), context()).close();
        }
        assertThat(provider.settings()).anyMatch(key -> key.name().equals("allowPlainHttp"));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_wrong_address_is_not_quoted(CloudProvider provider, Settings account) {
        for (String wrong : new String[] {
            "https://me:marked-pw@cloud.example.org",
            "https://cloud.example.org/?token=marked-pw",
            "https://cloud.example.org/#marked-pw",
            "ftp://marked-pw",
            "https://cloud example.org/marked-pw",
            "marked-pw"
        }) {
            assertThat(refusal(provider, account.with("endpoint", wrong)))
                    .hasMessageContaining("endpoint")
                    .hasMessageNotContaining("marked-pw");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example.org", "http://localhost.example.org"})
    void a_name_that_looks_like_this_machine_is_another_one(String endpoint) {
        assertThat(refusal(new Ec2Provider(), EC2.with("endpoint", endpoint))).hasMessageContaining("plain HTTP");
    }

    private static ConfigurationException refusal(CloudProvider provider, Settings settings) {
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class,
                () -> provider.open(settings, context()).close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private static PluginContext context() {
        return new PluginContext("shop", "any", new SystemTimekeeper(), "test", warning -> {});
    }
}

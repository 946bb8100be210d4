package io.micado.provider.http;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings by which every plug-in of ours over HTTP is told where and how to call. Called by the plug-ins when they are opened. Not
 * instantiable.
 */
public final class HttpSettings {
    /** The address of the other side. */
    public static final String ENDPOINT = "endpoint";
    /** A file with certificates of authorities. */
    public static final String CA_FILE = "tls.caFile";
    /** Whether credentials may go over plain HTTP. */
    public static final String ALLOW_PLAIN_HTTP = "allowPlainHttp";
    /** In how long a call has to be answered. */
    public static final String DEADLINE = "deadline";

    private HttpSettings() {}

    /** {@return the key of the endpoint} */
    public static SettingKey endpointKey(String example, String description) {
        return SettingKey.required(ENDPOINT, SettingKey.Type.STRING, example, description);
    }

    /** {@return the keys that say how to call, whatever the endpoint} */
    public static List<SettingKey> connectionKeys() {
        return List.of(
                SettingKey.optional(
                        CA_FILE,
                        SettingKey.Type.STRING,
                        null,
                        "File with the certificates (PEM) of the authorities to trust; default the system's."),
                SettingKey.optional(
                        ALLOW_PLAIN_HTTP,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether credentials may go over http to another machine; everybody on the way reads them."),
                SettingKey.optional(
                        DEADLINE, SettingKey.Type.DURATION, "30s", "In how long a call has to be answered."));
    }

    /**
     * {@return options of these settings, to be completed}
     *
     * @param settings the settings
     * @param credentials how the client proves who it is
     * @param identity the client's certificate chain and key; empty for none
     * @throws io.micado.api.error.ConfigurationException when a setting is not as it has to be
     */
    public static HttpOptions.Builder options(
            Settings settings, HttpCredentials credentials, Optional<Secret> identity) {
        URI endpoint = endpoint(settings);
        boolean allowPlainHttp = settings.bool(ALLOW_PLAIN_HTTP, false);
        boolean plainAcceptable = allowPlainHttp || (credentials.areNone() && identity.isEmpty());
        HttpOptions.refusal(endpoint, plainAcceptable).ifPresent(why -> {
            throw settings.problem(ENDPOINT, why);
        });
        HttpOptions.Builder options = HttpOptions.builder(endpoint)
                .credentials(credentials)
                .allowPlainHttp(allowPlainHttp)
                .deadline(deadline(settings));
        settings.path(CA_FILE).map(Secret::file).ifPresent(options::trust);
        identity.ifPresent(options::identity);
        return options;
    }

    private static URI endpoint(Settings settings) {
        String text = settings.requiredString(ENDPOINT).strip();
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw settings.problem(ENDPOINT, "must be an address such as https://HOST[:PORT][/PATH]");
        }
    }

    private static Duration deadline(Settings settings) {
        Duration deadline = settings.duration(DEADLINE, Duration.ofSeconds(30));
        if (deadline.isNegative() || deadline.isZero()) {
            throw settings.problem(DEADLINE, "must be more than 0, got " + deadline);
        }
        return deadline;
    }
}

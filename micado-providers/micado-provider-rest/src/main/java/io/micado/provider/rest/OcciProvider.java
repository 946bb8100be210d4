package io.micado.provider.rest;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cloud {@code occi}: any cloud with an Open Cloud Computing Interface 1.1 or 1.2, in its text rendering. Found by {@link java.util.ServiceLoader}
 * and called by the engine and the checks of its input, on any thread. Immutable.
 */
public final class OcciProvider implements CloudProvider {
    static final String PROXY = "proxy";
    static final String TOKEN = "token";
    static final String TOKEN_HEADER = "token_header";
    private static final String AUTHORIZATION = "Authorization";

    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public OcciProvider() {}

    @Override
    public String type() {
        return "occi";
    }

    @Override
    public List<SettingKey> settings() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(HttpSettings.endpointKey(
                "https://occi.example.org:11443", "The address of the interface, up to where /compute/ follows."));
        keys.add(SettingKey.optional(
                PROXY,
                SettingKey.Type.SECRET,
                null,
                "File with an X.509 or VOMS proxy certificate, its key and its chain (PEM); or the PEM itself."));
        keys.add(SettingKey.optional(TOKEN, SettingKey.Type.SECRET, null, "A bearer token."));
        keys.add(
                SettingKey.optional(
                        TOKEN_HEADER,
                        SettingKey.Type.STRING,
                        AUTHORIZATION,
                        "The header that the token goes in: Authorization as a bearer, or another as it is, such as X-Auth-Token."));
        keys.addAll(HttpSettings.connectionKeys());
        return List.copyOf(keys);
    }

    @Override
    public List<SettingKey> machineSettings() {
        return OcciCompute.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        Optional<Secret> identity = settings.secret(PROXY).map(OcciProvider::pem);
        Optional<Secret> token = settings.secret(TOKEN);
        if (identity.isEmpty() && token.isEmpty()) {
            throw settings.problem(PROXY, "is required, unless \"" + TOKEN + "\" is given");
        }
        String header = settings.string(TOKEN_HEADER, AUTHORIZATION);
        HttpCredentials credentials = token.map(secret -> header.equalsIgnoreCase(AUTHORIZATION)
                        ? HttpCredentials.bearer(secret)
                        : HttpCredentials.header(header, secret))
                .orElse(HttpCredentials.NONE);
        HttpClient http = HttpClient.open(
                HttpSettings.options(settings, credentials, identity)
                        .maxConcurrentCalls(OcciCloud.READS_AT_A_TIME)
                        .failures(OcciErrors::read)
                        .loggerName(context.loggerName())
                        .build(),
                context.timekeeper());
        return new OcciCloud(context, http);
    }

    /** {@return the PEM in the file that the value names, read at each use so that it can be renewed, or the value when it is PEM itself} */
    private static Secret pem(Secret given) {
        return Secret.from(() -> {
            String value = given.reveal();
            return value.contains("-----BEGIN ")
                    ? value
                    : Secret.file(Path.of(value.strip())).reveal();
        });
    }
}

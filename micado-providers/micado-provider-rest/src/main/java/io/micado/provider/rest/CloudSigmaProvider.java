package io.micado.provider.rest;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cloud {@code cloudsigma}: CloudSigma, over its API 2.0 in JSON. Found by {@link java.util.ServiceLoader} and called by the engine and
 * the checks of its input, on any thread. Immutable.
 */
public final class CloudSigmaProvider implements CloudProvider {
    static final String EMAIL = "email";
    static final String PASSWORD = "password";
    static final String POLL = "poll";
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(2);

    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public CloudSigmaProvider() {}

    @Override
    public String type() {
        return "cloudsigma";
    }

    @Override
    public List<SettingKey> settings() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(HttpSettings.endpointKey(
                "https://zrh.cloudsigma.com/api/2.0", "The address of the location's API, with /api/2.0."));
        keys.add(SettingKey.required(EMAIL, SettingKey.Type.STRING, "me@example.org", "The user's e-mail address."));
        keys.add(SettingKey.required(
                PASSWORD, SettingKey.Type.SECRET, "${env:CLOUDSIGMA_PASSWORD}", "The user's password."));
        keys.add(SettingKey.optional(
                POLL, SettingKey.Type.DURATION, "2s", "How often to look while drives are cloned or servers stop."));
        keys.addAll(HttpSettings.connectionKeys());
        return List.copyOf(keys);
    }

    @Override
    public List<SettingKey> machineSettings() {
        return CloudSigmaServer.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        HttpCredentials credentials =
                HttpCredentials.basic(Readings.required(settings, EMAIL), settings.requiredSecret(PASSWORD));
        Duration poll = settings.duration(POLL, DEFAULT_POLL);
        if (poll.isNegative() || poll.isZero()) {
            throw settings.problem(POLL, "must be more than 0, got " + poll);
        }
        HttpClient http = HttpClient.open(
                HttpSettings.options(settings, credentials, Optional.empty())
                        .maxConcurrentCalls(CloudSigmaCloud.AT_A_TIME)
                        .failures(CloudSigmaErrors::read)
                        .loggerName(context.loggerName())
                        .build(),
                context.timekeeper());
        return new CloudSigmaCloud(context, http, poll);
    }
}

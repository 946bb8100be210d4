package io.micado.provider.rest;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cloud {@code cloudbroker}: the CloudBroker Platform, over its REST interface in XML. Found by {@link java.util.ServiceLoader} and called
 * by the engine and the checks of its input, on any thread. Immutable.
 */
public final class CloudBrokerProvider implements CloudProvider {
    static final String EMAIL = "email";
    static final String PASSWORD = "password";

    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public CloudBrokerProvider() {}

    @Override
    public String type() {
        return "cloudbroker";
    }

    @Override
    public List<SettingKey> settings() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(HttpSettings.endpointKey(
                "https://platform.example.org", "The address of the platform, up to where /instances.xml follows."));
        keys.add(SettingKey.required(EMAIL, SettingKey.Type.STRING, "me@example.org", "The user's e-mail address."));
        keys.add(SettingKey.required(
                PASSWORD, SettingKey.Type.SECRET, "${env:CLOUDBROKER_PASSWORD}", "The user's password."));
        keys.addAll(HttpSettings.connectionKeys());
        return List.copyOf(keys);
    }

    @Override
    public List<SettingKey> machineSettings() {
        return CloudBrokerInstance.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        HttpCredentials credentials =
                HttpCredentials.basic(Readings.required(settings, EMAIL), settings.requiredSecret(PASSWORD));
        HttpClient http = HttpClient.open(
                HttpSettings.options(settings, credentials, Optional.empty())
                        .maxConcurrentCalls(CloudBrokerCloud.AT_A_TIME)
                        .failures(CloudBrokerErrors::read)
                        .loggerName(context.loggerName())
                        .build(),
                context.timekeeper());
        return new CloudBrokerCloud(context, http);
    }
}

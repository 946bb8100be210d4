package io.micado.provider.jclouds;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An account on any cloud that jclouds' ComputeService serves, checked; made by {@link GenericProvider} when it is opened. Immutable.
 *
 * @param provider jclouds' id of the cloud
 * @param identity who logs in, in the cloud's words
 * @param credential the password, key or token
 * @param endpoint the address of the API; empty for the provider's own
 * @param properties jclouds' own properties
 * @param limits the limits of its requests
 */
record GenericSettings(
        String provider,
        Optional<Secret> identity,
        Optional<Secret> credential,
        Optional<String> endpoint,
        Map<String, String> properties,
        HttpLimits limits) {

    static final String PROVIDER = "provider";
    private static final String IDENTITY = "identity";
    private static final String CREDENTIAL = "credential";
    private static final String ENDPOINT = "endpoint";
    private static final String PROPERTIES = "properties";
    private static final int CONCURRENT = 4;
    /** Whose machines have neither marks nor a name of ours until a second request: a crash before it would lose them. */
    private static final Set<String> NAMED_LATE = Set.of("ec2", "aws-ec2");

    GenericSettings {
        properties = Map.copyOf(properties);
    }

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(SettingKey.required(
                PROVIDER,
                SettingKey.Type.STRING,
                "digitalocean2",
                "jclouds' id of the cloud; given by the type as well: jclouds:digitalocean2."));
        keys.add(SettingKey.optional(
                IDENTITY, SettingKey.Type.SECRET, null, "Who logs in, in the words of that cloud."));
        keys.add(SettingKey.optional(CREDENTIAL, SettingKey.Type.SECRET, null, "The password, key or token."));
        keys.add(SettingKey.optional(
                ENDPOINT, SettingKey.Type.STRING, null, "The address of the API; default the cloud's own."));
        keys.add(SettingKey.optional(
                PROPERTIES, SettingKey.Type.MAP, null, "Properties of jclouds, for what that cloud alone needs."));
        keys.addAll(HttpLimits.keys(CONCURRENT));
        return List.copyOf(keys);
    }

    static GenericSettings from(Settings settings) {
        String provider = settings.requiredString(PROVIDER);
        if (NAMED_LATE.contains(provider)) {
            throw settings.problem(
                    PROVIDER,
                    "\"" + provider
                            + "\" is not taken here, since a crash could lose a machine that is not marked yet; take the "
                            + "cloud type ec2, which marks it from the start");
        }
        return new GenericSettings(
                provider,
                settings.secret(IDENTITY),
                settings.secret(CREDENTIAL),
                settings.string(ENDPOINT).isPresent()
                        ? Optional.of(Endpoints.http(settings, ENDPOINT).toString())
                        : Optional.empty(),
                settings.map(PROPERTIES),
                HttpLimits.from(settings, CONCURRENT));
    }
}

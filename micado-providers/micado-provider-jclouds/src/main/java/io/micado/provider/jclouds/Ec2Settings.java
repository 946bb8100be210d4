package io.micado.provider.jclouds;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An account on EC2, or on a cloud that speaks its language, checked; made by {@link Ec2Provider} when it is opened. Immutable.
 *
 * @param endpoint the address of the API
 * @param region the region, which is part of every signature
 * @param accessKey the id of the access key
 * @param secretKey the access key
 * @param sessionToken the token of temporary credentials
 * @param apiVersion the version of the API to speak
 * @param clientTokens whether the cloud honours client tokens
 * @param limits the limits of its requests
 */
record Ec2Settings(
        URI endpoint,
        String region,
        Secret accessKey,
        Secret secretKey,
        Optional<Secret> sessionToken,
        String apiVersion,
        boolean clientTokens,
        HttpLimits limits) {

    static final String ENDPOINT = "endpoint";
    static final String REGION = "regionname";
    static final String ACCESS_KEY = "accesskey";
    static final String SECRET_KEY = "secretkey";
    private static final String SESSION_TOKEN = "session_token";
    private static final String API_VERSION = "api_version";
    private static final String CLIENT_TOKENS = "client_tokens";

    /** The first version in which a machine is tagged by the request that makes it. */
    private static final String TAGS_AT_LAUNCH = "2016-11-15";

    private static final int CONCURRENT = 10;

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(SettingKey.required(
                ENDPOINT,
                SettingKey.Type.STRING,
                "https://ec2.eu-west-1.amazonaws.com",
                "The address of the region's EC2 API."));
        keys.add(SettingKey.required(REGION, SettingKey.Type.STRING, "eu-west-1", "The name of the region."));
        keys.add(SettingKey.required(
                ACCESS_KEY, SettingKey.Type.SECRET, "${env:AWS_ACCESS_KEY_ID}", "The id of the access key."));
        keys.add(SettingKey.required(
                SECRET_KEY, SettingKey.Type.SECRET, "${env:AWS_SECRET_ACCESS_KEY}", "The secret access key."));
        keys.add(SettingKey.optional(
                SESSION_TOKEN, SettingKey.Type.SECRET, null, "The session token of temporary credentials."));
        keys.add(SettingKey.optional(
                API_VERSION,
                SettingKey.Type.STRING,
                TAGS_AT_LAUNCH,
                "The version of the API; older ones are for clouds that do not know tags in RunInstances."));
        keys.add(SettingKey.optional(
                CLIENT_TOKENS,
                SettingKey.Type.BOOLEAN,
                "true",
                "Whether the cloud honours client tokens; EC2 itself does."));
        keys.addAll(HttpLimits.keys(CONCURRENT));
        return List.copyOf(keys);
    }

    static Ec2Settings from(Settings settings) {
        String version = settings.string(API_VERSION, TAGS_AT_LAUNCH);
        if (!version.matches("\\d{4}-\\d{2}-\\d{2}")) {
            throw settings.problem(
                    API_VERSION, "must be a date such as " + TAGS_AT_LAUNCH + ", got \"" + version + "\"");
        }
        return new Ec2Settings(
                Endpoints.http(settings, ENDPOINT),
                settings.requiredString(REGION),
                settings.requiredSecret(ACCESS_KEY),
                settings.requiredSecret(SECRET_KEY),
                settings.secret(SESSION_TOKEN),
                version,
                settings.bool(CLIENT_TOKENS, true),
                HttpLimits.from(settings, CONCURRENT));
    }

    /** {@return whether RunInstances itself sets tags} */
    boolean tagsAtLaunch() {
        return apiVersion.compareTo(TAGS_AT_LAUNCH) >= 0;
    }
}

package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;

/**
 * How patient and how careful the requests to a cloud are. Immutable.
 *
 * @param connect how long a connection may take to come about
 * @param answer how long the cloud may be silent before the answer counts as lost
 * @param listLag how long after its launch a machine may be missing from a list
 * @param concurrent the most requests at a time that change something
 * @param trustAnyCertificate whether the cloud's certificate goes unchecked
 * @param plainHttp whether credentials may go over plain HTTP to another machine
 */
record HttpLimits(
        Duration connect,
        Duration answer,
        Duration listLag,
        int concurrent,
        boolean trustAnyCertificate,
        boolean plainHttp) {
    private static final String CONNECT = "connect_timeout";
    private static final String ANSWER = "answer_timeout";
    private static final String LIST_LAG = "list_lag";
    private static final String CONCURRENT = "max_concurrent_calls";
    private static final String TRUST_ANY = "trust_any_certificate";

    static List<SettingKey> keys(int concurrent) {
        return List.of(
                Endpoints.plainHttpKey(),
                SettingKey.optional(
                        CONNECT,
                        SettingKey.Type.DURATION,
                        "10s",
                        "How long a connection to the cloud may take to come about."),
                SettingKey.optional(
                        ANSWER,
                        SettingKey.Type.DURATION,
                        "30s",
                        "How long the cloud may be silent before its answer counts as lost."),
                SettingKey.optional(
                        LIST_LAG,
                        SettingKey.Type.DURATION,
                        "60s",
                        "How long after its launch a machine may be missing from a list."),
                SettingKey.optional(
                        CONCURRENT,
                        SettingKey.Type.INTEGER,
                        String.valueOf(concurrent),
                        "The most launches and deletions at a time."),
                SettingKey.optional(
                        TRUST_ANY,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether the cloud's certificate goes unchecked; for test systems only."));
    }

    static HttpLimits from(Settings settings, int concurrent) {
        int atATime = settings.integer(CONCURRENT, concurrent);
        if (atATime < 1) {
            throw settings.problem(CONCURRENT, "must be 1 or more, got " + atATime);
        }
        return new HttpLimits(
                positive(settings, CONNECT, Duration.ofSeconds(10)),
                positive(settings, ANSWER, Duration.ofSeconds(30)),
                positive(settings, LIST_LAG, Duration.ofSeconds(60)),
                atATime,
                settings.bool(TRUST_ANY, false),
                Endpoints.allowsPlainHttp(settings));
    }

    private static Duration positive(Settings settings, String key, Duration defaultValue) {
        Duration value = settings.duration(key, defaultValue);
        if (value.toMillis() < 1) {
            throw settings.problem(key, "must be longer than nothing, got " + value);
        }
        return value;
    }

    /** {@return how long a call may take in all, with the login that it may need} */
    Duration call() {
        return connect.plus(answer).multipliedBy(2);
    }
}

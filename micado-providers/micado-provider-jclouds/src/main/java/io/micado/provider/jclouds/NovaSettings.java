package io.micado.provider.jclouds;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An account on an OpenStack cloud, checked; made by {@link NovaProvider} when it is opened. Immutable.
 *
 * @param endpoint the address of Keystone, version 3
 * @param login as whom to log in, and for what
 * @param region the region; empty for the only one
 * @param limits the limits of its requests
 */
record NovaSettings(URI endpoint, Login login, Optional<String> region, HttpLimits limits) {
    static final String ENDPOINT = "endpoint";
    private static final String TYPE = "type";
    private static final String APPLICATION_CREDENTIAL = "application_credential";
    static final String USERNAME = "username";
    static final String PASSWORD = "password";
    static final String ID = "id";
    static final String SECRET = "secret";
    private static final String USER_DOMAIN = "user_domain_name";
    static final String PROJECT_ID = "project_id";
    static final String PROJECT_NAME = "tenant_name";
    private static final String PROJECT_DOMAIN = "project_domain_name";
    private static final String REGION = "region_name";

    private static final String DEFAULT_DOMAIN = "Default";
    private static final int CONCURRENT = 10;

    /** As whom to log in at Keystone. */
    sealed interface Login {}

    /**
     * A user with a password, in a project.
     *
     * @param project the project's id, or its name; empty for the user's default one
     * @param byName whether it is the name
     */
    record ByPassword(
            String user,
            String userDomain,
            Secret password,
            Optional<String> project,
            boolean byName,
            String projectDomain)
            implements Login {}

    /** An application credential, which belongs to one user in one project. */
    record ByApplicationCredential(String id, Secret secret) implements Login {}

    static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>();
        keys.add(SettingKey.required(
                ENDPOINT,
                SettingKey.Type.STRING,
                "https://keystone.example.org:5000/v3",
                "The address of Keystone; version 3 unless the address says so."));
        keys.add(SettingKey.optional(
                TYPE,
                SettingKey.Type.STRING,
                null,
                "How to log in: " + APPLICATION_CREDENTIAL + ", or nothing for user name and password."));
        keys.add(SettingKey.optional(USERNAME, SettingKey.Type.STRING, null, "The user's name."));
        keys.add(SettingKey.optional(PASSWORD, SettingKey.Type.SECRET, null, "The user's password."));
        keys.add(SettingKey.optional(ID, SettingKey.Type.STRING, null, "The id of an application credential."));
        keys.add(SettingKey.optional(SECRET, SettingKey.Type.SECRET, null, "The secret of an application credential."));
        keys.add(SettingKey.optional(
                USER_DOMAIN, SettingKey.Type.STRING, DEFAULT_DOMAIN, "The name of the user's domain."));
        keys.add(SettingKey.optional(
                PROJECT_ID,
                SettingKey.Type.STRING,
                null,
                "The id of the project; default the user's own default project."));
        keys.add(SettingKey.optional(
                PROJECT_NAME, SettingKey.Type.STRING, null, "The name of the project, instead of its id."));
        keys.add(SettingKey.optional(
                PROJECT_DOMAIN, SettingKey.Type.STRING, DEFAULT_DOMAIN, "The name of the project's domain."));
        keys.add(SettingKey.optional(
                REGION, SettingKey.Type.STRING, null, "The name of the region; default the only one that there is."));
        keys.addAll(HttpLimits.keys(CONCURRENT));
        return List.copyOf(keys);
    }

    static NovaSettings from(Settings settings) {
        return new NovaSettings(
                keystone(settings),
                login(settings),
                settings.string(REGION).filter(region -> !region.isBlank()),
                HttpLimits.from(settings, CONCURRENT));
    }

    private static URI keystone(Settings settings) {
        URI given = Endpoints.http(settings, ENDPOINT);
        String path = String.valueOf(given.getPath());
        if (path.endsWith("/v2.0")) {
            throw settings.problem(
                    ENDPOINT, "\"" + given + "\" is version 2 of Keystone, which is no more; name version 3");
        }
        return path.endsWith("/v3") ? given : URI.create(given + "/v3");
    }

    private static Login login(Settings settings) {
        String type = settings.string(TYPE, "");
        if (type.equals(APPLICATION_CREDENTIAL)
                || (type.isEmpty() && settings.raw(ID).isPresent())) {
            return new ByApplicationCredential(settings.requiredString(ID), settings.requiredSecret(SECRET));
        }
        if (!type.isEmpty() && !type.equals("nova") && !type.equals("password")) {
            throw settings.problem(TYPE, "must be " + APPLICATION_CREDENTIAL + " or password, got \"" + type + "\"");
        }
        Optional<String> projectId = settings.string(PROJECT_ID).filter(id -> !id.isBlank());
        Optional<String> projectName = settings.string(PROJECT_NAME).filter(name -> !name.isBlank());
        Optional<String> project = projectId.or(() -> projectName);
        if (project.filter(name -> name.contains(":")).isPresent()) {
            throw settings.problem(
                    projectId.isPresent() ? PROJECT_ID : PROJECT_NAME,
                    "must not contain a colon; name the project by its id");
        }
        return new ByPassword(
                settings.requiredString(USERNAME),
                settings.string(USER_DOMAIN, DEFAULT_DOMAIN),
                settings.requiredSecret(PASSWORD),
                project,
                projectId.isEmpty(),
                settings.string(PROJECT_DOMAIN, DEFAULT_DOMAIN));
    }
}

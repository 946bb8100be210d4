package io.micado.provider.monitoring;

import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.provider.http.HttpCredentials;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpSettings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Prometheus servers are, as the user set it: addresses, or the name of a service of Consul's. Immutable; shows no secret.
 *
 * @param settings the source's settings
 * @param credentials how we prove who we are
 * @param identity our certificate chain and key
 * @param known the servers that were set
 * @param consul who tells of them otherwise
 */
record PrometheusPlaces(
        Settings settings,
        HttpCredentials credentials,
        Optional<Secret> identity,
        List<HttpOptions.Builder> known,
        Optional<Consul> consul) {

    private static final Pattern BY_CONSUL = Pattern.compile("consul(\\+https)?:([A-Za-z0-9._-]+)");
    private static final String CONSUL_ENDPOINT = "consul.endpoint";
    private static final String CONSUL_TOKEN = "consul.token";
    private static final String LOCAL_AGENT = "http://127.0.0.1:8500";

    static final List<SettingKey> KEYS = List.of(
            SettingKey.optional(
                    CONSUL_ENDPOINT,
                    SettingKey.Type.STRING,
                    LOCAL_AGENT,
                    "The HTTP interface of the Consul agent that knows the servers, where endpoint is consul:SERVICE."),
            SettingKey.optional(CONSUL_TOKEN, SettingKey.Type.SECRET, null, "ACL token that may read the service."));

    /**
     * Who tells where they are.
     *
     * @param service the service's name
     * @param scheme how its instances are called
     * @param agent how the agent is called
     */
    record Consul(String service, String scheme, HttpOptions.Builder agent) {}

    static PrometheusPlaces from(Settings settings, HttpCredentials credentials, Optional<Secret> identity) {
        List<String> endpoints = settings.list(HttpSettings.ENDPOINT);
        if (endpoints.isEmpty()) {
            throw settings.problem(HttpSettings.ENDPOINT, "is required: the address of a Prometheus server");
        }
        Matcher byConsul = BY_CONSUL.matcher(endpoints.get(0).strip());
        if (endpoints.size() == 1 && byConsul.matches()) {
            Consul consul =
                    new Consul(byConsul.group(2), byConsul.group(1) == null ? "http" : "https", agent(settings));
            return new PrometheusPlaces(settings, credentials, identity, List.of(), Optional.of(consul));
        }
        List<HttpOptions.Builder> known = endpoints.stream()
                .map(endpoint -> options(settings, credentials, identity, endpoint))
                .toList();
        return new PrometheusPlaces(settings, credentials, identity, known, Optional.empty());
    }

    private static HttpOptions.Builder agent(Settings settings) {
        HttpCredentials token = settings.secret(CONSUL_TOKEN)
                .map(secret -> HttpCredentials.header("X-Consul-Token", secret))
                .orElse(HttpCredentials.NONE);
        return options(settings, token, Optional.empty(), settings.string(CONSUL_ENDPOINT, LOCAL_AGENT));
    }

    /** {@return the address of an instance that Consul tells} */
    String address(String hostAndPort) {
        return consul.map(Consul::scheme).orElse("http") + "://" + hostAndPort;
    }

    /** {@return how the server at an address is called} */
    HttpOptions.Builder options(String address) {
        return options(settings, credentials, identity, address);
    }

    private static HttpOptions.Builder options(
            Settings settings, HttpCredentials credentials, Optional<Secret> identity, String endpoint) {
        return HttpSettings.options(settings.with(HttpSettings.ENDPOINT, endpoint), credentials, identity);
    }
}

package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the engines of a Swarm's managers as the healthy instances of a service that a Consul agent knows, for {@link Managers}, on
 * whose caller's thread it waits. Immutable; shows no token.
 *
 * @param service the service's name
 * @param agent the address of the agent's HTTP interface
 * @param token the ACL token that may read the service
 */
record ConsulManagers(String service, URI agent, Optional<Secret> token) {
    private static final String ENDPOINT = "consul.endpoint";
    private static final String TOKEN = "consul.token";
    private static final String LOCAL_AGENT = "http://127.0.0.1:8500";
    private static final Pattern BY_CONSUL = Pattern.compile("consul:([A-Za-z0-9._-]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static final List<SettingKey> KEYS = List.of(
            SettingKey.optional(
                    ENDPOINT,
                    SettingKey.Type.STRING,
                    LOCAL_AGENT,
                    "The HTTP interface of the Consul agent that knows the managers, where hosts is consul:SERVICE."),
            SettingKey.optional(TOKEN, SettingKey.Type.SECRET, null, "ACL token that may read the service."));

    /** {@return who finds the managers; empty where hosts names no service of Consul's} */
    static Optional<ConsulManagers> of(Settings settings, List<String> hosts) {
        Matcher named = BY_CONSUL.matcher(hosts.isEmpty() ? "" : hosts.get(0).strip());
        if (hosts.size() != 1 || !named.matches()) {
            return Optional.empty();
        }
        String agent = settings.string(ENDPOINT, LOCAL_AGENT);
        if (!agent.matches("https?://[^/\\s?#@]+/?")) {
            throw settings.problem(ENDPOINT, "must be http://HOST:PORT or https://HOST:PORT and no more");
        }
        return Optional.of(
                new ConsulManagers(named.group(1), URI.create(agent.replaceAll("/$", "")), settings.secret(TOKEN)));
    }

    /**
     * {@return the engines' addresses, in an order that stays}
     *
     * @throws MicadoException when the agent does not answer, or knows no healthy instance
     */
    List<URI> find() {
        JsonNode instances = ask();
        TreeSet<URI> found = new TreeSet<>();
        for (JsonNode instance : instances) {
            String own = instance.path("Service").path("Address").asText("");
            String host = own.isEmpty() ? instance.path("Node").path("Address").asText("") : own;
            int port = instance.path("Service").path("Port").asInt();
            if (!host.isEmpty() && port > 0) {
                found.add(URI.create("tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port));
            }
        }
        if (found.isEmpty()) {
            throw problem("it knows no healthy instance with a port", null);
        }
        return List.copyOf(found);
    }

    private JsonNode ask() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        agent.resolve("/v1/health/service/" + service + "?passing=true"))
                .timeout(PATIENCE);
        token.ifPresent(secret -> request.header("X-Consul-Token", secret.reveal()));
        try {
            HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw problem("it answers with status " + answer.statusCode(), null);
            }
            return MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw problem(e.getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problem("the question was interrupted", e);
        }
    }

    private MicadoException problem(String what, @Nullable Throwable cause) {
        return new MicadoException(
                ErrorKind.TRANSIENT,
                "Consul at " + agent + " does not tell where the Swarm's managers are, service \"" + service + "\": "
                        + what,
                cause);
    }
}

package io.micado.provider.jclouds;

import com.google.common.base.Supplier;
import com.google.common.collect.ImmutableList;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jclouds.ContextBuilder;
import org.jclouds.domain.Credentials;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpCommandExecutorService;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;
import org.jclouds.openstack.keystone.auth.config.CredentialTypes;
import org.jclouds.openstack.keystone.auth.filters.AuthenticateRequest;
import org.jclouds.openstack.keystone.catalog.ServiceEndpoint;
import org.jclouds.openstack.keystone.config.KeystoneProperties;
import org.jclouds.openstack.nova.v2_0.NovaApi;
import org.jclouds.openstack.nova.v2_0.NovaApiMetadata;
import org.jclouds.rest.ApiContext;
import org.slf4j.Logger;

/**
 * The requests to one OpenStack account, over a jclouds context that is opened at the first of them. Called by {@link NovaCloud} and its helpers on
 * the threads of {@link Calls}. Thread-safe.
 *
 * <p>Servers are made and deleted, and flavors read, through jclouds' {@link NovaApi}. Its lists of servers fail on one that was booted
 * from a volume, and its Neutron has no descriptions, by which we know our own again: those requests are put together here, with the same login.
 */
final class NovaSession implements AutoCloseable {
    /** The types under which the services stand in the catalog, the present one first. */
    enum Service {
        COMPUTE("", "compute"),
        IMAGE("/v2", "image"),
        NETWORK("/v2.0", "network"),
        VOLUME("", "block-storage", "volumev3", "volume");

        private final String version;
        private final ImmutableList<String> types;

        Service(String version, String... types) {
            this.version = version;
            this.types = ImmutableList.copyOf(types);
        }
    }

    /** How the one region of the context is called inside; outside, the catalog decides. */
    static final String REGION = "region";

    private final NovaSettings settings;
    private final Timekeeper timekeeper;
    private final Logger log;
    private final CloudErrors errors;
    private final Lazy<ApiContext<NovaApi>> context = new Lazy<>(this::open);

    NovaSession(NovaSettings settings, Timekeeper timekeeper, Logger log, CloudErrors errors) {
        this.settings = settings;
        this.timekeeper = timekeeper;
        this.log = log;
        this.errors = errors;
    }

    private ApiContext<NovaApi> open() {
        Properties properties = new Properties();
        properties.setProperty(KeystoneProperties.KEYSTONE_VERSION, "3");
        if (settings.login() instanceof NovaSettings.ByPassword login) {
            properties.setProperty(KeystoneProperties.CREDENTIAL_TYPE, CredentialTypes.PASSWORD_CREDENTIALS);
            // Without a scope Keystone takes the user's default project.
            login.project()
                    .ifPresent(project -> properties.setProperty(
                            KeystoneProperties.SCOPE, (login.byName() ? "project:" : "projectId:") + project));
            properties.setProperty(KeystoneProperties.TENANT_NAME, login.userDomain());
            if (login.byName()) {
                properties.setProperty(KeystoneProperties.PROJECT_DOMAIN_NAME, login.projectDomain());
            }
        } else {
            properties.setProperty(KeystoneProperties.CREDENTIAL_TYPE, CredentialTypes.API_ACCESS_KEY_CREDENTIALS);
            // Else jclouds looks for a tenant in the id.
            properties.setProperty(KeystoneProperties.TENANT_NAME, "");
        }
        ContextBuilder builder = ContextBuilder.newBuilder(new NovaApiMetadata()
                        .toBuilder()
                                .defaultModules(Set.of()) // without those of ComputeService
                                .build())
                .endpoint(settings.endpoint().toString())
                .credentialsSupplier(this::credentials);
        ContextBuilder prepared = Contexts.prepared(
                builder,
                properties,
                settings.limits(),
                timekeeper,
                log,
                NovaModules.all(REGION, () -> endpoint(Service.COMPUTE)));
        return Contexts.started(() -> prepared.build());
    }

    /** Asked for at each login, so that passwords can rotate. */
    private Credentials credentials() {
        if (settings.login() instanceof NovaSettings.ByPassword login) {
            return new Credentials(login.user(), login.password().reveal());
        }
        NovaSettings.ByApplicationCredential login = (NovaSettings.ByApplicationCredential) settings.login();
        return new Credentials(login.id(), login.secret().reveal());
    }

    /** {@return the result of a request through jclouds' typed API} */
    <T> T typed(String what, boolean changes, Function<NovaApi, T> call) {
        return explained(what, changes, () -> call.apply(context.get().getApi()));
    }

    /** {@return the objects in the list of this name that is the answer to a GET} */
    List<JsonObject> list(String what, Service service, String path, String name) {
        return Json.objects(page(what, service, path, name), name);
    }

    /**
     * {@return the answer to a GET, with a list of this name} An answer without the list is none: to take it for an empty one would be a lie about
     * what exists.
     */
    JsonObject page(String what, Service service, String path, String name) {
        JsonObject answer = get(what, service, path);
        if (!(answer.get(name) instanceof JsonArray)) {
            throw errors.unreadable(what, false, "it has no list of " + name);
        }
        return answer;
    }

    /** {@return the answer to a GET} */
    JsonObject get(String what, Service service, String path) {
        return explained(what, false, () -> send(what, false, "GET", service, path, Optional.empty()));
    }

    /** {@return the answer to a POST} */
    JsonObject post(String what, Service service, String path, JsonObject body) {
        return explained(what, true, () -> send(what, true, "POST", service, path, Optional.of(body)));
    }

    void delete(String what, Service service, String path) {
        explained(what, true, () -> send(what, true, "DELETE", service, path, Optional.empty()));
    }

    private <T> T explained(String what, boolean changes, java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw errors.explain(what, changes, e);
        }
    }

    private JsonObject send(
            String what, boolean changes, String method, Service service, String path, Optional<JsonObject> body) {
        Injector injector = context.get().utils().injector();
        HttpRequest.Builder<?> request = HttpRequest.builder()
                .method(method)
                .endpoint(endpoint(service) + path)
                .addHeader("Accept", "application/json")
                .filter(injector.getInstance(AuthenticateRequest.class));
        body.ifPresent(json -> {
            request.payload(json.toString());
        });
        HttpRequest built = request.build();
        if (built.getPayload() != null) {
            built.getPayload().getContentMetadata().setContentType("application/json");
        }
        HttpResponse response =
                injector.getInstance(HttpCommandExecutorService.class).invoke(new HttpCommand(built));
        if (response.getPayload() == null) {
            return new JsonObject();
        }
        try (InputStream in = response.getPayload().openStream()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.isBlank() ? new JsonObject() : object(JsonParser.parseString(text));
        } catch (IOException | JsonParseException e) {
            throw errors.unreadable(what, changes, e.getClass().getSimpleName());
        }
    }

    private static JsonObject object(JsonElement element) {
        if (!element.isJsonObject()) {
            throw new JsonParseException("no object");
        }
        return element.getAsJsonObject();
    }

    /** {@return whether the catalog has a service} */
    boolean has(Service service) {
        return find(service).isPresent();
    }

    private URI endpoint(Service service) {
        return find(service)
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.CONFIGURATION,
                        "the catalog has no public address of type " + service.types.get(0)
                                + settings.region()
                                        .map(region -> " in region \"" + region + "\"")
                                        .orElse("") + "; regions: " + regions() + hint()));
    }

    private String hint() {
        boolean unscoped = settings.login() instanceof NovaSettings.ByPassword login
                && login.project().isEmpty();
        return unscoped && catalog().isEmpty()
                ? "; the user has no default project: set project_id or tenant_name"
                : "";
    }

    private Optional<URI> find(Service service) {
        for (String type : service.types) {
            List<URI> found = catalog().stream()
                    .filter(endpoint -> endpoint.type().equals(type))
                    .filter(endpoint -> endpoint.iface() == ServiceEndpoint.Interface.PUBLIC)
                    .filter(endpoint -> settings.region().isEmpty()
                            || settings.region().get().equals(endpoint.regionId()))
                    .map(ServiceEndpoint::url)
                    .distinct()
                    .toList();
            if (found.size() > 1 && settings.region().isEmpty()) {
                throw new MicadoException(
                        ErrorKind.CONFIGURATION,
                        "this cloud has several regions; set region_name to one of " + regions());
            }
            if (!found.isEmpty()) {
                if (Endpoints.isExposed(found.get(0)) && !settings.limits().plainHttp()) {
                    throw new MicadoException(
                            ErrorKind.CONFIGURATION,
                            "the catalog's address of type " + type + ", " + Endpoints.plainHttp(found.get(0)));
                }
                String url = found.get(0).toString().replaceAll("/+$", "");
                return Optional.of(URI.create(url.endsWith(service.version) ? url : url + service.version));
            }
        }
        return Optional.empty();
    }

    private Set<String> regions() {
        Set<String> regions = new TreeSet<>();
        catalog().forEach(endpoint -> Optional.ofNullable(endpoint.regionId()).ifPresent(regions::add));
        return regions;
    }

    private List<ServiceEndpoint> catalog() {
        Supplier<List<ServiceEndpoint>> catalog = context.get()
                .utils()
                .injector()
                .getInstance(Key.get(new TypeLiteral<Supplier<List<ServiceEndpoint>>>() {}));
        return Objects.requireNonNull(catalog.get(), "catalog");
    }

    @Override
    public void close() {
        context.take().ifPresent(ApiContext::close);
    }
}

package io.micado.provider.jclouds;

import static org.jclouds.rest.config.BinderUtils.bindHttpApi;

import com.google.common.cache.LoadingCache;
import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.Module;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jclouds.domain.Credentials;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpErrorHandler;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.HttpRetryHandler;
import org.jclouds.http.annotation.ClientError;
import org.jclouds.http.annotation.Redirection;
import org.jclouds.http.annotation.ServerError;
import org.jclouds.location.suppliers.RegionIdToURISupplier;
import org.jclouds.openstack.keystone.auth.AuthenticationApi;
import org.jclouds.openstack.keystone.auth.config.AuthenticationModule;
import org.jclouds.openstack.keystone.auth.domain.AuthInfo;
import org.jclouds.openstack.keystone.catalog.config.ServiceCatalogModule;
import org.jclouds.openstack.keystone.v3.auth.V3AuthenticationApi;
import org.jclouds.openstack.nova.v2_0.config.NovaHttpApiModule;
import org.jclouds.openstack.nova.v2_0.config.NovaParserModule;
import org.jclouds.rest.ConfiguresHttpApi;

/**
 * How jclouds speaks with one OpenStack account. Used by {@link NovaSession}. Not instantiable; its modules are immutable.
 */
final class NovaModules {
    private NovaModules() {}

    /** @param compute finds the address of Nova in the catalog */
    static List<Module> all(String region, Supplier<URI> compute) {
        return List.of(
                new Login(),
                new ServiceCatalogModule(),
                new OneRegion(region, compute),
                new NovaParserModule(),
                new Nova());
    }

    /** Errors as they came, and no retries. */
    @ConfiguresHttpApi
    private static final class Nova extends NovaHttpApiModule {
        @Override
        protected void bindErrorHandlers() {
            KeepRefusal handler = new KeepRefusal();
            bind(HttpErrorHandler.class).annotatedWith(Redirection.class).toInstance(handler);
            bind(HttpErrorHandler.class).annotatedWith(ClientError.class).toInstance(handler);
            bind(HttpErrorHandler.class).annotatedWith(ServerError.class).toInstance(handler);
        }

        @Override
        protected void bindRetryHandlers() {
            bind(HttpRetryHandler.class).annotatedWith(Redirection.class).toInstance(HttpRetryHandler.NEVER_RETRY);
            bind(HttpRetryHandler.class).annotatedWith(ServerError.class).toInstance(HttpRetryHandler.NEVER_RETRY);
        }
    }

    /** Keystone version 3 alone. */
    private static final class Login extends AuthenticationModule {
        @Override
        protected void configure() {
            bind(HttpRetryHandler.class).annotatedWith(ClientError.class).to(NewTokenOnce.class);
            bindHttpApi(binder(), V3AuthenticationApi.class);
        }

        @Override
        protected Map<String, AuthenticationApi> authenticationApis(Injector injector) {
            return Map.of("3", injector.getInstance(V3AuthenticationApi.class));
        }
    }

    /**
     * Sends a request again, once, whose token was refused: it has run out, and a request without a valid token is never carried out. jclouds' own
     * handler repeats refused passwords too, five times in 16 s, by which some clouds lock an account.
     */
    @Singleton
    static final class NewTokenOnce implements HttpRetryHandler {
        private final LoadingCache<Credentials, AuthInfo> tokens;

        @Inject
        NewTokenOnce(LoadingCache<Credentials, AuthInfo> tokens) {
            this.tokens = tokens;
        }

        @Override
        public boolean shouldRetryRequest(HttpCommand command, HttpResponse response) {
            if (response.getStatusCode() != 401 || KeepRefusal.isLogin(command.getCurrentRequest())) {
                return false;
            }
            tokens.invalidateAll();
            return command.incrementFailureCount() == 1;
        }
    }

    /** One region, under a name of ours. */
    private static final class OneRegion extends AbstractModule {
        private final String region;
        private final Supplier<URI> compute;

        OneRegion(String region, Supplier<URI> compute) {
            this.region = region;
            this.compute = compute;
        }

        @Override
        protected void configure() {
            Map<String, com.google.common.base.Supplier<URI>> only = Map.of(region, compute::get);
            bind(RegionIdToURISupplier.class).toInstance(() -> only);
        }
    }
}

package io.micado.provider.jclouds;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.inject.Module;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import io.micado.api.time.Timekeeper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jclouds.Constants;
import org.jclouds.ContextBuilder;
import org.jclouds.apis.ApiMetadata;
import org.jclouds.apis.Apis;
import org.jclouds.compute.ComputeServiceContext;
import org.jclouds.concurrent.config.ExecutorServiceModule;
import org.jclouds.domain.Credentials;
import org.jclouds.http.config.ConfiguresHttpCommandExecutorService;
import org.jclouds.providers.Providers;
import org.slf4j.Logger;

/**
 * What the contexts of all clouds have in common: no retries of jclouds' own, since what may be sent again is the engine's to decide; limits of
 * time; no logging but ours; no threads but ours. Called by the sessions when they are first used. Stateless.
 */
final class Contexts {
    private Contexts() {}

    /**
     * {@return the context that a builder makes} Nothing is sent.
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when jclouds cannot start, such as with other releases of its libraries
     */
    static <C> C started(Supplier<C> builder) {
        try {
            return builder.get();
        } catch (MicadoException e) {
            throw e; // of the credentials, which are read now
        } catch (RuntimeException | LinkageError e) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "jclouds cannot start; check for other releases of its libraries on the class path: "
                            + CloudErrors.presentable(String.valueOf(e.getMessage())));
        }
    }

    /** {@return the builder of a context of one API, complete} */
    static ContextBuilder prepared(
            ContextBuilder builder,
            Properties own,
            HttpLimits limits,
            Timekeeper timekeeper,
            Logger log,
            List<Module> more) {
        return prepare(builder, own, limits, more).modules(List.of(new GuardedHttp.Module(timekeeper, log)));
    }

    /**
     * {@return an open context of ComputeService} Nothing is sent. A cloud that brings an HTTP client of its own keeps it.
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when there is no such cloud, or jclouds cannot start
     */
    static ComputeServiceContext openCompute(GenericSettings settings, Timekeeper timekeeper, Logger log) {
        try {
            ContextBuilder builder = ContextBuilder.newBuilder(settings.provider())
                    .credentialsSupplier(() -> new Credentials(
                            settings.identity().map(Secret::reveal).orElse(""),
                            settings.credential().map(Secret::reveal).orElse("")));
            settings.endpoint().ifPresent(builder::endpoint);
            Properties own = new Properties();
            own.putAll(settings.properties());
            List<Module> http = hasClientOfItsOwn(settings.provider())
                    ? List.of()
                    : List.of(new GuardedHttp.Module(timekeeper, log));
            return prepare(builder, own, settings.limits(), http).buildView(ComputeServiceContext.class);
        } catch (NoSuchElementException e) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "jclouds has no cloud \"" + settings.provider() + "\"; it has "
                            + String.join(", ", new TreeSet<>(knownClouds())));
        } catch (RuntimeException | LinkageError e) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "jclouds cannot open \"" + settings.provider() + "\": "
                            + CloudErrors.presentable(String.valueOf(e.getMessage())));
        }
    }

    private static boolean hasClientOfItsOwn(String provider) {
        ApiMetadata api;
        try {
            api = Providers.withId(provider).getApiMetadata();
        } catch (NoSuchElementException e) {
            api = Apis.withId(provider);
        }
        return api.getDefaultModules().stream()
                .anyMatch(module -> module.isAnnotationPresent(ConfiguresHttpCommandExecutorService.class));
    }

    private static Set<String> knownClouds() {
        Set<String> ids = new HashSet<>();
        Providers.viewableAs(ComputeServiceContext.class).forEach(provider -> ids.add(provider.getId()));
        Apis.viewableAs(ComputeServiceContext.class).forEach(api -> ids.add(api.getId()));
        return ids;
    }

    private static ContextBuilder prepare(
            ContextBuilder builder, Properties own, HttpLimits limits, List<Module> more) {
        Properties properties = new Properties();
        properties.putAll(own);
        properties.setProperty(Constants.PROPERTY_MAX_RETRIES, "0");
        properties.setProperty(Constants.PROPERTY_IDEMPOTENT_METHODS, "GET,HEAD,OPTIONS");
        properties.setProperty(
                Constants.PROPERTY_CONNECTION_TIMEOUT,
                String.valueOf(limits.connect().toMillis()));
        properties.setProperty(
                Constants.PROPERTY_SO_TIMEOUT, String.valueOf(limits.answer().toMillis()));
        properties.setProperty(Constants.PROPERTY_TRUST_ALL_CERTS, String.valueOf(limits.trustAnyCertificate()));
        properties.setProperty(Constants.PROPERTY_RELAX_HOSTNAME, String.valueOf(limits.trustAnyCertificate()));
        List<Module> modules = new ArrayList<>(more);
        modules.add(new Silence());
        // What jclouds would do on threads of its own is done on the caller's, which are the timekeeper's.
        modules.add(new ExecutorServiceModule(MoreExecutors.newDirectExecutorService()));
        return builder.overrides(properties).modules(modules);
    }
}

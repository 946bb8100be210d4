package io.micado.provider.jclouds;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.net.HttpHeaders;
import io.micado.api.time.Timekeeper;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jclouds.aws.ec2.config.AWSEC2HttpApiModule;
import org.jclouds.aws.filters.FormSigner;
import org.jclouds.aws.filters.FormSignerV4;
import org.jclouds.date.DateService;
import org.jclouds.http.HttpErrorHandler;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpRetryHandler;
import org.jclouds.http.annotation.ClientError;
import org.jclouds.http.annotation.Redirection;
import org.jclouds.http.annotation.ServerError;
import org.jclouds.location.config.LocationModule;
import org.jclouds.location.suppliers.RegionIdToURISupplier;
import org.jclouds.rest.ConfiguresHttpApi;

/**
 * How jclouds speaks with one EC2 account: one region at a given address, which need not be Amazon's and is not asked for others first; our
 * clock in signatures; no retries; errors as they came. Used by {@link Ec2Session}. Immutable.
 */
@ConfiguresHttpApi
final class Ec2Module extends AWSEC2HttpApiModule {
    private static final DateTimeFormatter TIME_STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Ec2Settings settings;
    private final Timekeeper timekeeper;

    Ec2Module(Ec2Settings settings, Timekeeper timekeeper) {
        this.settings = settings;
        this.timekeeper = timekeeper;
    }

    @Override
    protected void configure() {
        super.configure();
        bind(Signer.class);
        bind(FormSignerV4.ServiceAndRegion.class).toInstance(new FormSignerV4.ServiceAndRegion() {
            @Override
            public String service() {
                return "ec2";
            }

            @Override
            public String region(String host) {
                return settings.region();
            }
        });
    }

    @Override
    protected void installLocations() {
        install(new LocationModule());
        Map<String, Supplier<URI>> only = Map.of(settings.region(), Suppliers.ofInstance(settings.endpoint()));
        bind(RegionIdToURISupplier.class).toInstance(() -> only);
    }

    @Override
    protected String provideTimeStamp(DateService dates) {
        return TIME_STAMP.format(timekeeper.wallClock());
    }

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
        bind(HttpRetryHandler.class).annotatedWith(ClientError.class).toInstance(HttpRetryHandler.NEVER_RETRY);
        bind(HttpRetryHandler.class).annotatedWith(ServerError.class).toInstance(HttpRetryHandler.NEVER_RETRY);
    }

    /** Signs a request with the host as it is sent: with the port, which jclouds leaves out. */
    static final class Signer implements FormSigner {
        private final FormSigner signer;

        @Inject
        Signer(FormSigner signer) {
            this.signer = signer;
        }

        @Override
        public HttpRequest filter(HttpRequest request) {
            URI endpoint = request.getEndpoint();
            String host = endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
            return signer.filter(
                    request.toBuilder().replaceHeader(HttpHeaders.HOST, host).build());
        }
    }
}

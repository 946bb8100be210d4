package io.micado.provider.http;

import io.micado.api.spi.Secret;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp, told to do nothing by itself: no retry, no redirect, no second protocol. Held by {@link HttpClient}, called on any thread.
 * Thread-safe. When a certificate file has changed, new connections are made by the new one.
 */
final class Connections implements AutoCloseable {
    /** OkHttp sends a request again when it sees a 503 with "Retry-After: 0"; so it is not to see that header. */
    static final String RETRY_AFTER = "Micado-Retry-After";

    /** Shorter than servers keep idle connections, so that a request is not sent into one that is about to be closed. */
    private static final int IDLE_SECONDS = 2;

    private final Optional<Secret> trust;
    private final Optional<Secret> identity;
    private final ConnectionPool pool;
    private final OkHttpClient plain;
    private @Nullable State state;

    Connections(HttpOptions options) {
        trust = options.trust();
        identity = options.identity();
        pool = new ConnectionPool(options.maxConcurrentCalls(), IDLE_SECONDS, TimeUnit.SECONDS);
        // The deadline of a call is kept by the client, and covers reading and writing.
        plain = new OkHttpClient.Builder()
                .connectionPool(pool)
                .protocols(List.of(Protocol.HTTP_1_1))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(options.connectTimeout())
                .readTimeout(0, TimeUnit.SECONDS)
                .writeTimeout(0, TimeUnit.SECONDS)
                .addNetworkInterceptor(Connections::send)
                .build();
    }

    /** The last step before the first byte goes out: from here on the request may have had its effect. */
    private static Response send(Interceptor.Chain chain) throws java.io.IOException {
        Sending sending = chain.request().tag(Sending.class);
        if (sending != null) {
            sending.begin();
        }
        Response response = chain.proceed(chain.request());
        String wait = response.header("Retry-After");
        return wait == null
                ? response
                : response.newBuilder()
                        .removeHeader("Retry-After")
                        .header(RETRY_AFTER, wait)
                        .build();
    }

    /**
     * {@return the client to make a call by}
     *
     * @throws io.micado.api.error.MicadoException of kind {@code CONFIGURATION} when a certificate cannot be read
     */
    OkHttpClient client(boolean withIdentity) {
        Optional<String> trusted = trust.map(Secret::reveal);
        Optional<String> own = identity.map(Secret::reveal).filter(pem -> withIdentity);
        if (trusted.isEmpty() && own.isEmpty()) {
            return plain;
        }
        return clientOf(trusted, own);
    }

    private synchronized OkHttpClient clientOf(Optional<String> trusted, Optional<String> own) {
        State now = state;
        if (now == null || !now.trust.equals(trusted) || !now.identity.equals(own)) {
            Tls tls = Tls.of(trusted, own);
            now = new State(
                    trusted,
                    own,
                    plain.newBuilder()
                            .sslSocketFactory(tls.sockets(), tls.trust())
                            .build());
            state = now;
        }
        return now.client;
    }

    @Override
    public void close() {
        pool.evictAll();
    }

    /** What a client was made of. */
    private static final class State {
        private final Optional<String> trust;
        private final Optional<String> identity;
        private final OkHttpClient client;

        private State(Optional<String> trust, Optional<String> identity, OkHttpClient client) {
            this.trust = trust;
            this.identity = identity;
            this.client = client;
        }
    }
}

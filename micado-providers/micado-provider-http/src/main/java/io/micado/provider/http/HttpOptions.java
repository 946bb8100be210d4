package io.micado.provider.http;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a client calls; made by {@link #builder}. Immutable, and valid by
 * construction: credentials never go over plain HTTP to another machine unless that is allowed.
 *
 * @param endpoint the address that paths are appended to; empty for a client that is given full addresses only
 * @param credentials go along with every request to the endpoint's host and port, and to no other
 * @param trust certificates of authorities in PEM, trusted instead of the system's; empty for the system's
 * @param identity a client's certificate chain and its private key in PEM, resolved anew for each request; empty for none
 * @param allowPlainHttp whether credentials may go over plain HTTP; default false
 * @param connectTimeout in how long a connection has to stand; default 5 s
 * @param deadline in how long a call has to be answered, to the last byte; default 30 s
 * @param maxResponseBytes the most bytes of an answer, unpacked; default 32 MiB
 * @param maxConcurrentCalls the most calls at a time, further ones wait within their deadline; default 8
 * @param loggerName the name of the logger that takes a line for each call, at level DEBUG
 * @param failures reads what answers of status 300 or more mean; default by the status alone
 */
public record HttpOptions(
        Optional<URI> endpoint,
        HttpCredentials credentials,
        Optional<Secret> trust,
        Optional<Secret> identity,
        boolean allowPlainHttp,
        Duration connectTimeout,
        Duration deadline,
        long maxResponseBytes,
        int maxConcurrentCalls,
        String loggerName,
        HttpFailures failures) {
    private static final long MOST_BYTES = 1L << 30;

    /** Checks the ranges and the address. */
    public HttpOptions {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(loggerName, "loggerName");
        Objects.requireNonNull(failures, "failures");
        if (connectTimeout.isNegative() || connectTimeout.isZero() || deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException(
                    "connectTimeout and deadline must be more than 0, got " + connectTimeout + " and " + deadline);
        }
        if (maxResponseBytes < 1 || maxResponseBytes > MOST_BYTES || maxConcurrentCalls < 1) {
            throw new IllegalArgumentException("maxResponseBytes must be 1 to " + MOST_BYTES
                    + " and maxConcurrentCalls 1 or more, got " + maxResponseBytes + " and " + maxConcurrentCalls);
        }
        boolean plainAcceptable = allowPlainHttp || (credentials.areNone() && identity.isEmpty());
        endpoint.flatMap(address -> refusal(address, plainAcceptable)).ifPresent(why -> {
            throw new ConfigurationException(List.of(Problem.of(HttpSettings.ENDPOINT, why)));
        });
    }

    /** Starts options for an endpoint, {@code https://HOST[:PORT][/PATH]}. */
    public static Builder builder(URI endpoint) {
        return new Builder(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /** Starts options for full addresses only. */
    public static Builder builder() {
        return new Builder(null);
    }

    /** {@return why this cannot be an endpoint; empty when it can} */
    static Optional<String> refusal(URI endpoint, boolean plainAcceptable) {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        String host = endpoint.getHost();
        if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.of("must be an address such as https://HOST[:PORT][/PATH]");
        }
        if (endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            return Optional.of("must be an address without user, query and fragment");
        }
        if (scheme.equals("http") && !plainAcceptable && !isLoopback(host)) {
            return Optional.of("\"http://" + host
                    + "\" is plain HTTP, over which everybody on the way reads the credentials; use https, or set \""
                    + HttpSettings.ALLOW_PLAIN_HTTP + "\" to true where the network is safe");
        }
        return Optional.empty();
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    /** Collects {@link HttpOptions}. Not thread-safe. */
    public static final class Builder {
        private final @Nullable URI endpoint;
        private HttpCredentials credentials = HttpCredentials.NONE;
        private @Nullable Secret trust;
        private @Nullable Secret identity;
        private boolean allowPlainHttp;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration deadline = Duration.ofSeconds(30);
        private long maxResponseBytes = 32L << 20;
        private int maxConcurrentCalls = 8;
        private String loggerName = HttpClient.class.getName();
        private HttpFailures failures = HttpFailures.BY_STATUS;

        private Builder(@Nullable URI endpoint) {
            this.endpoint = endpoint;
        }

        /** Sets how the client proves who it is; default not at all. */
        public Builder credentials(HttpCredentials value) {
            credentials = value;
            return this;
        }

        /** Sets the certificates of authorities, in PEM, to trust instead of the system's. */
        public Builder trust(Secret pem) {
            trust = pem;
            return this;
        }

        /** Sets the client's certificate chain and private key, in PEM. */
        public Builder identity(Secret pem) {
            identity = pem;
            return this;
        }

        /** Allows credentials over plain HTTP to another machine. */
        public Builder allowPlainHttp(boolean value) {
            allowPlainHttp = value;
            return this;
        }

        /** Sets in how long a connection has to stand. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** Sets in how long a call has to be answered. */
        public Builder deadline(Duration value) {
            deadline = value;
            return this;
        }

        /** Sets the most bytes of an answer. */
        public Builder maxResponseBytes(long value) {
            maxResponseBytes = value;
            return this;
        }

        /** Sets the most calls at a time. */
        public Builder maxConcurrentCalls(int value) {
            maxConcurrentCalls = value;
            return this;
        }

        /** Sets the logger's name. */
        public Builder loggerName(String value) {
            loggerName = value;
            return this;
        }

        /** Sets what reads the answers that tell of a failure. */
        public Builder failures(HttpFailures value) {
            failures = value;
            return this;
        }

        /**
         * {@return the options}
         *
         * @throws ConfigurationException when the endpoint is none, or credentials would go over plain HTTP
         */
        public HttpOptions build() {
            return new HttpOptions(
                    Optional.ofNullable(endpoint),
                    credentials,
                    Optional.ofNullable(trust),
                    Optional.ofNullable(identity),
                    allowPlainHttp,
                    connectTimeout,
                    deadline,
                    maxResponseBytes,
                    maxConcurrentCalls,
                    loggerName,
                    failures);
        }
    }
}

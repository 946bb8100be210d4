package io.micado.provider.http;

import io.micado.api.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How a client proves who it is: one header, resolved anew for each request, so that passwords and tokens can rotate. Made by a plug-in,
 * used by {@link HttpClient}. Immutable and thread-safe; shows no secret.
 */
public final class HttpCredentials {
    /** No proof. */
    public static final HttpCredentials NONE = new HttpCredentials("none", () -> new Header("", "", List.of()));

    private final String scheme;
    private final Supplier<Header> source;

    private HttpCredentials(String scheme, Supplier<Header> source) {
        this.scheme = scheme;
        this.source = source;
    }

    /** {@return a user name and a password, as HTTP Basic authentication in UTF-8} */
    public static HttpCredentials basic(String user, Secret password) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        return new HttpCredentials("basic", () -> {
            String plain = password.reveal();
            String pair = Base64.getEncoder().encodeToString((user + ":" + plain).getBytes(StandardCharsets.UTF_8));
            return new Header("Authorization", "Basic " + pair, List.of(plain, pair));
        });
    }

    /** {@return a bearer token} */
    public static HttpCredentials bearer(Secret token) {
        Objects.requireNonNull(token, "token");
        return new HttpCredentials("bearer", () -> {
            String plain = token.reveal().strip();
            return new Header("Authorization", "Bearer " + plain, List.of(plain));
        });
    }

    /** {@return a token in a header of its own, such as {@code X-Auth-Token}} */
    public static HttpCredentials header(String name, Secret token) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(token, "token");
        return new HttpCredentials(name, () -> {
            String plain = token.reveal().strip();
            return new Header(name, plain, List.of(plain));
        });
    }

    Header resolve() {
        return source.get();
    }

    boolean areNone() {
        return this == NONE;
    }

    @Override
    public String toString() {
        return "credentials (" + scheme + ")";
    }

    /**
     * A resolved header; kept for the time of one call.
     *
     * @param name its name; empty for none
     * @param value its value
     * @param hidden what must never be shown
     */
    record Header(String name, String value, List<String> hidden) {
        @Override
        public String toString() {
            return "header " + name;
        }
    }
}

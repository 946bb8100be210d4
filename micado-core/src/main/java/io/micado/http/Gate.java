package io.micado.http;

import com.sun.net.httpserver.Headers;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is let in: by the token, and for what comes from a browser also by the page that it comes from. Thread-safe.
 *
 * <p>The token is taken from the header {@code Authorization} alone, which no page of another origin can set unasked; there are no
 * cookies and no tokens in addresses.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String BEARER = "bearer ";
    /** A shorter one is no token, such as that of a file which is being written anew. */
    static final int SHORTEST_TOKEN = 16;

    private final AtomicLong wrongTokens = new AtomicLong();

    private final @Nullable Secret token;
    private final Set<String> origins;
    private final boolean isSecure;

    /**
     * Creates a gate.
     *
     * @param token the token; null lets everybody in who reaches the address
     * @param origins other origins whose pages may ask, such as {@code https://ops.example.org}
     * @param isSecure whether the server speaks TLS
     */
    Gate(@Nullable Secret token, Set<String> origins, boolean isSecure) {
        this.token = token;
        this.origins = Set.copyOf(origins);
        this.isSecure = isSecure;
    }

    /**
     * Refuses pages of other origins; and without a token also names that anybody could have made point here, because then the
     * browser takes their pages for ours.
     *
     * @return the origin that the browser is told to be allowed; empty for our own and for what is no browser
     */
    Optional<String> checkOrigin(Headers headers) {
        String host = Optional.ofNullable(headers.getFirst("Host")).orElse("");
        if (token == null && !isAddressOrLocal(host) && !isHostOfAllowed(host)) {
            throw new HttpProblem(403, "without a token this server answers by its address or as localhost only");
        }
        String origin = headers.getFirst("Origin");
        if (origin == null) {
            return Optional.empty();
        }
        if (origin.equals((isSecure ? "https://" : "http://") + host)) {
            return Optional.empty();
        }
        if (!origins.contains(origin)) {
            throw new HttpProblem(403, "pages of this origin may not ask this server");
        }
        return Optional.of(origin);
    }

    /** Refuses those who do not show the token. */
    void checkToken(Headers headers) {
        if (token == null) {
            return;
        }
        List<String> shown = headers.getOrDefault("Authorization", List.of());
        if (shown.size() != 1 || !shown.get(0).toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthorized("show the token: Authorization: Bearer TOKEN", "Bearer realm=\"micado\"");
        }
        byte[] theirs = digest(shown.get(0).substring(BEARER.length()).strip());
        if (!MessageDigest.isEqual(theirs, digest(ours(token)))) {
            wrongTokens.incrementAndGet();
            throw unauthorized("this is not the token", "Bearer realm=\"micado\", error=\"invalid_token\"");
        }
    }

    /** {@return how many requests have shown a wrong token} */
    long wrongTokens() {
        return wrongTokens.get();
    }

    /** Why a secret cannot be had is nothing to tell a stranger; and one that has become empty must not let in who shows none. */
    private static String ours(Secret token) {
        try {
            String ours = token.reveal();
            if (ours.length() >= SHORTEST_TOKEN) {
                return ours;
            }
            LOG.warn("nobody is let in, because the token has fewer than {} characters now", SHORTEST_TOKEN);
            throw new HttpProblem(503, "the token cannot be checked at present");
        } catch (MicadoException e) {
            LOG.warn("nobody is let in, because the token cannot be had: {}", e.getMessage());
            throw new HttpProblem(503, "the token cannot be checked at present");
        }
    }

    private static HttpProblem unauthorized(String detail, String challenge) {
        return new HttpProblem(401, detail, Map.of("WWW-Authenticate", challenge));
    }

    /** Digests are compared, so that the time taken tells nothing, not even the token's length. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private boolean isHostOfAllowed(String host) {
        return origins.stream().anyMatch(origin -> authority(origin).equalsIgnoreCase(host));
    }

    private static String authority(String origin) {
        try {
            return Optional.ofNullable(new URI(origin).getAuthority()).orElse("");
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static boolean isAddressOrLocal(String host) {
        String name = host.startsWith("[")
                ? host.substring(0, host.indexOf(']') + 1)
                : host.substring(0, host.indexOf(':') < 0 ? host.length() : host.indexOf(':'));
        return name.equalsIgnoreCase("localhost")
                || name.matches("\\[[0-9a-fA-F:.]+]")
                || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }
}

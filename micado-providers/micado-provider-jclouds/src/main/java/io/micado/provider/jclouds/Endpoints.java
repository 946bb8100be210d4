package io.micado.provider.jclouds;

import io.micado.api.spi.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Reads the address of an API from settings. Stateless. */
final class Endpoints {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private Endpoints() {}

    /** {@return the address of this key, without a slash at its end} */
    static URI http(Settings settings, String key) {
        String text = settings.requiredString(key).strip().replaceAll("/+$", "");
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // the same problem as any other text that is no address
        }
        throw settings.problem(key, "must be an address such as https://HOST[:PORT][/PATH], got \"" + text + "\"");
    }
}

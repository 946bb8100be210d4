package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Reads the addresses of APIs, and refuses those over which credentials would go in plain text, as all plug-ins over HTTP do. Stateless.
 */
final class Endpoints {
    private static final String ALLOW_PLAIN_HTTP = "allowPlainHttp";
    private static final String LOOPBACK = "localhost|\\[::1]|127(\\.\\d{1,3}){3}";

    private Endpoints() {}

    static SettingKey plainHttpKey() {
        return SettingKey.optional(
                ALLOW_PLAIN_HTTP,
                SettingKey.Type.BOOLEAN,
                "false",
                "Whether credentials may go over http to another machine; everybody on the way reads them.");
    }

    static boolean allowsPlainHttp(Settings settings) {
        return settings.bool(ALLOW_PLAIN_HTTP, false);
    }

    /** {@return the address of this key, without a slash at its end} What is refused is not quoted: it may hold a password or a token. */
    static URI http(Settings settings, String key) {
        URI uri;
        try {
            uri = new URI(settings.requiredString(key).strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw settings.problem(key, "must be an address such as https://HOST[:PORT][/PATH]");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw settings.problem(key, "must be an address such as https://HOST[:PORT][/PATH]");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw settings.problem(key, "must be an address without user, query and fragment");
        }
        if (isExposed(uri) && !allowsPlainHttp(settings)) {
            throw settings.problem(key, plainHttp(uri));
        }
        return uri;
    }

    /** {@return whether what is sent there can be read on the way} */
    static boolean isExposed(URI address) {
        return !"https".equalsIgnoreCase(address.getScheme())
                && !String.valueOf(address.getHost()).toLowerCase(Locale.ROOT).matches(LOOPBACK);
    }

    static String plainHttp(URI address) {
        return "\"http://" + address.getHost()
                + "\" is plain HTTP, over which everybody on the way reads the credentials; use https, or set \""
                + ALLOW_PLAIN_HTTP + "\" to true where the network is safe";
    }
}

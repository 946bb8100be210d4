package io.micado.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The dashboard's files and the description of the interface: the same for everybody, so they need no token. Immutable. */
final class PageRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private PageRoutes() {}

    static List<Route> routes() {
        return List.of(
                file("/", "dashboard.html", "text/html; charset=utf-8"),
                file("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
                file("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
                file("/icon.svg", "icon.svg", "image/svg+xml"),
                file("/api/v1/openapi.json", "openapi.json", "application/json"));
    }

    private static Route file(String path, String resource, String type) {
        Reply reply = Reply.of(200, type, read(resource))
                .with("Content-Security-Policy", POLICY)
                .with("Cache-Control", "no-cache");
        return Route.get(path, request -> reply).open();
    }

    private static byte[] read(String resource) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

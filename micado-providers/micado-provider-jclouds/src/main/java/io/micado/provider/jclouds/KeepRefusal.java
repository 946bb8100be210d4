package io.micado.provider.jclouds;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpErrorHandler;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;

/**
 * Makes every error answer a {@link Refusal}, in the place of jclouds' own exceptions: those put small request bodies into their messages, and
 * take an answer 404 to a list for an empty list. Called by jclouds on the thread of the request. Stateless.
 */
final class KeepRefusal implements HttpErrorHandler {
    private static final int LONGEST_BODY = 64 * 1024;
    private static final Pattern ACTION = Pattern.compile("^Action=([A-Za-z]{1,60})(?:&|$)");
    private static final Pattern PASSWORD =
            Pattern.compile("\"(?:password|secret)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String LOGIN_PATH = "/auth/tokens";

    @Override
    public void handleError(HttpCommand command, HttpResponse response) {
        HttpRequest request = command.getCurrentRequest();
        Map<String, String> headers = new HashMap<>();
        response.getHeaders().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        command.setException(new Refusal(
                describe(request),
                isLogin(request),
                response.getStatusCode(),
                headers,
                withoutPassword(body(response), request)));
    }

    /** Some servers quote in an error what they were sent. */
    private static String withoutPassword(String body, HttpRequest request) {
        String clean = body;
        if (isLogin(request) && request.getPayload() != null) {
            Matcher password =
                    PASSWORD.matcher(String.valueOf(request.getPayload().getRawContent()));
            while (password.find()) {
                clean = password.group(1).isBlank() ? clean : clean.replace(password.group(1), "(secret)");
            }
        }
        return clean;
    }

    /** {@return method and path, and what a query API calls its action, which is the same path for all} */
    static String describe(HttpRequest request) {
        String line = request.getMethod() + " " + request.getEndpoint().getHost()
                + request.getEndpoint().getPath();
        if (request.getPayload() != null && request.getPayload().getRawContent() instanceof String form) {
            Matcher action = ACTION.matcher(form);
            return action.find() ? line + " " + action.group(1) : line;
        }
        return line;
    }

    static boolean isLogin(HttpRequest request) {
        return request.getEndpoint().getPath().endsWith(LOGIN_PATH);
    }

    private static String body(HttpResponse response) {
        if (response.getPayload() == null) {
            return "";
        }
        try (InputStream in = response.getPayload().openStream()) {
            return new String(ByteStreams.limit(in, LONGEST_BODY).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // the status alone says enough
        }
    }
}

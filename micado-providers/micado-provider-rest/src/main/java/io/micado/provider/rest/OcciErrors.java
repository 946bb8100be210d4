package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.provider.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the failures of OCCI servers: a text, or JSON or HTML of which only the words count, without codes. Called by the HTTP client on any
 * thread. Not instantiable.
 */
final class OcciErrors {
    /** OpenStack's words, passed on by its OCCI server. */
    private static final Pattern INSTANCES = Pattern.compile("used (\\d{1,6}) of (\\d{1,6}) instances");

    private static final Pattern KEYSTONE = Pattern.compile("(?i)keystone");

    private static final int MOST_READ = 4_000;

    private OcciErrors() {}

    static MicadoException read(HttpResponse answer) {
        String text = answer.text();
        String words = text.substring(0, Math.min(text.length(), MOST_READ)).replaceAll("<[^>]*>", " ");
        int status = answer.status();
        if (status == 413 && answer.retryAfter().isPresent()) {
            return answer.failure(ErrorKind.RATE_LIMITED, words); // OpenStack's throttling before there was a 429
        }
        if (status == 401
                && KEYSTONE.matcher(answer.header("WWW-Authenticate").orElse(""))
                        .find()) {
            return answer.failure(
                    "it asks for a token of its Keystone; get one and give it as \"" + OcciProvider.TOKEN + "\"");
        }
        Optional<ErrorKind> lack = switch (status) {
            case 400, 403, 409, 413 -> Readings.lack(words);
            // a server's own failure may "exceed" many things; only its words on capacity are clear
            case 500 -> Readings.lack(words).filter(kind -> kind == ErrorKind.INSUFFICIENT_CAPACITY);
            default -> Optional.empty();
        };
        MicadoException failure = lack.map(kind -> answer.failure(kind, words)).orElseGet(() -> answer.failure(words));
        Matcher instances = INSTANCES.matcher(words);
        return failure.kind() == ErrorKind.QUOTA_EXCEEDED && instances.find()
                ? failure.withRemainingQuota(
                        Math.max(0, Integer.parseInt(instances.group(2)) - Integer.parseInt(instances.group(1))))
                : failure;
    }
}

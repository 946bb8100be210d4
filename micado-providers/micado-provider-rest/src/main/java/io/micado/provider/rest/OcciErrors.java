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

    private OcciErrors() {}

    static MicadoException read(HttpResponse answer) {
        String words = answer.text().replaceAll("<[^>]*>", " ");
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
        boolean refused = status == 400 || status == 403 || status == 409 || status == 413 || status == 500;
        Optional<ErrorKind> lack = refused ? Readings.lack(words) : Optional.empty();
        MicadoException failure = lack.map(kind -> answer.failure(kind, words)).orElseGet(() -> answer.failure(words));
        Matcher instances = INSTANCES.matcher(words);
        return failure.kind() == ErrorKind.QUOTA_EXCEEDED && instances.find()
                ? failure.withRemainingQuota(
                        Math.max(0, Integer.parseInt(instances.group(2)) - Integer.parseInt(instances.group(1))))
                : failure;
    }
}

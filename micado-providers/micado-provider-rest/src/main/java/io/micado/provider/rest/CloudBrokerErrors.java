package io.micado.provider.rest;

import io.micado.api.error.MicadoException;
import io.micado.provider.http.HttpResponse;
import io.micado.provider.http.XmlElement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads the failures of CloudBroker: a list {@code <errors><error>TEXT</error></errors>} where there is a body, without codes. Called by the HTTP
 * client on any thread. Not instantiable.
 */
final class CloudBrokerErrors {
    private CloudBrokerErrors() {}

    static MicadoException read(HttpResponse answer) {
        String words = answer.xmlIfAny().map(CloudBrokerErrors::words).orElse("");
        boolean refused = answer.status() == 403 || answer.status() == 409 || answer.status() == 422;
        return refused
                ? Readings.lack(words).map(kind -> answer.failure(kind, words)).orElseGet(() -> answer.failure(words))
                : answer.failure(words);
    }

    private static String words(XmlElement body) {
        List<XmlElement> errors = body.name().equals("error") ? List.of(body) : body.all("error");
        return errors.stream().map(XmlElement::text).collect(Collectors.joining("; "));
    }
}

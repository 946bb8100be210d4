package io.micado.provider.monitoring;

import io.micado.api.error.MicadoException;
import io.micado.provider.http.HttpFailures;
import io.micado.provider.http.HttpResponse;

/** What an agent refuses it says in a line of plain text, such as "No cluster leader". Used by all that ask one. Stateless. */
final class ConsulFailures implements HttpFailures {

    @Override
    public MicadoException read(HttpResponse answer) {
        boolean isText = answer.header("Content-Type")
                .map(type -> type.startsWith("text/plain"))
                .orElse(true);
        return answer.failure(isText ? answer.text() : "");
    }
}

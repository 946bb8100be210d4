package io.micado.provider.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import java.util.Optional;

/**
 * The sizes of resource templates, from the defaults of their attributes: these stand in the JSON rendering only, which not every server has.
 * Called by {@link OcciCloud} on any thread. Not instantiable.
 */
final class OcciSizes {
    private OcciSizes() {}

    /** {@return the size of the template of this term; empty when the server does not tell, for whatever reason} */
    static Optional<Resources> of(HttpClient http, String term) {
        try {
            JsonNode model = http.call(
                            HttpRequest.get("/-/").header("Accept", "application/occi+json, application/json"))
                    .jsonIfAny()
                    .orElse(null);
            if (model == null) {
                return Optional.empty();
            }
            for (JsonNode mixin : model.path("mixins")) {
                if (mixin.path("term").asText().equals(term)) {
                    return size(mixin.path("attributes"));
                }
            }
        } catch (MicadoException e) {
            // a server without that rendering, or out of reach: the size stays unknown
        }
        return Optional.empty();
    }

    private static Optional<Resources> size(JsonNode attributes) {
        JsonNode cores = defaultOf(attributes, "cores");
        JsonNode memory = defaultOf(attributes, "memory");
        return cores.isNumber() && memory.isNumber()
                ? Optional.of(Resources.of(cores.asDouble(), Math.round(memory.asDouble() * 0x1p30)))
                : Optional.empty();
    }

    private static JsonNode defaultOf(JsonNode attributes, String name) {
        JsonNode flat = attributes.path("occi.compute." + name);
        JsonNode nested = attributes.path("occi").path("compute").path(name);
        JsonNode attribute = flat.isMissingNode() ? nested : flat;
        return attribute.has("default") ? attribute.path("default") : attribute.path("Default");
    }
}

package io.micado.provider.jclouds;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes JSON trees leniently: what is missing, null or of another type is absent. Stateless. */
final class Json {
    private Json() {}

    static Optional<String> text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() ? Optional.of(value.getAsString()) : Optional.empty();
    }

    static String requiredText(JsonObject object, String name) {
        return text(object, name)
                .orElseThrow(() -> new MicadoException(ErrorKind.INTERNAL, "the answer has no field " + name));
    }

    static Optional<JsonObject> child(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject child ? Optional.of(child) : Optional.empty();
    }

    /** {@return the objects in a list; none when there is no such list} */
    static List<JsonObject> objects(JsonObject object, String name) {
        List<JsonObject> objects = new ArrayList<>();
        if (object.get(name) instanceof JsonArray array) {
            for (JsonElement element : array) {
                if (element instanceof JsonObject item) {
                    objects.add(item);
                }
            }
        }
        return objects;
    }

    /** {@return the texts of an object of texts} */
    static Map<String, String> texts(JsonObject object, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        child(object, name)
                .ifPresent(child ->
                        child.keySet().forEach(key -> text(child, key).ifPresent(value -> texts.put(key, value))));
        return texts;
    }

    static JsonObject of(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::addProperty);
        return object;
    }

    /** {@return an object with one field} */
    static JsonObject of(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }

    /** {@return a value as it may stand in a query} */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

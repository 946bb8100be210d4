package io.micado.provider.rest;

import io.micado.provider.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An answer in OCCI's text rendering (GFD.185 and GFD.223): lines of {@code Category}, {@code X-OCCI-Attribute}, {@code Link} and {@code X-OCCI-Location},
 * in the body or in the headers. Read by {@link OcciCloud} on any thread. Immutable.
 *
 * @param categories the categories
 * @param attributes the attributes, without quotation marks
 * @param links the attributes of the links, each as one map
 * @param locations the locations
 */
record OcciText(
        List<Category> categories,
        Map<String, String> attributes,
        List<Map<String, String>> links,
        List<String> locations) {

    // Possessive: else each character of a quoted value would take a frame of the stack.
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([A-Za-z0-9_.-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;\\s]*))");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("([A-Za-z0-9_.-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;,\\s]*))");

    static OcciText of(HttpResponse answer) {
        List<Category> categories = new ArrayList<>();
        Map<String, String> attributes = new HashMap<>();
        List<Map<String, String>> links = new ArrayList<>();
        List<String> locations = new ArrayList<>();
        lines(answer).forEach(line -> {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "category" -> categories.add(Category.of(value));
                case "x-occi-attribute" -> attributes.putAll(parameters(ATTRIBUTE, value));
                case "link" -> links.add(parameters(PARAMETER, value));
                case "x-occi-location", "location" -> locations.add(value);
                default -> {
                    // some other line tells nothing
                }
            }
        });
        return new OcciText(categories, attributes, links, locations);
    }

    private static Stream<String> lines(HttpResponse answer) {
        Stream<String> headers = Stream.of("Category", "X-OCCI-Attribute", "Link", "X-OCCI-Location", "Location")
                .flatMap(name -> answer.headers(name).stream().map(value -> name + ": " + value));
        return Stream.concat(answer.text().lines(), headers);
    }

    private static Map<String, String> parameters(Pattern pattern, String text) {
        Map<String, String> found = new HashMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String quoted = matcher.group(2);
            String value = quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            found.put(matcher.group(1), value == null ? "" : value);
        }
        return found;
    }

    /** {@return an attribute's value; empty when it is not told, or blank} */
    Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name)).filter(value -> !value.isBlank());
    }

    /** {@return the text as a quoted string of the rendering} */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /**
     * A kind or a mixin.
     *
     * @param term its name in its scheme
     * @param scheme its scheme, which ends with {@code #}
     * @param title its name for people
     * @param related what it is a kind of
     * @param attributes the names of its attributes
     */
    record Category(String term, String scheme, String title, String related, String attributes) {
        static Category of(String line) {
            int end = line.indexOf(';');
            Map<String, String> parameters = parameters(PARAMETER, end < 0 ? "" : line.substring(end));
            return new Category(
                    (end < 0 ? line : line.substring(0, end)).strip(),
                    parameters.getOrDefault("scheme", ""),
                    parameters.getOrDefault("title", ""),
                    parameters.getOrDefault("rel", ""),
                    parameters.getOrDefault("attributes", ""));
        }

        String id() {
            return scheme + term;
        }

        /** {@return whether it is a template of this kind, {@code os_tpl} or {@code resource_tpl}} */
        boolean isTemplate(String kind) {
            return related.contains("infrastructure#" + kind) || scheme.endsWith("/" + kind + "#");
        }

        /** {@return the line that says that an entity is of it} */
        String line(String categoryClass) {
            return "Category: " + term + "; scheme=\"" + scheme + "\"; class=\"" + categoryClass + "\"";
        }
    }
}

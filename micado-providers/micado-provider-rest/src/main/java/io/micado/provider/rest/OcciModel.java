package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an OCCI server says that it can do, read from its query interface at {@code /-/}. Held by {@link OcciCloud}, used on any thread.
 * Immutable.
 *
 * @param categories all kinds and mixins
 */
record OcciModel(List<OcciText.Category> categories) {
    static final OcciText.Category COMPUTE =
            new OcciText.Category("compute", "http://schemas.ogf.org/occi/infrastructure#", "", "", "");

    private static final int MOST_SHOWN = 10;

    /**
     * {@return the template that the user named: by its whole identifier, by {@code KIND#TERM}, by its term, or by its title}
     *
     * @param kind {@code os_tpl} or {@code resource_tpl}
     * @throws MicadoException of kind {@code NOT_FOUND} when there is none
     */
    OcciText.Category template(String kind, String name) {
        String term = name.startsWith(kind + "#") ? name.substring(kind.length() + 1) : name;
        List<OcciText.Category> templates = categories.stream()
                .filter(category -> category.isTemplate(kind))
                .toList();
        return first(templates, category -> category.id().equals(name))
                .or(() -> first(templates, category -> category.term().equals(term)))
                .or(() -> first(templates, category -> category.title().equals(term)))
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.NOT_FOUND,
                        "there is no " + kind + " \"" + name + "\"; " + templates.size() + " are known"
                                + templates.stream()
                                        .limit(MOST_SHOWN)
                                        .map(category -> category.term() + " (" + category.title() + ")")
                                        .collect(Collectors.joining(", ", ": ", ""))
                                + (templates.size() > MOST_SHOWN ? ", …" : "")));
    }

    /** {@return the mixin that takes this attribute} */
    Optional<OcciText.Category> mixinWith(String term, String... attributes) {
        return first(
                        categories,
                        category -> category.term().equals(term)
                                && List.of(attributes).stream().anyMatch(category.attributes()::contains))
                .or(() -> first(categories, category -> category.term().equals(term)));
    }

    private static Optional<OcciText.Category> first(
            List<OcciText.Category> some, java.util.function.Predicate<OcciText.Category> which) {
        return some.stream().filter(which).findFirst();
    }
}

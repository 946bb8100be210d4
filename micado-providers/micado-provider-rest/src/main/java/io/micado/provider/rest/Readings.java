package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the clouds of this package read in the same way. Called on any thread. Not instantiable. */
final class Readings {
    private static final Pattern PRIVATE_ADDRESS =
            Pattern.compile("10\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*|f[cd][0-9a-f]{2}:.*");
    private static final Pattern QUOTA = Pattern.compile(
            "quota|limit (of|is|has)|exceed|too many|not enough (funds|credit)|insufficient (funds|credit)|budget");
    private static final Pattern CAPACITY = Pattern.compile(
            "no valid host|out of capacity|not enough (resources|capacity)|cannot provide enough|insufficient (resources|capacity)");

    private Readings() {}

    /** {@return addresses, private ones first, each once} */
    static List<String> addresses(Collection<String> found) {
        List<String> sorted = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String address : found) {
            String clean = address.strip();
            if (!clean.isEmpty() && !sorted.contains(clean) && !others.contains(clean)) {
                (PRIVATE_ADDRESS.matcher(clean).matches() ? sorted : others).add(clean);
            }
        }
        sorted.addAll(others);
        return sorted;
    }

    /**
     * {@return what a refusal in words alone means; empty when the words tell nothing} These clouds send no codes for a lack of quota or
     * capacity, so their words are all there is.
     */
    static Optional<ErrorKind> lack(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        if (CAPACITY.matcher(lower).find()) {
            return Optional.of(ErrorKind.INSUFFICIENT_CAPACITY);
        }
        return QUOTA.matcher(lower).find() ? Optional.of(ErrorKind.QUOTA_EXCEEDED) : Optional.empty();
    }

    /** {@return the text of a key, unless it is blank} */
    static Optional<String> text(Settings settings, String key) {
        return settings.string(key).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** {@return the text of a key that has to be there and not blank} */
    static String required(Settings settings, String key) {
        return text(settings, key).orElseThrow(() -> settings.problem(key, "is required"));
    }
}

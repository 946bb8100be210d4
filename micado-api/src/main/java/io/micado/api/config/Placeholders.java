package io.micado.api.config;

import java.util.regex.Pattern;

/** Recognises what templates put where the user's own value belongs, such as {@code YOUR_PASSWORD}. Not instantiable. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("YOUR_[A-Z0-9_]+"
            + "|your_[a-z0-9_]+"
            + "|your@email\\.com"
            + "|UBUNTU_[0-9._]*_?IMAGE_ID"
            + "|KEY_UUID"
            + "|PORTS_TO_BE_OPENED"
            + "|(?i:replace_with_\\w+)"
            + "|(?i:change[_-]?me)"
            + "|ip_address_of_\\w+"
            + "|id_of_the_\\w+|password_of_the_\\w+"
            + "|var_(?:ec2|nova|occi|cloudbroker|cloudsigma)_\\w+"
            + "|<[A-Za-z][A-Za-z0-9 _.-]*>");

    private Placeholders() {}

    static void check(ConfigNode node, Problems problems) {
        String text = node.text().trim();
        if (PLACEHOLDER.matcher(text).matches()) {
            problems.add(node, "still holds the placeholder " + text + "; put your own value there");
        }
    }
}

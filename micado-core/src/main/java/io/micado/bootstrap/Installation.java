package io.micado.bootstrap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a piece of software comes onto a machine: as a package of the distribution, as a container, or as the one where there is
 * not the other. Immutable.
 *
 * @param packageName the package; empty for none
 * @param image the image of a container, taken when there is no package; empty for none
 */
public record Installation(Optional<String> packageName, Optional<String> image) {
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
    private static final String IMAGE_PREFIX = "image:";

    /** Checks the names, and that one is there. */
    public Installation {
        packageName.ifPresent(name -> check(PACKAGE, name, "the name of a package"));
        image.ifPresent(name -> check(IMAGE, name, "the name of an image"));
        if (packageName.isEmpty() && image.isEmpty()) {
            throw new IllegalArgumentException("a package or an image is needed");
        }
    }

    /** {@return the package of this name} */
    public static Installation ofPackage(String name) {
        return new Installation(Optional.of(name), Optional.empty());
    }

    /** {@return a container of this image} */
    public static Installation ofImage(String name) {
        return new Installation(Optional.empty(), Optional.of(name));
    }

    /** {@return the same with a container of this image where there is no package} */
    public Installation orImage(String name) {
        return new Installation(packageName, Optional.of(name));
    }

    /** {@return what a text says: {@code package}, {@code image:NAME}, or {@code package,image:NAME} for the one or the other} */
    static Installation parse(String text, String usualPackage) {
        Optional<String> fromPackage = Optional.empty();
        Optional<String> fromImage = Optional.empty();
        for (String part : text.split(",", -1)) {
            if (part.strip().equals("package")) {
                fromPackage = Optional.of(usualPackage);
            } else if (part.strip().startsWith(IMAGE_PREFIX)) {
                fromImage = Optional.of(part.strip().substring(IMAGE_PREFIX.length()));
            } else {
                throw new IllegalArgumentException(
                        "must be none, package, image:NAME or package,image:NAME, got \"" + text + "\"");
            }
        }
        return new Installation(fromPackage, fromImage);
    }

    Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        packageName.ifPresent(name -> parameters.put("package", name));
        image.ifPresent(name -> parameters.put("image", name));
        return parameters;
    }

    private static void check(Pattern allowed, String name, String what) {
        if (!allowed.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is not " + what);
        }
    }
}

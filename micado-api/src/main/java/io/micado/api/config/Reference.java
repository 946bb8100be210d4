package io.micado.api.config;

import io.micado.api.spi.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads references to secrets, {@code ${env:NAME}} and {@code ${file:PATH}}, in the texts of a file. Not instantiable. */
final class Reference {
    private static final Pattern WHOLE = Pattern.compile("\\$\\{([a-z]*):([^}]*)}");
    private static final Pattern INSIDE = Pattern.compile("\\$\\{(env|file):");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Reference() {}

    /** {@return the secret that a node refers to, or its text when it refers to none} */
    static Object value(ConfigNode node, Problems problems) {
        String text = node.text();
        Matcher whole = WHOLE.matcher(text.trim());
        if (whole.matches()) {
            String what = whole.group(2);
            switch (whole.group(1)) {
                case "env" -> {
                    if (VARIABLE.matcher(what).matches()) {
                        return Secret.environment(what);
                    }
                    problems.add(node, "must name an environment variable, such as ${env:PASSWORD}");
                }
                case "file" -> {
                    return file(node, what, problems);
                }
                default ->
                    problems.add(
                            node,
                            "refers to \"" + whole.group(1)
                                    + "\"; allowed are ${env:NAME} for an environment variable and "
                                    + "${file:PATH} for a file");
            }
        } else if (INSIDE.matcher(text).find()) {
            problems.add(node, "a reference such as ${env:NAME} must be the whole value, not a part of it");
        }
        return text;
    }

    private static Object file(ConfigNode node, String path, Problems problems) {
        try {
            if (!path.isBlank()) {
                // Relative to the file that says so, wherever the program was started.
                return Secret.file(Path.of(node.position().file()).resolveSibling(path));
            }
        } catch (InvalidPathException e) {
            // The message below says it.
        }
        problems.add(node, "must name a file, such as ${file:password.txt}");
        return node.text();
    }
}

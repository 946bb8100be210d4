package io.micado.provider.occopus;

import com.hubspot.jinjava.interpret.TemplateError;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a template, without quoting more of it than the name of a variable. Not instantiable. */
final class TemplateWords {
    private static final Pattern UNKNOWN = Pattern.compile("Unknown token found: ([A-Za-z_][A-Za-z0-9_.]{0,80})");
    private static final Pattern FUNCTION = Pattern.compile("function '([A-Za-z_][A-Za-z0-9_:]{0,40})'");

    private TemplateWords() {}

    static String of(TemplateError error) {
        String message = Objects.requireNonNullElse(error.getMessage(), "");
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.find()) {
            return "names " + unknown.group(1) + ", which nothing gives a value to";
        }
        Matcher function = FUNCTION.matcher(message);
        if (function.find()) {
            return ofFunction(function.group(1));
        }
        if (message.contains("Unclosed")) {
            return "has a \"{{\", \"{%\" or \"{#\" that is not closed; what is no template belongs between {% raw %} and {% endraw %}";
        }
        if (message.contains("steps") || message.contains("too") || message.contains("limit")) {
            return "takes too long or becomes too large";
        }
        if (message.contains("disabled")) {
            return "uses a tag, a filter or a function that is switched off here";
        }
        return "is no template that can be rendered";
    }

    private static String ofFunction(String name) {
        return switch (name) {
            case "cmd" -> "calls cmd(), but no command is run here; give the value as a variable";
            case "getip", "getprivip" ->
                "asks for the address of a node that is not the Swarm's manager: workers do not wait for each other, so none is known; run what "
                        + "it asks for as a service, which the Swarm finds by its name";
            default -> "calls " + name + "(), which is not known; known: getip, getprivip, cut";
        };
    }
}

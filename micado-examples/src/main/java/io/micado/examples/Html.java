package io.micado.examples;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns text into parts of HTML pages. Used by {@link HtmlReport} and the bench. Not instantiable. */
public final class Html {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private Html() {}

    /** {@return the text so that it shows as it is, in an element or a quoted attribute} */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** {@return the template with each place <code>&#123;&#123;name&#125;&#125;</code> filled; what fills one is not looked at again} */
    public static String fill(String template, Map<String, String> parts) {
        return PLACE.matcher(template).replaceAll(place -> {
            String part = parts.get(place.group(1));
            if (part == null) {
                throw new IllegalArgumentException("nothing was given for " + place.group());
            }
            return Matcher.quoteReplacement(part);
        });
    }
}

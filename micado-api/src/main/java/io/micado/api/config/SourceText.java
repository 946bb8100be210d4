package io.micado.api.config;

import io.micado.api.error.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A text that stands in a file of the user's, and knows for each of its lines where. Immutable; {@link #toString()} does not show
 * the text, which may hold secrets.
 *
 * @param file the file's name as the user gave it
 * @param lines the lines
 */
public record SourceText(String file, List<Line> lines) {

    /**
     * A line. Immutable.
     *
     * @param text its text, without the line break
     * @param number its number in the file, from 1
     * @param column the column in the file of its first character, from 1
     */
    public record Line(String text, int number, int column) {
        /** Checks that nothing is null. */
        public Line {
            Objects.requireNonNull(text, "text");
        }

        /** {@return a copy with another text that begins in the same column} */
        public Line withText(String other) {
            return new Line(other, number, column);
        }

        /** {@return a copy without its first characters} */
        public Line without(int characters) {
            return new Line(text.substring(characters), number, column + characters);
        }

        /** {@return how many spaces it begins with} */
        public int indent() {
            int indent = 0;
            while (indent < text.length() && text.charAt(indent) == ' ') {
                indent++;
            }
            return indent;
        }

        @Override
        public String toString() {
            return "line " + number;
        }
    }

    /** Copies the lines and checks that nothing is null. */
    public SourceText {
        Objects.requireNonNull(file, "file");
        lines = List.copyOf(lines);
    }

    /** {@return a whole file's text} */
    public static SourceText of(String file, String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.split("\r\n|[\r\n]", -1)) {
            lines.add(new Line(line, lines.size() + 1, 1));
        }
        return new SourceText(file, lines);
    }

    /** {@return the text, its lines joined by line breaks} */
    public String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /**
     * {@return where in the file a character of this text stands}
     *
     * @param line its line in this text, from 0
     * @param column its column in this text, from 0
     */
    public SourcePosition position(int line, int column) {
        if (lines.isEmpty()) {
            return new SourcePosition(file, 1, 1);
        }
        Line at = lines.get(Math.max(0, Math.min(line, lines.size() - 1)));
        return new SourcePosition(file, at.number(), at.column() + Math.max(0, column));
    }

    @Override
    public String toString() {
        return file + " (" + lines.size() + " lines)";
    }
}

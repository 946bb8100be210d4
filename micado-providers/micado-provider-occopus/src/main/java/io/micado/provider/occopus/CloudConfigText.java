package io.micado.provider.occopus;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Note;
import io.micado.api.config.SourceText;
import io.micado.api.config.SourceText.Line;
import io.micado.api.error.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mends what uncommenting a block of the published file leaves behind, line by line, where only one meaning is possible: a space too
 * many before the dash of an entry of {@code write_files}, and comments that interrupt the content of an entry. Every line keeps its
 * place in the file, and every change is noted. Used once, by one thread.
 */
final class CloudConfigText {
    private static final Pattern ENTRY =
            Pattern.compile("( {0,4})- +(path|content|encoding|owner|permissions|append|defer) *:.*");
    private static final Pattern FURTHER_KEY =
            Pattern.compile(" +(path|content|encoding|owner|permissions|append|defer) *:.*");
    private static final Pattern HEADING = Pattern.compile(" ?(USER DATA *- *[A-Za-z0-9 ]+|Scaling policy) *");
    private static final Pattern TOP_LEVEL_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]* *:.*");
    private static final Pattern BLOCK =
            Pattern.compile("( *(?:- +)?)(?:content|context_template) *: *[|>][-+0-9]* *(?:#.*)?");

    private final SourceText source;
    private final InfrastructureDescription.Builder notes;
    private final List<Line> lines;

    private CloudConfigText(SourceText source, InfrastructureDescription.Builder notes) {
        this.source = source;
        this.notes = notes;
        lines = new ArrayList<>(source.lines());
    }

    static SourceText mend(SourceText source, InfrastructureDescription.Builder notes) {
        CloudConfigText text = new CloudConfigText(source, notes);
        text.commentHeadings();
        text.alignEntries();
        text.closeGaps();
        return new SourceText(source.file(), text.lines);
    }

    /** Makes headings of the blocks comments again, from which a user has taken the "#" too. */
    private void commentHeadings() {
        for (int at = 0; at < lines.size(); at++) {
            if (HEADING.matcher(lines.get(at).text()).matches()) {
                note(at, lines.get(at).indent(), "a heading without \"#\"; read as a comment");
                lines.set(at, lines.get(at).withText(""));
            }
        }
    }

    /** Moves entries whose dash stands one column further right than that of others to the left. */
    private void alignEntries() {
        OptionalInt first = find("write_files *:.*");
        if (first.isEmpty()) {
            return;
        }
        int end = endOfSection(first.getAsInt());
        List<Integer> entries = entries(first.getAsInt() + 1, end);
        int least =
                entries.stream().mapToInt(at -> lines.get(at).indent()).min().orElse(0);
        for (int i = 0; i < entries.size(); i++) {
            int from = entries.get(i);
            int to = i + 1 < entries.size() ? entries.get(i + 1) : end;
            if (lines.get(from).indent() == least + 1) {
                note(from, least + 1, "a space too many before the dash; read as if it was not there");
                int last = isDashAloneMoved(from, to) ? from + 1 : to;
                for (int at = from; at < last; at++) {
                    if (lines.get(at).text().startsWith(" ")) {
                        lines.set(at, lines.get(at).without(1));
                    }
                }
            }
        }
    }

    /** {@return whether the other keys of an entry stand where they would without the space too many} */
    private boolean isDashAloneMoved(int from, int to) {
        Matcher first = ENTRY.matcher(lines.get(from).text());
        if (!first.matches()) {
            return false;
        }
        int column = first.start(2);
        return lines.subList(from + 1, to).stream()
                .filter(line -> FURTHER_KEY.matcher(line.text()).matches() && line.indent() <= column)
                .anyMatch(line -> line.indent() == column - 1);
    }

    /** An entry begins with a dash that is no deeper than one column right of the first one: what is deeper is content. */
    private List<Integer> entries(int from, int to) {
        List<Integer> entries = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        for (int at = from; at < to; at++) {
            Matcher entry = ENTRY.matcher(lines.get(at).text());
            if (entry.matches()) {
                int indent = entry.group(1).length();
                if (least == Integer.MAX_VALUE || indent <= least + 1) {
                    entries.add(at);
                    least = Math.min(least, indent);
                }
            }
        }
        return entries;
    }

    /** Makes comments empty lines that stand left of a content which goes on after them: YAML would end the content there. */
    private void closeGaps() {
        for (int at = 0; at < lines.size(); at++) {
            Matcher block = BLOCK.matcher(lines.get(at).text());
            if (block.matches()) {
                closeGaps(at + 1, block.group(1).length());
            }
        }
    }

    private void closeGaps(int from, int keyColumn) {
        int pending = -1;
        for (int at = from; at < lines.size(); at++) {
            Line line = lines.get(at);
            if (line.text().isBlank()) {
                continue;
            }
            if (line.indent() > keyColumn) {
                for (int gap = pending; gap >= 0 && gap < at; gap++) {
                    if (!lines.get(gap).text().isBlank()) {
                        note(gap, lines.get(gap).indent(), "a comment within the content; read as an empty line");
                        lines.set(gap, lines.get(gap).withText(""));
                    }
                }
                pending = -1;
            } else if (line.text().stripLeading().startsWith("#")) {
                pending = pending < 0 ? at : pending;
            } else {
                return;
            }
        }
    }

    private OptionalInt find(String pattern) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).text().matches(pattern)) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    private int endOfSection(int start) {
        for (int at = start + 1; at < lines.size(); at++) {
            if (TOP_LEVEL_KEY.matcher(lines.get(at).text()).matches()) {
                return at;
            }
        }
        return lines.size();
    }

    private void note(int line, int column, String text) {
        SourcePosition place = source.position(line, column);
        notes.note(Note.Kind.CHANGED, text + ", but cloud-init would refuse it", place);
    }
}

package io.micado.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes maps, lists and texts as YAML that readers of version 1.1 and 1.2 take for the same: every value is quoted or a literal
 * block, so that {@code 0644}, {@code yes} and {@code 22:22} stay texts. Stateless.
 */
final class YamlText {
    /** Lines are never folded: a script's must stay as they are. */
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setSplitLines(false)
            .setUseUnicodeEncoding(true)
            .build();

    private YamlText() {}

    static String of(Map<String, ?> document) {
        Text text = new Text();
        new Dump(SETTINGS).dumpNode(node(document), text);
        return text.written.toString();
    }

    private static final class Text implements StreamDataWriter {
        private final StringBuilder written = new StringBuilder();

        @Override
        public void write(String text) {
            written.append(text);
        }

        @Override
        public void write(String text, int offset, int length) {
            written.append(text, offset, offset + length);
        }
    }

    private static Node node(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<NodeTuple> entries = new ArrayList<>();
            map.forEach((key, of) -> entries.add(
                    new NodeTuple(new ScalarNode(Tag.STR, String.valueOf(key), ScalarStyle.PLAIN), node(of))));
            return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
        }
        if (value instanceof List<?> list) {
            return new SequenceNode(Tag.SEQ, list.stream().map(YamlText::node).toList(), style(list));
        }
        String text = String.valueOf(value);
        return new ScalarNode(
                Tag.STR, text, text.contains("\n") && isPlain(text) ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED);
    }

    /** A command stands on one line. */
    private static FlowStyle style(List<?> list) {
        return list.stream().allMatch(String.class::isInstance) ? FlowStyle.FLOW : FlowStyle.BLOCK;
    }

    /** Whether a literal block gives the text back as it was: no control characters, no other line ends, no odd first line. */
    private static boolean isPlain(String text) {
        return text.codePoints().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f))
                && !text.startsWith(" ")
                && !text.startsWith("\n");
    }
}

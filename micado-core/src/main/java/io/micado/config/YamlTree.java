package io.micado.config;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.KeyPath;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.config.SourceText.Line;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Makes the nodes of one YAML document from the events of the parser, without recursion and within bounds: whatever the text is, it
 * ends after {@link #MOST_NODES} nodes and {@link #DEEPEST} levels, what aliases stand for included. Used once, by one thread.
 */
final class YamlTree {
    static final int MOST_NODES = 50_000;
    static final int DEEPEST = 50;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";
    private static final Set<String> PLAIN_TAGS = Set.of("str", "int", "float", "bool", "null", "map", "seq");

    private final SourceText source;
    private final Problems problems;
    private final Deque<Frame> open = new ArrayDeque<>();
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private @Nullable ConfigNode root;
    private int nodes;

    /** A list or map that has begun. */
    private static final class Frame {
        final boolean isMap;
        final KeyPath path;
        final SourcePosition position;
        final Optional<String> tag;
        final Optional<Anchor> anchor;
        final int nodesBefore;
        final List<ConfigNode> items = new ArrayList<>();
        final Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        /** How many levels are below this one so far. */
        int height;

        @Nullable
        String key;

        @Nullable
        SourcePosition keyPosition;

        Frame(
                boolean isMap,
                KeyPath path,
                SourcePosition position,
                Optional<String> tag,
                Optional<Anchor> anchor,
                int nodesBefore) {
            this.isMap = isMap;
            this.path = path;
            this.position = position;
            this.tag = tag;
            this.anchor = anchor;
            this.nodesBefore = nodesBefore;
        }

        ConfigNode close() {
            return isMap ? ConfigNode.map(path, position, tag, entries) : ConfigNode.list(path, position, tag, items);
        }
    }

    /** What an anchor names, once it is complete. */
    private record Anchored(ConfigNode node, int size, int height) {}

    private YamlTree(SourceText source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /**
     * {@return the document in a text}
     *
     * @throws ConfigurationException when it is not YAML, or outgrows its bounds
     */
    static ConfigNode parse(SourceText source, Problems problems) {
        return new YamlTree(source, problems).parse();
    }

    private ConfigNode parse() {
        LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
        try {
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, source.text()));
            while (parser.hasNext()) {
                accept(parser.next());
            }
        } catch (MarkedYamlEngineException e) {
            throw syntax(e);
        } catch (YamlEngineException e) {
            throw failure("is not YAML", source.position(0, 0));
        }
        return root == null ? ConfigNode.nothing(KeyPath.ROOT, source.position(0, 0)) : root;
    }

    private void accept(Event event) {
        if (event instanceof NodeEvent || event instanceof CollectionEndEvent) {
            node(event);
        } else if (event instanceof DocumentStartEvent && root != null) {
            throw failure("holds a second document after \"---\"; only one is allowed", place(event));
        }
    }

    private void node(Event event) {
        if (event instanceof CollectionEndEvent) {
            end();
            return;
        }
        Frame parent = open.peek();
        if (parent != null && parent.isMap && parent.key == null) {
            key(parent, event);
            return;
        }
        KeyPath path = path(parent);
        if (event instanceof CollectionStartEvent start) {
            count(1, event);
            if (open.size() >= DEEPEST) {
                throw failure("is nested deeper than " + DEEPEST + " levels", place(event));
            }
            open.push(new Frame(
                    start instanceof MappingStartEvent,
                    path,
                    place(event),
                    tag(start.getTag(), event),
                    start.getAnchor(),
                    nodes - 1));
        } else if (event instanceof ScalarEvent scalar) {
            count(1, event);
            ConfigNode node = text(scalar, path);
            scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, 1, 0)));
            add(node, 0);
        } else if (event instanceof AliasEvent alias) {
            Anchored target = target(alias);
            count(target.size(), event);
            if (open.size() + target.height() > DEEPEST) {
                throw failure("is nested deeper than " + DEEPEST + " levels", place(event));
            }
            add(target.node().at(path, place(event)), target.height());
        }
    }

    private void key(Frame map, Event event) {
        String key;
        if (event instanceof ScalarEvent scalar) {
            key = scalar.getValue();
        } else if (event instanceof AliasEvent alias && target(alias).node().kind() == ConfigNode.Kind.TEXT) {
            key = target(alias).node().text();
        } else {
            throw failure("has a list or a map as a key; a key must be a text", place(event));
        }
        count(1, event);
        map.key = key;
        map.keyPosition = place(event);
    }

    private Anchored target(AliasEvent alias) {
        Anchored target = anchors.get(alias.getAlias());
        if (target == null) {
            boolean within = open.stream().anyMatch(frame -> frame.anchor.equals(Optional.of(alias.getAlias())));
            throw failure(
                    within
                            ? "has an alias that stands for what it is itself a part of"
                            : "has an alias (a word that begins with \"*\") for which there is no anchor before it; "
                                    + "a text that begins with \"*\" needs quotes",
                    place(alias));
        }
        return target;
    }

    private static KeyPath path(@Nullable Frame parent) {
        if (parent == null) {
            return KeyPath.ROOT;
        }
        return parent.key == null ? parent.path.item(parent.items.size()) : parent.path.key(parent.key);
    }

    private void end() {
        Frame done = open.pop();
        ConfigNode node = done.close();
        done.anchor.ifPresent(
                anchor -> anchors.put(anchor, new Anchored(node, nodes - done.nodesBefore, done.height + 1)));
        add(node, done.height + 1);
    }

    private void add(ConfigNode node, int height) {
        Frame parent = open.peek();
        if (parent == null) {
            root = node;
            return;
        }
        parent.height = Math.max(parent.height, height);
        String key = parent.key;
        SourcePosition keyPosition = parent.keyPosition;
        if (key == null || keyPosition == null) {
            parent.items.add(node);
            return;
        }
        parent.key = null;
        ConfigNode.Entry first = parent.entries.get(key);
        if (first == null) {
            parent.entries.put(key, new ConfigNode.Entry(keyPosition, node));
        } else {
            problems.add(
                    parent.path.key(key).toString(),
                    "is given twice; the first one is in line "
                            + first.position().line(),
                    keyPosition);
        }
    }

    private ConfigNode text(ScalarEvent scalar, KeyPath path) {
        Optional<String> tag = tag(scalar.getTag(), scalar);
        String value = scalar.getValue();
        if (scalar.isPlain() && tag.isEmpty() && NULLS.contains(value)) {
            return ConfigNode.nothing(path, place(scalar));
        }
        return ConfigNode.text(path, place(scalar), tag, value, embedded(scalar));
    }

    /** The text of a scalar with the place of each line; only a literal block has its lines as they stand in the file. */
    private SourceText embedded(ScalarEvent scalar) {
        List<Line> lines = new ArrayList<>();
        SourcePosition place = place(scalar);
        if (!scalar.isLiteral()) {
            for (String line : scalar.getValue().split("\n", -1)) {
                lines.add(new Line(line, place.line(), place.column()));
            }
            return new SourceText(source.file(), lines);
        }
        int next = scalar.getStartMark().orElseThrow().getLine() + 1;
        for (String line : scalar.getValue().split("\n", -1)) {
            if (next >= source.lines().size()) {
                break;
            }
            Line written = source.lines().get(next);
            lines.add(
                    written.text().endsWith(line)
                            ? written.without(written.text().length() - line.length())
                            : written.withText(line));
            next++;
        }
        return new SourceText(source.file(), lines);
    }

    private Optional<String> tag(Optional<String> tag, Event event) {
        if (tag.isEmpty() || tag.get().equals("!")) {
            return Optional.empty();
        }
        if (!tag.get().startsWith(STANDARD_TAG)) {
            return tag;
        }
        if (!PLAIN_TAGS.contains(tag.get().substring(STANDARD_TAG.length()))) {
            throw failure("has a tag (a word that begins with \"!!\") that is not known", place(event));
        }
        return Optional.empty();
    }

    private void count(int more, Event event) {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw failure("holds more than " + MOST_NODES + " values, what aliases stand for included", place(event));
        }
    }

    private SourcePosition place(Event event) {
        return event.getStartMark()
                .map(mark -> source.position(mark.getLine(), mark.getColumn()))
                .orElseGet(() -> source.position(0, 0));
    }

    /** The exception's own message is not shown: it quotes the file, which may hold secrets. */
    private ConfigurationException syntax(MarkedYamlEngineException e) {
        SourcePosition place = e.getProblemMark()
                .map(mark -> source.position(mark.getLine(), mark.getColumn()))
                .orElseGet(() -> source.position(0, 0));
        if (e.getProblemMark().filter(this::isIndentedByTab).isPresent()) {
            return failure("is not YAML: a tab may not be used for indentation; use spaces", place);
        }
        String context = e.getContextMark()
                .map(mark -> source.position(mark.getLine(), mark.getColumn()))
                .filter(at -> !at.equals(place))
                .map(at -> ", in what begins in line " + at.line() + ", column " + at.column())
                .orElse("");
        return failure("is not YAML: " + SyntaxWords.of(e) + context, place);
    }

    private boolean isIndentedByTab(Mark mark) {
        if (mark.getLine() >= source.lines().size()) {
            return false;
        }
        String line = source.lines().get(mark.getLine()).text();
        return line.substring(0, line.length() - line.stripLeading().length()).contains("\t");
    }

    private static ConfigurationException failure(String message, SourcePosition place) {
        return new ConfigurationException(List.of(new Problem("file", message, Optional.of(place))));
    }
}

package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of an XML answer: its local name, its text and its children. Made by {@link #parse}; immutable once that has returned.
 *
 * <p>Document types and external entities are refused.
 */
final class Xml {
    private static final XMLInputFactory FACTORY = factory();

    private final String name;
    private final List<Xml> children = new ArrayList<>(0);
    private String text = "";

    private Xml(String name) {
        this.name = name;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * {@return the root element}
     *
     * @throws XMLStreamException when it is no whole XML document
     */
    static Xml parse(String document) throws XMLStreamException {
        XMLStreamReader reader;
        synchronized (FACTORY) {
            reader = FACTORY.createXMLStreamReader(new StringReader(document));
        }
        Xml top = new Xml("");
        Deque<Xml> open = new ArrayDeque<>(List.of(top));
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    Xml element = new Xml(reader.getLocalName());
                    open.getLast().children.add(element);
                    open.addLast(element);
                }
                case XMLStreamConstants.CHARACTERS -> {
                    if (!reader.isWhiteSpace()) {
                        open.getLast().text = reader.getText().strip();
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> open.removeLast();
                default -> {
                    // comments and processing instructions say nothing
                }
            }
        }
        return top.children.get(0);
    }

    String name() {
        return name;
    }

    /** {@return the text of the element at a path of names; empty when there is none, or it has no text} */
    Optional<String> text(String... path) {
        return child(path).map(element -> element.text).filter(found -> !found.isEmpty());
    }

    /** {@return the text of the element at a path that has to be there} */
    String requiredText(String... path) {
        return text(path)
                .orElseThrow(() ->
                        new MicadoException(ErrorKind.INTERNAL, "the answer has no element " + String.join("/", path)));
    }

    /** {@return the children of the element at a path, which are the items of a set; none when it is missing} */
    List<Xml> items(String... path) {
        return child(path).map(set -> List.copyOf(set.children)).orElse(List.of());
    }

    Optional<Xml> child(String... path) {
        Xml at = this;
        for (String step : path) {
            Xml next = null;
            for (Xml child : at.children) {
                if (child.name.equals(step)) {
                    next = child;
                    break;
                }
            }
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }
}

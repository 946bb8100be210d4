package io.micado.provider.http;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/**
 * Reads and writes {@link XmlElement}s by the JDK's own parser, whatever is on the class path. There are no document types, hence no
 * entities beyond XML's own five; depth and number of elements are limited. Called by {@link HttpResponse} and {@link XmlElement} on any thread.
 * Not instantiable.
 */
final class XmlText {
    private static final int DEEPEST = 100;
    private static final int MOST_ELEMENTS = 1_000_000;
    private static final XMLInputFactory READERS = readers();
    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

    private XmlText() {}

    private static XMLInputFactory readers() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    static XmlElement read(byte[] body, HttpResponse answer) {
        try {
            XMLStreamReader reader = READERS.createXMLStreamReader(new ByteArrayInputStream(body));
            try {
                return read(reader, answer);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            // The parser's own message would quote the body.
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNumber());
            throw answer.unreadable("is not the XML that it should be (line " + line + ")");
        }
    }

    private static XmlElement read(XMLStreamReader reader, HttpResponse answer) throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        Open document = new Open("");
        open.push(document);
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    elements++;
                    if (open.size() > DEEPEST || elements > MOST_ELEMENTS) {
                        throw answer.unreadable(
                                "is XML of more than " + DEEPEST + " levels or " + MOST_ELEMENTS + " elements");
                    }
                    open.push(new Open(reader.getLocalName()));
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    XmlElement closed = open.pop().close();
                    open.element().children.add(closed);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                    open.element().text.append(reader.getText());
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw answer.unreadable("is XML with a document type or an entity, which is not read");
                default -> {
                    // comments, processing instructions and white space tell nothing
                }
            }
        }
        return document.children.get(0);
    }

    static String write(XmlElement root) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter writer = WRITERS.createXMLStreamWriter(text);
            writer.writeStartDocument("UTF-8", "1.0");
            write(root, writer);
            writer.writeEndDocument();
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private static void write(XmlElement element, XMLStreamWriter writer) throws XMLStreamException {
        writer.writeStartElement(element.name());
        writer.writeCharacters(element.text());
        for (XmlElement child : element.children()) {
            write(child, writer);
        }
        writer.writeEndElement();
    }

    /** An element whose end has not come yet. */
    private static final class Open {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private final List<XmlElement> children = new ArrayList<>();

        private Open(String name) {
            this.name = name;
        }

        private XmlElement close() {
            return new XmlElement(name, text.toString().strip(), children);
        }
    }
}

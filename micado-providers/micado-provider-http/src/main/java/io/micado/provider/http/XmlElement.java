package io.micado.provider.http;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An element of XML: its local name, its own text, and the elements in it; attributes are left out. Read by {@link HttpResponse#xml()}, made
 * by plug-ins for what they send. Immutable; {@link #toString()} shows the name only.
 *
 * @param name its name without prefix
 * @param text its own text, without white space around it
 * @param children the elements in it, in their order
 */
public record XmlElement(String name, String text, List<XmlElement> children) {

    /** Copies the list. */
    public XmlElement {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        children = List.copyOf(children);
    }

    /** {@return an element that holds a text} */
    public static XmlElement of(String name, String text) {
        return new XmlElement(name, text, List.of());
    }

    /** {@return an element that holds others} */
    public static XmlElement of(String name, List<XmlElement> children) {
        return new XmlElement(name, "", children);
    }

    /** {@return the elements of this name in it} */
    public List<XmlElement> all(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).toList();
    }

    /** {@return the first element of this name in it} */
    public Optional<XmlElement> first(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).findFirst();
    }

    /** {@return the text of the first element of this name in it, unless it is blank} */
    public Optional<String> textOf(String childName) {
        return first(childName).map(XmlElement::text).filter(text -> !text.isBlank());
    }

    /** {@return this as a document in UTF-8} */
    public String document() {
        return XmlText.write(this);
    }

    @Override
    public String toString() {
        return "<" + name + ">";
    }
}

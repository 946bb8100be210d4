package io.micado.api.config;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong with a file while it is read, so that all of it is told at once. Confined to one thread. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Creates an empty collection. */
    public Problems() {}

    /** Adds a problem of a node's value. */
    public void add(ConfigNode node, String message) {
        add(node.path(), message, node.position());
    }

    /** Adds a problem at a place. */
    public void add(String where, String message, SourcePosition position) {
        found.add(new Problem(where.isEmpty() ? "file" : where, message, Optional.of(position)));
    }

    /** Adds a problem that somebody else found. */
    public void add(Problem problem) {
        found.add(problem);
    }

    /**
     * {@return what a step makes of a node; empty when it refuses its input, which then is a problem of that node}
     *
     * @param <T> what is made
     * @param step throws {@link IllegalArgumentException} or {@link ConfigurationException} for wrong input
     */
    public <T> Optional<T> attempt(ConfigNode node, Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (ConfigurationException e) {
            for (Problem problem : e.problems()) {
                add(node.path(), problem.message(), problem.position().orElse(node.position()));
            }
        } catch (IllegalArgumentException e) {
            // Which pool or service it is, the path says.
            add(node, String.valueOf(e.getMessage()).replaceFirst("^(?:pool|service) \"[^\"]*\": ", ""));
        }
        return Optional.empty();
    }

    /** {@return the problems in the order of the file; those that stand nowhere come last} */
    public static List<Problem> inOrder(List<Problem> problems) {
        Comparator<SourcePosition> byPlace = Comparator.comparing(SourcePosition::file)
                .thenComparingInt(SourcePosition::line)
                .thenComparingInt(SourcePosition::column);
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparing(problem -> problem.position().orElse(null), Comparator.nullsLast(byPlace)));
        return sorted;
    }

    /** {@return whether nothing is wrong so far} */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** {@return what is wrong so far, in the order in which it was found} */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** Throws everything that is wrong, if anything is. */
    public void throwAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found);
        }
    }
}

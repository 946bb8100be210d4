package io.micado.provider.occopus;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import jinjava.javax.el.CompositeELResolver;
import org.jspecify.annotations.Nullable;

/**
 * Renders Jinja2 templates of Occopus, which may come from anybody: they see texts, numbers, lists and maps, no Java object; they can
 * read no file and run no command; and they end, after {@link #MOST_STEPS} steps or {@link #LONGEST} characters. Immutable and
 * thread-safe.
 */
final class Templates {
    static final int MOST_STEPS = 5_000;
    static final int LONGEST = 256 * 1024;

    private static final int MOST_ITEMS = 200;
    private static final String ADDRESSES = "micado_addresses";
    private static final String STEPS = "micado_steps";

    private static final Set<String> TAGS = Set.of(
            "if",
            "elif",
            "else",
            "endif",
            "for",
            "endfor",
            "break",
            "continue",
            "set",
            "endset",
            "raw",
            "endraw",
            "unless",
            "endunless");
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "b64decode",
            "b64encode",
            "bool",
            "capitalize",
            "count",
            "d",
            "default",
            "first",
            "float",
            "indent",
            "int",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "replace",
            "reverse",
            "round",
            "sort",
            "split",
            "string",
            "sum",
            "title",
            "tojson",
            "trim",
            "truncate",
            "unique",
            "upper");
    private static final Set<String> FUNCTIONS = Set.of(":range");

    private final Jinjava jinjava;

    /** A template that cannot be rendered, and in which of its lines, from 1, that showed. */
    static final class TemplateException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;
        private final String words;

        TemplateException(int line, String words) {
            super(words);
            this.line = line;
            this.words = words;
        }

        String words() {
            return words;
        }

        int line() {
            return line;
        }
    }

    /** Counts the steps of one rendering. */
    private static final class Steps {
        private int taken;

        void next() {
            taken++;
            if (taken > MOST_STEPS) {
                throw new IllegalStateException("more than " + MOST_STEPS + " steps");
            }
        }

        @Override
        public String toString() {
            return ""; // a template could ask for it
        }
    }

    /** The addresses that a template may ask for. */
    private record Addresses(Function<String, String> byNode) {
        @Override
        public String toString() {
            return "";
        }
    }

    Templates() {
        CompositeELResolver mapsAndLists = new CompositeELResolver();
        mapsAndLists.add(new JinjavaListELResolver(true));
        mapsAndLists.add(new TypeConvertingMapELResolver(true));
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withElResolver(mapsAndLists)
                .withReadOnlyResolver(true)
                .withDisabled(allBut())
                .withFailOnUnknownTokens(true)
                .withNestedInterpretationEnabled(false)
                .withKeepTrailingNewline(true)
                .withMaxOutputSize(LONGEST)
                .withMaxStringLength(LONGEST)
                .withMaxListSize(MOST_ITEMS)
                .withMaxMapSize(MOST_ITEMS)
                .withRangeLimit(MOST_ITEMS)
                .withMaxRenderDepth(20)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> {
                            if (interpreter.getContext().get(STEPS) instanceof Steps steps) {
                                steps.next();
                            }
                        })
                        .build())
                .build());
        register("getip", "address");
        register("getprivip", "address");
        jinjava.registerFunction(
                new ELFunctionDefinition("", "cut", Templates.class, "cut", String.class, long.class, long.class));
    }

    private void register(String name, String method) {
        jinjava.registerFunction(new ELFunctionDefinition("", name, Templates.class, method, String.class));
    }

    private static Map<Library, Set<String>> allBut() {
        Context everything = new Jinjava().getGlobalContext();
        return Map.of(
                Library.TAG,
                        others(
                                everything.getAllTags().stream()
                                        .map(tag -> tag.getName())
                                        .toList(),
                                TAGS),
                Library.FILTER,
                        others(
                                everything.getAllFilters().stream()
                                        .map(filter -> filter.getName())
                                        .toList(),
                                FILTERS),
                Library.FUNCTION,
                        others(
                                everything.getAllFunctions().stream()
                                        .map(function -> function.getName())
                                        .toList(),
                                FUNCTIONS));
    }

    private static Set<String> others(List<String> all, Set<String> allowed) {
        return all.stream().filter(name -> !allowed.contains(name)).collect(Collectors.toSet());
    }

    /**
     * {@return the rendered text}
     *
     * @param variables what the template may name
     * @param addressOf the address of a node by its name; null for one that has none here
     * @throws TemplateException with what is wrong and where
     */
    String render(String template, Map<String, Object> variables, Function<String, @Nullable String> addressOf)
            throws TemplateException {
        Map<String, Object> bindings = new HashMap<>(variables);
        bindings.put(ADDRESSES, new Addresses(name -> {
            String address = addressOf.apply(name);
            if (address == null) {
                throw new IllegalArgumentException("no address");
            }
            return address;
        }));
        bindings.put(STEPS, new Steps());
        RenderResult result;
        try {
            result = jinjava.renderForResult(template, bindings);
        } catch (RuntimeException e) {
            throw new TemplateException(1, "cannot be rendered");
        }
        for (TemplateError error : result.getErrors()) {
            // Its message may quote the template, and so a secret.
            throw new TemplateException(Math.max(1, error.getLineno()), TemplateWords.of(error));
        }
        return result.getOutput();
    }

    /** Called by templates: the address of a node. */
    public static String address(String node) {
        Object addresses = JinjavaInterpreter.getCurrent().getContext().get(ADDRESSES);
        return addresses instanceof Addresses known ? known.byNode().apply(node) : "";
    }

    /** Called by templates: a part of a text. */
    public static String cut(String text, long from, long to) {
        int begin = (int) Math.max(0, Math.min(from, text.length()));
        int end = (int) Math.max(begin, Math.min(to, text.length()));
        return text.substring(begin, end);
    }
}

package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.WorkerId;
import io.micado.provider.occopus.Templates.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A context template of Occopus as the bootstrap of a pool: rendered for each worker with the names of Occopus, and with
 * {@code micado.token}, {@code micado.manager}, {@code micado.labels} and {@code micado.join}, by which it can join the Swarm. Immutable
 * and thread-safe; shows no secret.
 */
final class ContextTemplate implements Bootstrap {
    private final Templates templates;
    private final SourceText text;
    private final String infrastructure;
    private final String node;
    private final Map<String, Object> variables;
    private final Set<String> managers;

    /**
     * Creates the bootstrap.
     *
     * @param infrastructure the infrastructure's name, which is its id for templates too
     * @param node the node's name
     * @param variables the user's variables; secrets among them are resolved when a machine is launched
     * @param managers the names of the nodes in whose place the Swarm's manager stands
     */
    ContextTemplate(
            Templates templates,
            SourceText text,
            String infrastructure,
            String node,
            Map<String, Object> variables,
            Set<String> managers) {
        this.templates = templates;
        this.text = text;
        this.infrastructure = infrastructure;
        this.node = node;
        this.variables = new LinkedHashMap<>(variables);
        this.managers = Set.copyOf(managers);
    }

    /** Renders it once as an example, and tells what is wrong at its place. */
    void check(ConfigNode where, Problems problems) {
        JoinInfo example = JoinInfo.of(List.of("192.0.2.1:2377"), Secret.of("token"));
        try {
            render(new WorkerId("example"), Map.of(), example, Variables.examples(variables));
        } catch (TemplateException e) {
            problems.add(where.path(), e.words(), text.position(e.line() - 1, 0));
        }
    }

    @Override
    public Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join) {
        try {
            return Optional.of(Secret.of(render(worker, engineLabels, join, Variables.revealed(variables))));
        } catch (TemplateException e) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION, text.position(e.line() - 1, 0) + ": the template " + e.words());
        }
    }

    private String render(WorkerId worker, Map<String, String> labels, JoinInfo join, Map<String, Object> values)
            throws TemplateException {
        String manager = join.managers().stream().findFirst().orElse("");
        String token = join.token().reveal();
        Map<String, Object> bindings = new LinkedHashMap<>();
        bindings.put("variables", values);
        bindings.put("infra_id", infrastructure);
        bindings.put("infra_name", infrastructure);
        bindings.put("node_id", worker.value());
        bindings.put("name", node);
        bindings.put(
                "micado",
                Map.of(
                        "token",
                        token,
                        "manager",
                        manager,
                        "labels",
                        labels.entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.toList()),
                        "join",
                        "docker swarm join --token " + token + " " + manager));
        return templates.render(
                text.text(), bindings, name -> managers.contains(name) && !manager.isEmpty() ? host(manager) : null);
    }

    private static String host(String address) {
        return address.replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "");
    }

    @Override
    public String toString() {
        return "context template of " + node;
    }
}

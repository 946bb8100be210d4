package io.micado.examples;

import io.micado.Defaults;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Note;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceSpec;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells in lines what a configuration file comes to. Used by {@link Check}. Stateless. */
final class CheckReport {
    private CheckReport() {}

    static List<String> of(InfrastructureDescription description) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Nothing is wrong with it: infrastructure " + description.name().orElse("without a name"));
        notes(description, Note.Kind.USED, "Used", lines);
        notes(description, Note.Kind.CHANGED, "Read otherwise than it is written", lines);
        notes(description, Note.Kind.IGNORED, "Ignored", lines);
        description.orchestrator().ifPresent(plugin -> section("Orchestrator", List.of(plugin.type()), lines));
        section(
                "Clouds",
                description.clouds().entrySet().stream()
                        .map(cloud -> cloud.getKey() + ": " + cloud.getValue().type() + ", with "
                                + String.join(", ", cloud.getValue().settings().keys()))
                        .toList(),
                lines);
        section(
                "Metric sources",
                description.metricSources().stream()
                        .map(plugin -> plugin.type())
                        .toList(),
                lines);
        section("Pools", description.pools().stream().map(CheckReport::pool).toList(), lines);
        section(
                "Services",
                description.services().stream().map(CheckReport::service).toList(),
                lines);
        section("Services that others deploy", others(description), lines);
        return lines;
    }

    /** {@return what is read otherwise than it is written} */
    static List<String> changes(InfrastructureDescription description) {
        return description.notes().stream()
                .filter(note -> note.kind() == Note.Kind.CHANGED)
                .map(Note::toString)
                .toList();
    }

    private static void notes(InfrastructureDescription description, Note.Kind kind, String title, List<String> lines) {
        section(
                title,
                description.notes().stream()
                        .filter(note -> note.kind() == kind)
                        .map(Note::toString)
                        .toList(),
                lines);
    }

    private static void section(String title, List<String> entries, List<String> lines) {
        if (!entries.isEmpty()) {
            lines.add("");
            lines.add(title);
            entries.forEach(entry -> lines.add("  " + entry));
        }
    }

    private static String pool(WorkerPool pool) {
        return pool.name() + ": " + pool.bounds() + " workers, "
                + pool.offerings().stream().map(Offering::name).collect(Collectors.joining(", then ")) + ", policy "
                + pool.policy().orElse(Defaults.POOL_POLICY).type();
    }

    private static String service(ServiceSpec service) {
        return service.name() + ": " + service.image() + ", " + service.bounds() + " replicas, policy "
                + service.policy().map(PolicySpec::type).orElse("of the infrastructure");
    }

    private static List<String> others(InfrastructureDescription description) {
        List<String> others = new ArrayList<>();
        description.policies().forEach((name, policy) -> others.add(name + ": policy " + policy.type()));
        description
                .adoption()
                .ifPresent(adoption -> others.add((others.isEmpty() ? "all: " : "all others: ")
                        + adoption.bounds() + " replicas, policy "
                        + adoption.policy().type()));
        return others;
    }
}

package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationFormat;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import java.util.regex.Pattern;

/**
 * The format {@code occopus}: an infrastructure description, with node definitions and credentials in the files beside it. Found
 * through {@link java.util.ServiceLoader}; stateless.
 */
public final class OccopusFormat implements ConfigurationFormat {
    private static final Pattern NAME = Pattern.compile("(?m)^[\"']?infra_name[\"']? *:");
    private static final Pattern NODES = Pattern.compile("(?m)^[\"']?nodes[\"']? *:");

    /** Creates the format; called by the {@link java.util.ServiceLoader}. */
    public OccopusFormat() {}

    @Override
    public String type() {
        return "occopus";
    }

    @Override
    public boolean recognises(SourceText text) {
        String all = text.text();
        return NAME.matcher(all).find() && NODES.matcher(all).find();
    }

    @Override
    public InfrastructureDescription read(ConfigurationSource source) {
        InfrastructureDescription.Builder description =
                InfrastructureDescription.builder().assumed("format " + type());
        Problems problems = new Problems();
        ConfigNode root = source.parse(source.text(), problems);
        new OccopusReader(source, problems, description).read(root);
        return description.problems(problems).build();
    }
}

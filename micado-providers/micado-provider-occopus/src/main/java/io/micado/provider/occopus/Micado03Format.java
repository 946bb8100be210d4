package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationFormat;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import java.util.regex.Pattern;

/**
 * The format {@code micado-0.3}: the cloud-config by which MiCADO 0.3 is installed, of which the two entries count that the user fills
 * in. Found through {@link java.util.ServiceLoader}; stateless.
 */
public final class Micado03Format implements ConfigurationFormat {
    private static final Pattern BEGINNING = Pattern.compile("(?m)^(#cloud-config|write_files *:)");

    /** Creates the format; called by the {@link java.util.ServiceLoader}. */
    public Micado03Format() {}

    @Override
    public String type() {
        return "micado-0.3";
    }

    @Override
    public boolean recognises(SourceText text) {
        return BEGINNING.matcher(text.text()).find();
    }

    @Override
    public InfrastructureDescription read(ConfigurationSource source) {
        InfrastructureDescription.Builder description =
                InfrastructureDescription.builder().assumed("format " + type());
        Problems problems = new Problems();
        SourceText mended = CloudConfigText.mend(source.text(), description);
        ConfigNode root = source.parse(mended, problems);
        new Micado03Reader(source, problems, description).read(root);
        return description.problems(problems).build();
    }
}

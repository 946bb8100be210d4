package io.micado.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which artifact is named for a plug-in that is not on the class path. */
class KnownArtifactsTest {
    @ParameterizedTest
    @CsvSource({
        "consul,micado-provider-monitoring",
        "prometheus,micado-provider-monitoring",
        "docker,micado-swarm",
        "jclouds:azurecompute-arm,micado-provider-jclouds"
    })
    void theArtifactThatBringsAPlugInIsNamed(String type, String artifact) {
        assertThat(KnownArtifacts.bringing(type)).contains("io.micado:" + artifact);
    }
}

package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.TaskState.PendingCause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingReasonsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no suitable node (insufficient resources on 1 node)|INSUFFICIENT_RESOURCES",
                "no suitable node (insufficient resources on 2 nodes; scheduling constraints not satisfied on 1 node)|INSUFFICIENT_RESOURCES",
                "no suitable node (1 node not available for new tasks; insufficient resources on 6 nodes)|INSUFFICIENT_RESOURCES",
                "no suitable node (scheduling constraints not satisfied on 6 nodes; 1 node not available for new tasks)|CONSTRAINTS",
                "no suitable node (host-mode port already in use on 1 node)|PORT_TAKEN",
                "no suitable node (scheduling constraints not satisfied on 1 node; host-mode port already in use on 2 nodes)|PORT_TAKEN",
                "no suitable node (max replicas per node limit exceed)|MAX_REPLICAS_PER_NODE",
                "no suitable node (max replicas per node limit exceed; scheduling constraints not satisfied on 1 node)|MAX_REPLICAS_PER_NODE",
                "no suitable node (unsupported platform on 3 nodes)|UNSUPPORTED_PLATFORM",
                "no suitable node (missing plugin on 1 node)|UNSUPPORTED_PLATFORM",
                "no suitable node (cannot fulfill requested CSI volume mounts on 1 node)|UNSUPPORTED_PLATFORM",
                "no suitable node (1 node not available for new tasks)|NO_NODES",
                "no suitable node|NO_NODES",
                "no suitable node (something that a later Swarm says)|OTHER",
                "pending task scheduling|OTHER",
            })
    void readsTheSchedulersWords(String message, PendingCause cause) {
        assertThat(PendingReasons.of(message)).isEqualTo(cause);
    }

    @org.junit.jupiter.api.Test
    void takesSilenceForSomethingElse() {
        assertThat(PendingReasons.of("")).isEqualTo(PendingCause.OTHER);
    }
}

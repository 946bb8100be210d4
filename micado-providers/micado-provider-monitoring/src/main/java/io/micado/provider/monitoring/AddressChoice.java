package io.micado.provider.monitoring;

import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which of a worker's addresses are candidates for reading its exporters. Immutable. */
enum AddressChoice {
    /** All, beginning with the one that the Swarm knows. */
    AUTO,
    /** The one that the Swarm knows. */
    NODE,
    /** The private ones that the cloud tells. */
    PRIVATE,
    /** The others that the cloud tells. */
    PUBLIC;

    private static final Pattern PRIVATE_ADDRESS = Pattern.compile(
            "10\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*|100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*|[fF][cCdD].*:.*");

    /** What a manager of one node calls itself, and what nobody else reaches. */
    private static final Pattern OF_NO_USE = Pattern.compile("|0\\.0\\.0\\.0|127\\..*|::1?");

    /** {@return the candidates, the likeliest first} */
    List<String> of(Node node, Optional<Machine> machine) {
        Set<String> candidates = new LinkedHashSet<>();
        if (this == AUTO || this == NODE) {
            candidates.add(node.address());
        }
        List<String> ofMachine = machine.map(Machine::addresses).orElse(List.of());
        if (this == AUTO || this == PRIVATE) {
            ofMachine.stream().filter(AddressChoice::isPrivate).forEach(candidates::add);
        }
        if (this == AUTO || this == PUBLIC) {
            ofMachine.stream().filter(address -> !isPrivate(address)).forEach(candidates::add);
        }
        List<String> useful = new ArrayList<>(candidates);
        useful.removeIf(address -> OF_NO_USE.matcher(address).matches());
        // On one machine alone the loopback address is better than none.
        return useful.isEmpty()
                ? candidates.stream().filter(address -> !address.isBlank()).toList()
                : useful;
    }

    private static boolean isPrivate(String address) {
        return PRIVATE_ADDRESS.matcher(address).matches();
    }
}

package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CoordinationStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The coordination store of a simulated cluster: records that are changed by compare-and-swap, as long as there is a
 * quorum. Called by programs on any thread; thread-safe.
 */
final class SimulatedCoordination implements CoordinationStore {
    private final Swarm swarm;
    private final CallFaults calls;
    private final Effects effects;
    private final Map<String, Versioned> records = new HashMap<>();
    private long version;

    SimulatedCoordination(Swarm swarm, CallFaults calls, Effects effects) {
        this.swarm = swarm;
        this.calls = calls;
        this.effects = effects;
    }

    @Override
    public Optional<Versioned> read(String name) {
        return calls.call(
                false,
                () -> swarm.look(() -> {
                    refuseWithoutQuorum();
                    return Optional.ofNullable(records.get(name));
                }));
    }

    @Override
    public Versioned create(String name, Map<String, String> values) {
        return write("create", name, () -> {
            if (records.containsKey(name)) {
                throw new MicadoException(ErrorKind.CONFLICT, "record " + name + " exists already").withTarget(name);
            }
            return put(name, values);
        });
    }

    @Override
    public Versioned update(String name, Versioned seen, Map<String, String> values) {
        return write("update", name, () -> {
            Versioned current = records.get(name);
            if (current == null) {
                throw new MicadoException(ErrorKind.NOT_FOUND, "record " + name + " does not exist").withTarget(name);
            }
            if (!current.version().equals(seen.version())) {
                throw new MicadoException(
                                ErrorKind.CONFLICT, "record " + name + " was changed meanwhile: read it again")
                        .withTarget(name);
            }
            return put(name, values);
        });
    }

    @Override
    public void delete(String name) {
        write("delete", name, () -> {
            Versioned gone = records.remove(name);
            return gone == null ? new Versioned("0", Map.of()) : gone;
        });
    }

    private Versioned put(String name, Map<String, String> values) {
        Versioned record = new Versioned(Long.toString(++version), values);
        records.put(name, record);
        return record;
    }

    private Versioned write(String what, String name, Supplier<Versioned> change) {
        return calls.call(
                true,
                () -> effects.perform(
                        "coordination." + what,
                        "record " + name,
                        () -> swarm.look(() -> {
                            refuseWithoutQuorum();
                            return change.get();
                        })));
    }

    private void refuseWithoutQuorum() {
        if (!swarm.quorum()) {
            throw noQuorum();
        }
    }

    static MicadoException noQuorum() {
        return new MicadoException(
                ErrorKind.TRANSIENT,
                "the swarm does not have a leader: more than half of its managers have to be online");
    }
}

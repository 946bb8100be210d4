package io.micado.simulation.contract;

import static io.micado.simulation.contract.Checks.require;
import static io.micado.simulation.contract.Checks.requireFailure;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.CoordinationStore.Versioned;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks what {@link CoordinationStore} promises, on a record of its own that it deletes. Used by one thread. */
final class CoordinationContract {
    private static final String RECORD = "micado.contract";

    private final CoordinationStore store;
    private final Checks checks;

    CoordinationContract(CoordinationStore store, Checks checks) {
        this.store = store;
        this.checks = checks;
    }

    void run() {
        try {
            checks.check("a record that was never made is empty, and can be deleted", () -> {
                store.delete(RECORD);
                store.delete(RECORD);
                require(store.read(RECORD).isEmpty(), "there is one");
            });
            checks.check("a record is made once", () -> {
                Versioned made = store.create(RECORD, Map.of("a", "1"));
                require(store.read(RECORD).equals(Optional.of(made)), "it reads as " + store.read(RECORD));
                requireFailure(() -> store.create(RECORD, Map.of("a", "2")), ErrorKind.CONFLICT);
                require(values().equals(Map.of("a", "1")), "it holds " + values());
            });
            checks.check("who saw the latest version replaces all values", () -> {
                Versioned updated = store.update(RECORD, current(), Map.of("b", "2"));
                require(values().equals(Map.of("b", "2")), "it holds " + values());
                require(store.read(RECORD).equals(Optional.of(updated)), "it reads as " + store.read(RECORD));
            });
            checks.check("who saw an older version gets a CONFLICT without effect", () -> {
                Versioned old = current();
                store.update(RECORD, old, Map.of("c", "3"));
                requireFailure(() -> store.update(RECORD, old, Map.of("d", "4")), ErrorKind.CONFLICT);
                require(values().equals(Map.of("c", "3")), "it holds " + values());
            });
            checks.check("of updates at the same time one wins", () -> {
                Versioned seen = current();
                requireOneWinner(() -> store.update(RECORD, seen, Map.of("e", "5")));
            });
            checks.check("an update of a record that is gone is NOT_FOUND or a CONFLICT", () -> {
                Versioned seen = current();
                store.delete(RECORD);
                requireFailure(
                        () -> store.update(RECORD, seen, Map.of("f", "6")), ErrorKind.NOT_FOUND, ErrorKind.CONFLICT);
                require(store.read(RECORD).isEmpty(), "it is there again");
            });
            checks.check(
                    "of creations at the same time one wins",
                    () -> requireOneWinner(() -> store.create(RECORD, Map.of("g", "7"))));
        } finally {
            checks.check("the record can be deleted", () -> {
                store.delete(RECORD);
                require(store.read(RECORD).isEmpty(), "it is still there");
            });
        }
    }

    private void requireOneWinner(Supplier<?> call) {
        List<Object> ends = checks.atTheSameTime(Collections.nCopies(4, call));
        long won = ends.stream().filter(end -> end instanceof Versioned).count();
        long lost = ends.stream()
                .filter(end -> end instanceof MicadoException e && e.kind() == ErrorKind.CONFLICT)
                .count();
        require(won == 1 && lost == 3, "one should win and three get a CONFLICT, but they ended as " + ends);
    }

    private Versioned current() {
        return store.read(RECORD).orElseThrow(() -> new IllegalStateException("there is no record " + RECORD));
    }

    private Map<String, String> values() {
        return current().values();
    }
}

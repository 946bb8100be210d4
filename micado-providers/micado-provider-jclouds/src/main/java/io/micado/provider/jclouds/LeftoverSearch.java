package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.worker.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks in one list for what an infrastructure owns beside its machines. Begun by the clouds with each list, on the threads of {@link Calls}. Confined to
 * one list, except for what was warned of.
 *
 * <p>Volumes, addresses and groups are told by other services, or need other rights, than machines. One that does not answer makes its leftovers unknown,
 * which is warned of once; the machines are as well known as ever.
 */
final class LeftoverSearch {
    private final Warned warned;
    private final List<Leftover> found = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private LeftoverSearch(Warned warned) {
        this.warned = warned;
    }

    /** What was warned of and still is so. Held by a cloud. Thread-safe. */
    static final class Warned {
        private final Set<String> things = ConcurrentHashMap.newKeySet();
        private final Consumer<String> warnings;

        Warned(Consumer<String> warnings) {
            this.warnings = warnings;
        }

        LeftoverSearch begin() {
            return new LeftoverSearch(this);
        }
    }

    /**
     * Looks for one kind of thing.
     *
     * @param things what, for people
     * @throws MicadoException of kind {@code UNSUPPORTED} when a newer release has made some
     */
    void look(String things, Supplier<List<Leftover>> where) {
        try {
            found.addAll(where.get());
            warned.things.remove(things);
        } catch (MicadoException e) {
            if (e.kind() == ErrorKind.UNSUPPORTED) {
                throw e;
            }
            String why = things + " cannot be listed or marked: " + e.getMessage();
            unknown.add(why);
            if (warned.things.add(things)) {
                warned.warnings.accept(why + "; machines are launched and terminated all the same");
            }
        }
    }

    /** {@return what was found, with the machines} */
    MachineList with(List<Machine> machines, boolean complete, boolean unfinished) {
        return new MachineList(
                machines,
                found,
                complete,
                unknown.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", unknown)),
                unfinished);
    }
}

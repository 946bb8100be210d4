package io.micado.http;

import io.micado.Micado;
import io.micado.api.time.Timekeeper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The infrastructures that the server shows, by name. Thread-safe. */
final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final Timekeeper time;
    private final Map<String, Shown> shown = new LinkedHashMap<>();

    Registry(Timekeeper time) {
        this.time = time;
    }

    synchronized void add(Micado micado) {
        if (shown.containsKey(micado.name())) {
            throw new IllegalArgumentException("there is an infrastructure \"" + micado.name() + "\" already");
        }
        shown.put(micado.name(), new Shown(micado, time.nanoTime()));
    }

    synchronized void remove(String name) {
        Shown removed = shown.remove(name);
        if (removed != null) {
            removed.leave();
        }
    }

    synchronized List<Shown> all() {
        return new ArrayList<>(shown.values());
    }

    /**
     * {@return the infrastructure of this name or identity}
     *
     * @throws HttpProblem with status 404 when there is none
     */
    Shown find(String nameOrId) {
        List<Shown> all = all();
        return all.stream()
                .filter(one -> one.name().equals(nameOrId))
                .findFirst()
                .or(() -> all.stream()
                        .filter(one -> one.micado()
                                .status()
                                .id()
                                .filter(nameOrId::equals)
                                .isPresent())
                        .findFirst())
                .orElseThrow(() -> HttpProblem.notFound("there is no infrastructure \"" + nameOrId + "\"; there are "
                        + all.stream().map(Shown::name).toList()));
    }

    /** Looks at all of them; one that fails does not keep the others from being looked at. */
    void look() {
        for (Shown one : all()) {
            try {
                one.look(time.nanoTime());
            } catch (RuntimeException e) {
                LOG.warn("looking at infrastructure {} failed", one.name(), e);
            }
        }
    }

    /** Destroys an infrastructure. When nothing is left of it, it is closed and not shown any more. */
    java.util.concurrent.CompletableFuture<Void> destroy(Shown one) {
        if (!one.beginDestruction()) {
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }
        LOG.info("[{}] is destroyed, as was asked for over HTTP", one.name());
        return one.micado().destroy().handle((report, error) -> {
            if (error != null) {
                one.endDestruction("it was not destroyed: " + error.getMessage());
                throw error instanceof RuntimeException known ? known : new IllegalStateException(error);
            }
            one.endDestruction(report.toString());
            if (report.isClean()) {
                remove(one.name());
                // Not on this thread, which is the engine's: it would wait for itself.
                time.boundedExecutor("micado-http-close", 1).submit(one.micado()::close);
            } else {
                LOG.warn("[{}] {}", one.name(), report);
            }
            return null;
        });
    }
}

package io.micado.http;

import io.micado.DestroyReport;
import io.micado.Micado;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
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

    /**
     * Destroys an infrastructure. When nothing is left of it, it is closed and not shown any more.
     *
     * @return fails when it could not be destroyed, or something is left, and says what
     */
    CompletableFuture<Void> destroy(Shown one) {
        CompletableFuture<DestroyReport> destroyed = one.micado().destroy();
        if (one.beginDestruction()) {
            LOG.info("[{}] is destroyed, as was asked for over HTTP", one.name());
            destroyed = destroyed.whenComplete((report, error) -> ended(one, report, error));
        }
        return destroyed.thenAccept(report -> {
            if (!report.isClean()) {
                throw new MicadoException(ErrorKind.INTERNAL, report.toString());
            }
        });
    }

    private void ended(Shown one, @Nullable DestroyReport report, @Nullable Throwable error) {
        if (report == null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            one.endDestruction("it was not destroyed: " + (cause == null ? "nothing says why" : cause.getMessage()));
            return;
        }
        one.endDestruction(report.toString());
        if (report.isClean()) {
            remove(one.name());
            // Not on this thread, which is the engine's: it would wait for itself.
            time.boundedExecutor("micado-http-close", 1).submit(one.micado()::close);
        } else {
            LOG.warn("[{}] {}", one.name(), report);
        }
    }
}

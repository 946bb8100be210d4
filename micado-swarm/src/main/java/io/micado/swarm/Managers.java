package io.micado.swarm;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * The engines of a Swarm's managers, of which any can be asked; used by all parts of {@link SwarmCluster}. Thread-safe.
 *
 * <p>The one that answered last is asked first. When it surely did not carry out the request, because it cannot be
 * reached, is no manager (any more) or sees no leader, the next one is asked; when that is not sure, the failure goes
 * to the caller, and the next request begins at the next one. Where Consul tells of them it is asked at the first request, and again when
 * none of those that are known can be used.
 */
final class Managers implements AutoCloseable {
    /** A Consul that tells of managers of no use is not asked again before. */
    private static final Duration ANEW = Duration.ofSeconds(5);

    private final SwarmSettings settings;
    private final Timekeeper timekeeper;
    private final Logger log;
    private final AtomicInteger preferred = new AtomicInteger();
    private volatile List<DockerEngine> engines;
    private long lookedAt;
    private boolean closed;

    Managers(SwarmSettings settings, Timekeeper timekeeper, Logger log) {
        this.settings = settings;
        this.timekeeper = timekeeper;
        this.log = log;
        engines = settings.managers().stream().map(this::open).toList();
    }

    private DockerEngine open(DockerConnection connection) {
        return DockerEngine.open(connection, timekeeper);
    }

    /** {@return all engines, in the configured order} */
    List<DockerEngine> all() {
        if (engines.isEmpty()) {
            lookUp();
        }
        return engines;
    }

    /** {@return the engine that is asked first} */
    DockerEngine current() {
        List<DockerEngine> known = all();
        return known.get(preferred.get() % known.size());
    }

    /** Asks the given engine first from now on. */
    void prefer(DockerEngine engine) {
        preferred.set(Math.max(0, engines.indexOf(engine)));
    }

    /** {@return the answer of the first manager that gives one} */
    <T> T ask(Function<DockerEngine, T> question) {
        List<DockerEngine> known = all();
        try {
            return ask(question, known);
        } catch (NoneAnswers e) {
            if (!lookUpAnew(known)) {
                throw e.told;
            }
        }
        try {
            return ask(question, engines);
        } catch (NoneAnswers e) {
            throw e.told;
        }
    }

    /** No manager could be used, and none has done anything. */
    private static final class NoneAnswers extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient MicadoException told;

        private NoneAnswers(MicadoException told) {
            super(told);
            this.told = told;
        }
    }

    private <T> T ask(Function<DockerEngine, T> question, List<DockerEngine> known) {
        int first = preferred.get() % known.size();
        List<DockerException> failures = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            int index = (first + i) % known.size();
            try {
                T answer = question.apply(known.get(index));
                moveTo(known, first, index);
                return answer;
            } catch (DockerException e) {
                boolean pointless =
                        !e.worthAnotherManager() || Thread.currentThread().isInterrupted();
                if (pointless) {
                    if (e.reason() != DockerException.Reason.REFUSED) {
                        moveTo(known, first, (index + 1) % known.size());
                    }
                    throw e;
                }
                failures.add(e);
            }
        }
        throw new NoneAnswers(noneAnswers(failures));
    }

    private void moveTo(List<DockerEngine> known, int from, int to) {
        if (from != to && preferred.compareAndSet(from, to)) {
            log.warn("{} cannot be used any more; going on with {}", known.get(from), known.get(to));
        }
    }

    /** {@return whether there are others now than those that cannot be used} */
    private synchronized boolean lookUpAnew(List<DockerEngine> useless) {
        if (settings.consul().isEmpty()) {
            return false;
        }
        if (engines.equals(useless) && timekeeper.nanoTime() - lookedAt >= ANEW.toNanos()) {
            try {
                lookUp();
            } catch (MicadoException e) {
                log.warn("{}", e.getMessage());
            }
        }
        return !engines.equals(useless);
    }

    /** Those that are known already stay open. */
    private synchronized void lookUp() {
        if (closed) {
            return;
        }
        lookedAt = timekeeper.nanoTime();
        List<URI> found = settings.consul().orElseThrow().find();
        List<DockerEngine> before = engines;
        engines = found.stream()
                .map(host -> before.stream()
                        .filter(engine -> engine.host().equals(host))
                        .findFirst()
                        .orElseGet(() -> open(settings.connection().apply(host))))
                .toList();
        before.stream().filter(engine -> !engines.contains(engine)).forEach(DockerEngine::close);
        if (!engines.equals(before)) {
            preferred.set(0);
            log.info("Consul tells of the Swarm's managers {}", found);
        }
    }

    static MicadoException noneAnswers(List<? extends MicadoException> failures) {
        if (failures.size() == 1) {
            return failures.get(0);
        }
        ErrorKind kind = failures.stream()
                .map(MicadoException::kind)
                .filter(ErrorKind.TRANSIENT::equals)
                .findFirst()
                .orElse(failures.get(0).kind());
        String each = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
        return new MicadoException(
                kind, "none of the Swarm's " + failures.size() + " managers can be used: " + each, failures.get(0));
    }

    @Override
    public synchronized void close() {
        closed = true;
        engines.forEach(DockerEngine::close);
    }
}

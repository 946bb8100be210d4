package io.micado.swarm;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
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
 * to the caller, and the next request begins at the next one.
 */
final class Managers implements AutoCloseable {
    private final List<DockerEngine> engines;
    private final Logger log;
    private final AtomicInteger preferred = new AtomicInteger();

    Managers(List<DockerConnection> connections, Timekeeper timekeeper, Logger log) {
        engines = connections.stream()
                .map(connection -> DockerEngine.open(connection, timekeeper))
                .toList();
        this.log = log;
    }

    /** {@return all engines, in the configured order} */
    List<DockerEngine> all() {
        return engines;
    }

    /** {@return the engine that is asked first} */
    DockerEngine current() {
        return engines.get(preferred.get());
    }

    /** Asks the given engine first from now on. */
    void prefer(DockerEngine engine) {
        preferred.set(engines.indexOf(engine));
    }

    /** {@return the answer of the first manager that gives one} */
    <T> T ask(Function<DockerEngine, T> question) {
        int first = preferred.get();
        List<DockerException> failures = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            int index = (first + i) % engines.size();
            try {
                T answer = question.apply(engines.get(index));
                moveTo(first, index);
                return answer;
            } catch (DockerException e) {
                boolean pointless =
                        !e.worthAnotherManager() || Thread.currentThread().isInterrupted();
                if (pointless) {
                    if (e.reason() != DockerException.Reason.REFUSED) {
                        moveTo(first, (index + 1) % engines.size());
                    }
                    throw e;
                }
                failures.add(e);
            }
        }
        throw noneAnswers(failures);
    }

    private void moveTo(int from, int to) {
        if (from != to && preferred.compareAndSet(from, to)) {
            log.warn("{} cannot be used any more; going on with {}", engines.get(from), engines.get(to));
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
    public void close() {
        engines.forEach(DockerEngine::close);
    }
}

package io.micado.provider.monitoring;

import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Keeps the rule files of a Prometheus server as the cluster is: called by {@link PrometheusMetrics} with each reading, it works on a
 * thread of its own, so that a slow disk or server costs no measurement. Thread-safe.
 *
 * <p>When the server refuses new rules the files go back to what they were; when it does not answer they stay, and it is told to reload
 * later.
 */
final class RuleKeeper implements AutoCloseable {
    /** How often files are looked at although nothing has changed, and refused ones are tried again. */
    private static final Duration ANEW = Duration.ofMinutes(5);

    /** Equal to no set of files. */
    private static final Map<String, String> NOTHING_DONE = Map.of("", "");

    private static final Duration RELOAD_DEADLINE = Duration.ofSeconds(30);

    private final RuleSettings settings;
    private final RuleText text;
    private final RuleDirectory directory;
    private final Supplier<List<HttpClient>> servers;
    private final PluginContext context;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final AtomicBoolean busy = new AtomicBoolean();

    // All below is confined to the executor's one thread.
    private Map<String, String> done = NOTHING_DONE;
    /** What files held that the server has not taken the new content of yet. */
    private final Map<String, Optional<String>> unconfirmed = new TreeMap<>();

    private boolean began;
    private long doneAt;
    private boolean reloadDue;
    private boolean warned;

    /** What is wrong now, for the thread that reads metrics; empty when nothing is. */
    private volatile String problem = "";

    RuleKeeper(RuleSettings settings, Supplier<List<HttpClient>> servers, PluginContext context) {
        this.settings = settings;
        this.servers = servers;
        this.context = context;
        text = new RuleText(context.infrastructure(), settings.timing());
        directory = new RuleDirectory(settings.directory(), text);
        timekeeper = context.timekeeper();
        executor = timekeeper.boundedExecutor("prometheus-rules", 1);
    }

    /** Takes notice of what there is now, unless it is still busy with what there was before. */
    void follow(MetricRequest request) {
        if (busy.compareAndSet(false, true)) {
            executor.submit(() -> {
                try {
                    bring(wanted(request));
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private Map<String, String> wanted(MetricRequest request) {
        Map<String, String> files = new TreeMap<>();
        for (ServiceState service : request.cluster().services()) {
            if (settings.includes(service)) {
                files.put(text.fileOfService(service.name()), text.ofService(service, settings.of(service)));
            }
        }
        for (String pool : PrometheusMetrics.pools(request)) {
            files.put(text.fileOfPool(pool), text.ofPool(pool, settings.ofPool(pool)));
        }
        return files;
    }

    private void bring(Map<String, String> wanted) {
        boolean isFresh = began && timekeeper.nanoTime() - doneAt < ANEW.toNanos();
        if (!isFresh || !wanted.equals(done)) {
            RuleDirectory.Changes changes = directory.bring(wanted);
            warn(
                    changes.problems().isEmpty()
                            ? ""
                            : "rules were not written: " + changes.problems().get(0));
            began = true;
            // What could not be written is tried again at once.
            done = changes.problems().isEmpty() ? wanted : NOTHING_DONE;
            doneAt = timekeeper.nanoTime();
            changes.before().forEach(unconfirmed::putIfAbsent);
            reloadDue |= settings.reload() && !changes.before().isEmpty();
        }
        if (!reloadDue) {
            return;
        }
        warned = false;
        if (!reload()) {
            refused(wanted);
        } else if (!reloadDue) {
            unconfirmed.clear();
            if (!warned && !done.equals(NOTHING_DONE)) {
                warn("");
            }
        }
    }

    private void refused(Map<String, String> wanted) {
        List<String> problems = directory.undo(unconfirmed);
        unconfirmed.clear();
        // The same is tried again later, or sooner when something else is wanted.
        done = wanted;
        String after = reload() ? "" : "; it refuses the rules as they were before, too, so the cause is another";
        warn("Prometheus refused new rules, so the files are as they were before" + after
                + (problems.isEmpty() ? "" : "; except: " + problems.get(0)));
    }

    /** {@return whether it was not refused} Without an answer it is due again. */
    private boolean reload() {
        List<HttpClient> told = servers.get();
        reloadDue = told.isEmpty(); // nobody knows yet where it is
        boolean accepted = true;
        for (HttpClient server : told) {
            try {
                HttpResponse answer =
                        server.exchange(HttpRequest.post("/-/reload").deadline(RELOAD_DEADLINE));
                int status = answer.status();
                if (status == 500) {
                    accepted = false;
                } else if (status > 500) {
                    throw answer.failure("");
                } else if (!answer.isSuccess()) {
                    warn("Prometheus does not reload rules when it is told to (status " + status
                            + "); start it with --web.enable-lifecycle, or set rules.reload to false");
                }
            } catch (MicadoException e) {
                reloadDue = true;
                warn("Prometheus has not been told to reload its rules yet: " + e.getMessage());
            }
        }
        return accepted;
    }

    private void warn(String message) {
        if (!message.isEmpty() && !message.equals(problem)) {
            context.warnings().accept(message);
        }
        warned |= !message.isEmpty();
        problem = message;
    }

    /** {@return what is wrong with the rules now; empty when nothing is} */
    Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }

    @Override
    public void close() {
        executor.close();
    }
}

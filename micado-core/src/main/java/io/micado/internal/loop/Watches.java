package io.micado.internal.loop;

import io.micado.api.time.BoundedExecutor;
import io.micado.internal.state.HostMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the sources that tell when something changed, and has the loop look at them before their time. Each is opened on a
 * thread of its own, since that may take a plug-in as long as any call. Thread-safe; opened once, and closed once after that.
 */
final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    /** A source that is called back for may do so at any rate; the loop looks at it this often at most. */
    private static final Duration METRICS_PERIOD = Duration.ofSeconds(1);

    private final EngineConfiguration configuration;
    private final Executor loop;
    private final HostMetrics hostMetrics;
    private final Observer observer;
    private final ControlLoop controlLoop;
    private final BoundedExecutor opener;
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean closed;

    Watches(
            EngineConfiguration configuration,
            Executor loop,
            HostMetrics hostMetrics,
            Observer observer,
            ControlLoop controlLoop) {
        this.configuration = configuration;
        this.loop = loop;
        this.hostMetrics = hostMetrics;
        this.observer = observer;
        this.controlLoop = controlLoop;
        opener = configuration
                .timekeeper()
                .boundedExecutor("micado-watch", 1 + configuration.metrics().size());
    }

    void open() {
        open(() -> configuration
                .cluster()
                .watch(() -> loop.execute(() -> {
                    observer.clusterSoon();
                    controlLoop.wake();
                })));
        configuration
                .metrics()
                .forEach((name, source) ->
                        open(() -> source.watch(atMostEvery(METRICS_PERIOD, () -> observer.metricsSoon(name)))));
        // A program may record with each of its requests: such a look takes the place of the regular one, just before
        // it.
        hostMetrics.watch(
                atMostEvery(configuration.passInterval().multipliedBy(9).dividedBy(10), observer::hostSoon));
    }

    private Runnable atMostEvery(Duration period, Runnable heard) {
        return new Debounce(
                configuration.timekeeper(),
                period,
                () -> loop.execute(() -> {
                    heard.run();
                    controlLoop.soon();
                }));
    }

    /** Without a watch the loop looks at its regular pace, so that one that cannot be opened is no reason to stop. */
    private void open(Supplier<AutoCloseable> watch) {
        opener.submit(() -> {
            try {
                keep(watch.get());
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("a source cannot tell of changes; it is looked at at its regular pace", e);
            }
        });
    }

    private void keep(AutoCloseable watch) {
        synchronized (open) {
            if (!closed) {
                open.add(watch);
                return;
            }
        }
        close(watch);
    }

    @Override
    public void close() {
        opener.close();
        List<AutoCloseable> all;
        synchronized (open) {
            closed = true;
            all = List.copyOf(open);
        }
        all.forEach(Watches::close);
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.debug("closing a watch failed", e);
        }
    }
}

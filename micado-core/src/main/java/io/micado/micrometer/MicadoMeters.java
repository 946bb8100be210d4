package io.micado.micrometer;

import io.micado.Micado;
import io.micado.Vitals;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.telemetry.Progress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a host program's {@link MeterRegistry} of one infrastructure, what {@code /metrics} of the HTTP interface tells, by the same names
 * and labels: services, workers, load, decisions, effects, sources, passes. Made by the host program, which binds and closes it.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Micado micado = …; MicadoMeters meters = MicadoMeters.of(micado)) {
 *     meters.bindTo(registry);
 *     micado.start();
 * }
 * }</pre>
 *
 * <p>Names are those of Micrometer: {@code micado.service.running.replicas} is {@code micado_service_running_replicas} for Prometheus.
 * How long passes took is the function timer {@code micado.pass.duration}, without buckets. Meters come with what they are of, and go with
 * it; their values are those of the latest pass, at most {@value #LOOK_SECONDS} s late. A meter that the registry denies is left out.
 */
public final class MicadoMeters implements MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MicadoMeters.class);
    private static final int LOOK_SECONDS = 5;

    private final Micado micado;
    private final Timekeeper time;
    private final Progress progress;
    private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();
    private @Nullable Cancellable nextLook;
    private boolean closed;

    private MicadoMeters(Micado micado, Timekeeper time) {
        this.micado = Objects.requireNonNull(micado, "micado");
        this.time = time;
        progress = new Progress(time.nanoTime());
    }

    /** {@return what tells of an infrastructure, before or after that was started} */
    public static MicadoMeters of(Micado micado) {
        return of(micado, new SystemTimekeeper());
    }

    static MicadoMeters of(Micado micado, Timekeeper time) {
        return new MicadoMeters(micado, time);
    }

    /**
     * Tells one more registry from now on.
     *
     * @throws IllegalStateException when it was closed
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        BoundMeters meters = new BoundMeters(registry, micado);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the meters of " + micado.name() + " were closed");
            }
            bound.add(meters);
            if (nextLook == null) {
                lookAgain();
                return;
            }
        }
        look();
    }

    private synchronized void lookAgain() {
        if (!closed) {
            nextLook = time.schedule(Duration.ofSeconds(LOOK_SECONDS), this::lookAgain);
            look();
        }
    }

    /** Takes the numbers down now, besides every few seconds. */
    private void look() {
        Vitals vitals = micado.vitals();
        progress.look(vitals, time.nanoTime());
        for (BoundMeters meters : bound) {
            try {
                meters.update(progress, time.nanoTime());
            } catch (RuntimeException e) {
                LOG.warn("[{}] its meters could not be brought up to date", micado.name(), e);
            }
        }
    }

    /** Takes the meters out of their registries. The infrastructure and the registries stay open. A second call does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (nextLook != null) {
                nextLook.cancel();
            }
        }
        bound.forEach(BoundMeters::remove);
        bound.clear();
    }
}

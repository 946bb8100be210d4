package io.micado;

import io.micado.api.event.MicadoListener;
import io.micado.api.metric.MetricKey;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.worker.WorkerId;
import io.micado.config.ConfigurationFiles;
import io.micado.internal.loop.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/**
 * One infrastructure: services on a cluster, whose replicas and whose workers scale by themselves. Made by {@link #builder()};
 * any number live in one JVM. Thread-safe.
 *
 * <p>Commands return at once; their futures complete on the engine's thread, so what follows on them must be short. They
 * fail with a {@link io.micado.api.error.MicadoException}, of kind {@code CONFLICT} when another program holds the lease, in a
 * dry run, and after {@link #close()}.
 */
public final class Micado implements AutoCloseable {
    private static final Duration LONGEST_HOLD = Duration.ofDays(3650);

    private final String name;
    private final Engine engine;
    private final Map<String, Cloud> clouds;

    Micado(String name, Engine engine, Map<String, Cloud> clouds) {
        this.name = name;
        this.engine = engine;
        this.clouds = Map.copyOf(clouds);
    }

    /** {@return a builder} */
    public static MicadoBuilder builder() {
        return new MicadoBuilder();
    }

    /**
     * {@return a builder with everything that a file describes}, to be completed or built as it is. Our own YAML is read, and each
     * format of a plug-in on the class path.
     *
     * @param first the file, or a folder with all that belongs to it
     * @param others other files that belong to it; none takes those that are found beside it
     * @throws io.micado.api.error.ConfigurationException when it cannot be read at all; everything else that is wrong is reported
     *     by {@link MicadoBuilder#build()}, all at once
     */
    public static MicadoBuilder fromFile(Path first, Path... others) {
        return builder().from(ConfigurationFiles.read(first, others));
    }

    /** {@return the infrastructure's name} */
    public String name() {
        return name;
    }

    /** {@return what each cloud can do, by the name of the cloud}; asks the plug-ins, not the clouds */
    public Map<String, CloudTraits> cloudTraits() {
        Map<String, CloudTraits> traits = new TreeMap<>();
        clouds.forEach((cloud, plugin) -> traits.put(cloud, plugin.traits()));
        return traits;
    }

    /**
     * Gets the cluster ready, on the caller's thread, and begins to work on threads of its own.
     *
     * @throws io.micado.api.error.MicadoException with one sentence that says what is wrong and what to do, when the cluster
     *     cannot be reached or managed
     * @throws IllegalStateException when it was started or closed before
     */
    public void start() {
        engine.start();
    }

    /** Deploys a service, or brings one of that name to this specification; its replicas are then scaled. */
    public CompletableFuture<Void> deploy(ServiceSpec service) {
        return engine.deploy(service);
    }

    /** Removes a service; none of that name is a success. */
    public CompletableFuture<Void> remove(String service) {
        return engine.remove(service);
    }

    /** Holds a target at a count for {@link Defaults#HOLD}, within its bounds, whatever its policy says. */
    public CompletableFuture<Void> scale(TargetId target, int count) {
        return engine.hold(target, checked(count), Defaults.HOLD);
    }

    /**
     * Holds a target at a count for a while, within its bounds, whatever its policy says.
     *
     * @param howLong how long, up to ten years; zero until {@link #release} is called
     */
    public CompletableFuture<Void> scale(TargetId target, int count, Duration howLong) {
        if (howLong.isNegative() || howLong.compareTo(LONGEST_HOLD) > 0) {
            throw new IllegalArgumentException(
                    "howLong must be between 0 and " + LONGEST_HOLD.toDays() + " days, got " + howLong);
        }
        return engine.hold(target, checked(count), howLong);
    }

    /** Ends a hold; its policy decides again. */
    public CompletableFuture<Void> release(TargetId target) {
        return engine.release(target);
    }

    /**
     * Sends a worker away, the usual way: cordoned, asked for by the guard, drained, terminated; one that has not joined yet is
     * terminated at once. Its pool is held at one fewer for {@link Defaults#HOLD}, unless it is not configured any more. One that is on its way out already is a success.
     * When what runs there finds no place elsewhere, the worker is taken back, as always. Fails with {@code CONFLICT} when its
     * pool would have fewer workers than its least, or is not configured any more, nor the cloud of the worker's machine; and with {@code NOT_FOUND} when there is no such worker.
     */
    public CompletableFuture<Void> sendAway(WorkerId worker) {
        return engine.sendAway(worker, Defaults.HOLD);
    }

    /** {@return what the latest pass saw} */
    public Status status() {
        return engine.status();
    }

    /** {@return how the engine does, as of its latest pass} */
    public Vitals vitals() {
        return engine.vitals();
    }

    /**
     * {@return the latest decisions of a target, the latest first, no-ops included: at most 100, equal ones folded}. It
     * answers why it was scaled and why it was not; empty when there is no such target.
     */
    public List<Decision> explain(TargetId target) {
        return engine.explain(target);
    }

    /**
     * Gives policies a number of the host program's own, such as the length of a queue.
     *
     * @param metric the name by which policies ask for it
     * @param supplier reads it whenever it is needed, on a thread of the engine's; thread-safe and quick
     */
    public void gauge(String metric, DoubleSupplier supplier) {
        engine.gauge(MetricKey.host(metric), supplier);
    }

    /** Gives policies a number of the host program's own, as of now. */
    public void record(String metric, double value) {
        engine.record(MetricKey.host(metric), value);
    }

    /** Adds a listener; it hears what happens from now on. */
    public void addListener(MicadoListener listener) {
        engine.addListener(listener);
    }

    /** Removes a listener; one that is not there is ignored. */
    public void removeListener(MicadoListener listener) {
        engine.removeListener(listener);
    }

    /** Stops acting by itself; it goes on observing and recommending, and what it is told to do is done. */
    public void pause() {
        engine.pause(true);
    }

    /** Acts again after {@link #pause()}. */
    public void resume() {
        engine.pause(false);
    }

    /** Recommends only, or acts again. In a dry run nothing is changed, on the clouds neither: commands fail, and no service is deployed. */
    public void dryRun(boolean value) {
        engine.dryRun(value);
    }

    /**
     * Takes the infrastructure away: the services that were deployed through it, every worker, and everything else that it
     * owns on the clouds. Services that others deployed stay, and move to their own nodes where there are any. A cluster
     * that MiCADO made is dissolved. Takes as long as clouds take to delete, at most {@link Defaults#DESTROY_DEADLINE}.
     *
     * @return tells what is left; call {@link #close()} afterwards
     */
    public CompletableFuture<DestroyReport> destroy() {
        return engine.destroy();
    }

    /** Ends the work within 10 s, whatever hangs. The infrastructure stays as it is. A second call does nothing. */
    @Override
    public void close() {
        engine.close();
    }

    private static int checked(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must be 0 or more, got " + count);
        }
        return count;
    }
}

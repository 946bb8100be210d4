package io.micado.provider.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Offering;
import io.micado.docker.DockerEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the image that a worker container is made from, and pulls it when the host engine has not got it. Called by
 * {@link WorkerLauncher} on the threads that launch. Thread-safe.
 *
 * <p>A pull may take longer than a launch is given. So it runs on a thread of its own and goes on when the launch gives up; a later
 * launch finds the image.
 */
final class WorkerImages {
    /** What {@code micado-examples/docker/images.sh} makes without a registry. */
    static final String LOCAL_IMAGE = "micado/worker:debian";

    /** How long a launch waits for a pull: less than the engine gives a launch. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration PULL_DEADLINE = Duration.ofMinutes(15);
    private static final Duration COME_BACK = Duration.ofSeconds(15);
    private static final String OFFICIAL_IMAGE = "docker";

    private final DockerEngine host;
    private final HostFacts facts;
    private final Optional<String> image;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final Consumer<String> warnings;
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();
    private final AtomicBoolean fellBack = new AtomicBoolean();

    /** A pull that is under way. Immutable; the end is thread-safe. */
    private record Pull(long begunAt, CompletableFuture<Boolean> end) {}

    WorkerImages(
            DockerEngine host,
            HostFacts facts,
            Optional<String> image,
            Timekeeper timekeeper,
            BoundedExecutor executor,
            Consumer<String> warnings) {
        this.host = host;
        this.facts = facts;
        this.image = image;
        this.timekeeper = timekeeper;
        this.executor = executor;
        this.warnings = warnings;
    }

    /**
     * {@return an image that the host engine has}
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when there is none and no registry has it, {@code TRANSIENT} when it is
     *     still being pulled or the registry does not answer
     */
    String imageFor(Offering offering) {
        Optional<String> chosen =
                offering.settings().string(LocalSettings.IMAGE).or(() -> image);
        String wanted = chosen.orElseGet(this::officialImage);
        if (host.images().exists(wanted)) {
            return wanted;
        }
        if (chosen.isEmpty() && fellBack.get() && host.images().exists(LOCAL_IMAGE)) {
            return LOCAL_IMAGE;
        }
        MicadoException failure = pull(wanted);
        if (failure == null) {
            return wanted;
        }
        if (chosen.isEmpty() && host.images().exists(LOCAL_IMAGE)) {
            if (fellBack.compareAndSet(false, true)) {
                warnings.accept("image " + wanted + " could not be pulled (" + failure.getMessage()
                        + "); workers are made from the local image " + LOCAL_IMAGE + " instead");
            }
            return LOCAL_IMAGE;
        }
        throw missing(wanted, chosen.isPresent(), failure);
    }

    private String officialImage() {
        String version = facts.majorMinor();
        return OFFICIAL_IMAGE + ":" + (version.isEmpty() ? "dind" : version + "-dind");
    }

    /** {@return why it failed; null when the image is there} */
    private @Nullable MicadoException pull(String wanted) {
        Pull pull = pulls.computeIfAbsent(wanted, this::startPull);
        // Counted from its beginning, so that the launches of one call do not wait one after the other.
        Duration age = Duration.ofNanos(timekeeper.nanoTime() - pull.begunAt());
        Duration patience = age.compareTo(PATIENCE) < 0 ? PATIENCE.minus(age) : Duration.ZERO;
        if (!timekeeper.await(pull.end(), patience)) {
            throw new MicadoException(
                            ErrorKind.TRANSIENT,
                            "image " + wanted + " for local workers is still being pulled to Docker at " + host.host()
                                    + "; a later launch will find it")
                    .withRetryAfter(COME_BACK);
        }
        try {
            pull.end().join();
            return null;
        } catch (CompletionException e) {
            return e.getCause() instanceof MicadoException failure
                    ? failure
                    : new MicadoException(ErrorKind.INTERNAL, "pulling image " + wanted + " failed", e.getCause());
        }
    }

    private Pull startPull(String wanted) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        executor.submit(() -> {
            try {
                host.images().pull(wanted, PULL_DEADLINE);
                pulls.remove(wanted);
                end.complete(true);
            } catch (RuntimeException e) {
                pulls.remove(wanted);
                end.completeExceptionally(e);
            }
        });
        return new Pull(timekeeper.nanoTime(), end);
    }

    private MicadoException missing(String wanted, boolean chosen, MicadoException failure) {
        String remedy = chosen
                ? "run \"docker pull " + wanted + "\" there, or set \"" + LocalSettings.IMAGE
                        + "\" to an image that it has"
                : "run \"docker pull " + wanted + "\" there, or make " + LOCAL_IMAGE
                        + " without a registry by micado-examples/docker/images.sh worker";
        boolean nowhere = failure.kind() == ErrorKind.NOT_FOUND || failure.kind() == ErrorKind.AUTHENTICATION;
        return new MicadoException(
                nowhere ? ErrorKind.CONFIGURATION : ErrorKind.TRANSIENT,
                "Docker at " + host.host() + " has no image " + wanted + " for local workers and could not pull it ("
                        + failure.getMessage() + "); " + remedy,
                failure);
    }
}

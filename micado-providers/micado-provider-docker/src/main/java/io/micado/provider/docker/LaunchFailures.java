package io.micado.provider.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.docker.DockerException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Says what a refusal of the host engine means for a launch: the only place here that reads its messages, beside {@link Rights}. Called by
 * {@link WorkerLauncher} when nothing is left of the worker. Stateless.
 */
final class LaunchFailures {
    private static final List<String> NO_ROOM = List.of(
            "no space left on device",
            "cannot allocate memory",
            "no available ipv4 addresses",
            "range of cpus is from",
            "resource temporarily unavailable");

    private LaunchFailures() {}

    static MicadoException explain(MicadoException failure, LocalSettings settings, URI host) {
        if (!(failure instanceof DockerException refusal)) {
            return failure;
        }
        String message = String.valueOf(failure.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (NO_ROOM.stream().anyMatch(lower::contains)) {
            return new MicadoException(
                    ErrorKind.INSUFFICIENT_CAPACITY, "there is no room for another worker: " + message, failure);
        }
        if (Rights.refusesPrivileged(refusal)) {
            return new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "Docker at " + host + " cannot run privileged containers; set \"" + LocalSettings.PRIVILEGED
                            + "\" to auto or false",
                    failure);
        }
        if (lower.contains("network " + settings.network().toLowerCase(Locale.ROOT) + " not found")) {
            return new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "Docker at " + host + " has no network \"" + settings.network() + "\"; run \"docker network create "
                            + settings.network() + "\" there, or set \"" + LocalSettings.NETWORK
                            + "\" to one that it has",
                    failure);
        }
        if (failure.kind() == ErrorKind.INTERNAL) {
            // The container was removed again, so nothing was applied in the end.
            return new MicadoException(ErrorKind.TRANSIENT, "a worker could not be started: " + message, failure);
        }
        return failure;
    }
}

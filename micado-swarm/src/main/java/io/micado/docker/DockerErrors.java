package io.micado.docker;

import io.micado.api.error.ErrorKind;
import io.micado.docker.DockerException.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence, and by kind, what went wrong with a call: the only place that reads Docker's messages. Called by
 * {@link DockerCall} on its thread. Stateless.
 */
final class DockerErrors {
    private DockerErrors() {}

    /** Maps an answer with a status of 300 or more. */
    static DockerException refused(URI host, EngineRequest request, int status, String answer) {
        String said = answer.isBlank() ? "no reason given" : answer.strip();
        String lower = said.toLowerCase(Locale.ROOT);
        String where = "Docker at " + host;
        if (lower.contains("not a swarm manager") && lower.contains("swarm init")) {
            // The same words for an engine in no Swarm at all ("Use docker swarm init or join to connect this node").
            return new DockerException(
                    ErrorKind.CONFIGURATION,
                    Reason.NO_SWARM,
                    status,
                    where
                            + " is in no Swarm; run \"docker swarm init\" there, let MiCADO initialise it, or name another host",
                    null);
        }
        if (lower.contains("not a swarm manager") || lower.contains("not part of a swarm")) {
            Reason reason = lower.contains("not part") ? Reason.NO_SWARM : Reason.NOT_A_MANAGER;
            String what = reason == Reason.NO_SWARM ? " is in no Swarm" : " is in a Swarm but not a manager of it";
            return new DockerException(
                    ErrorKind.CONFIGURATION,
                    reason,
                    status,
                    where + what + "; name a manager of the Swarm instead",
                    null);
        }
        if (lower.contains("does not have a leader") || lower.contains("no elected primary")) {
            return new DockerException(
                    ErrorKind.TRANSIENT,
                    Reason.NO_LEADER,
                    status,
                    where
                            + " finds no leader of its Swarm: too few managers are online; bring more than half of them back",
                    null);
        }
        if (lower.contains("swarm is encrypted") || lower.contains("needs to be unlocked")) {
            return new DockerException(
                    ErrorKind.CONFIGURATION,
                    Reason.NOT_A_MANAGER,
                    status,
                    where + " is a locked manager; run \"docker swarm unlock\" there",
                    null);
        }
        return new DockerException(
                kindOf(request, status, lower),
                Reason.REFUSED,
                status,
                where + " refused " + request.describe() + " (" + status + "): " + said,
                null);
    }

    private static ErrorKind kindOf(EngineRequest request, int status, String lower) {
        if (lower.contains("update out of sequence") || lower.contains("already part of a swarm")) {
            return ErrorKind.CONFLICT;
        }
        return switch (status) {
            case 400 -> ErrorKind.CONFIGURATION;
            case 401, 403 -> ErrorKind.AUTHENTICATION;
            case 404 -> ErrorKind.NOT_FOUND;
            case 409 -> ErrorKind.CONFLICT;
            case 429 -> ErrorKind.RATE_LIMITED;
            case 501 -> ErrorKind.UNSUPPORTED;
            case 502, 503, 504 -> unanswered(request);
            default -> {
                boolean timedOutInside = lower.contains("deadline exceeded") || lower.contains("deadlineexceeded");
                yield timedOutInside ? unanswered(request) : ErrorKind.INTERNAL;
            }
        };
    }

    /** Maps what was thrown while connecting, sending or reading. */
    static DockerException failed(URI host, EngineRequest request, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String hint = connectHint(host, cause);
            if (hint != null) {
                return new DockerException(
                        isDenied(cause) ? ErrorKind.AUTHENTICATION : ErrorKind.TRANSIENT,
                        Reason.UNREACHABLE,
                        0,
                        "cannot connect to Docker at " + host + ": " + words(cause) + "; " + hint,
                        failure);
            }
            if (cause instanceof SSLException) {
                return new DockerException(
                        ErrorKind.AUTHENTICATION,
                        Reason.UNREACHABLE,
                        0,
                        "Docker at " + host + " and we do not trust each other: " + words(cause)
                                + "; check ca.pem, cert.pem and "
                                + "key.pem in \"" + DockerSettings.TLS_CERT_PATH
                                + "\", and that the engine's certificate names this host",
                        failure);
            }
        }
        return new DockerException(
                unanswered(request),
                Reason.NO_ANSWER,
                0,
                "Docker at " + host + " broke off " + request.describe() + ": " + words(failure) + outcome(request),
                failure);
    }

    /** Says that no answer came in time. */
    static DockerException timedOut(URI host, EngineRequest request, Duration deadline) {
        return new DockerException(
                unanswered(request),
                Reason.NO_ANSWER,
                0,
                "Docker at " + host + " did not answer " + request.describe() + " within " + seconds(deadline)
                        + "; is the engine overloaded or stuck?" + outcome(request),
                null);
    }

    /** Says that the caller did not want to wait any longer, or that the engine was closed on our side. */
    static DockerException abandoned(URI host, EngineRequest request, String why) {
        return new DockerException(
                unanswered(request),
                Reason.NO_ANSWER,
                0,
                request.describe() + " at Docker " + host + " was given up: " + why + outcome(request),
                null);
    }

    /** Says that the engine is older than what we speak. */
    static DockerException tooOld(URI host, String apiVersion, String needed) {
        return new DockerException(
                ErrorKind.UNSUPPORTED,
                Reason.REFUSED,
                0,
                "Docker at " + host + " speaks version " + apiVersion + " of its API, but " + needed
                        + " or newer is needed; upgrade it to Docker Engine 20.10 or newer",
                null);
    }

    /** Says that an answer could not be understood. */
    static DockerException unintelligible(URI host, EngineRequest request, Throwable failure) {
        return new DockerException(
                ErrorKind.INTERNAL,
                Reason.REFUSED,
                0,
                "Docker at " + host + " answered " + request.describe()
                        + " with something that is no JSON of its API; is it a " + "Docker Engine?",
                failure);
    }

    private static @Nullable String connectHint(URI host, Throwable cause) {
        if (cause instanceof UnknownHostException || cause instanceof NoRouteToHostException) {
            return "check the address and the network";
        }
        // By its name, because the HTTP client is shaded.
        boolean connectTimeout = cause.getClass().getSimpleName().equals("ConnectTimeoutException");
        if ("tcp".equals(host.getScheme())) {
            return connectTimeout || cause instanceof ConnectException
                    ? "is the Docker Engine running, listening on that port, and does the firewall let us through?"
                    : null;
        }
        String words = words(cause);
        boolean unixConnect = cause instanceof ConnectException
                || (cause instanceof SocketException
                        && (words.contains("No such file")
                                || words.contains("Permission denied")
                                || words.contains("Connection refused")));
        return unixConnect
                ? "is the Docker Engine running, and may this user (" + System.getProperty("user.name")
                        + ") open the socket? Members of the group \"docker\" usually may"
                : null;
    }

    private static boolean isDenied(Throwable cause) {
        return words(cause).contains("Permission denied");
    }

    private static ErrorKind unanswered(EngineRequest request) {
        return request.changesSomething() ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT;
    }

    private static String outcome(EngineRequest request) {
        return request.changesSomething() ? "; whether it was carried out is unknown" : "";
    }

    private static String words(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return Objects.requireNonNullElse(
                deepest.getMessage(), deepest.getClass().getSimpleName());
    }

    private static String seconds(Duration deadline) {
        long millis = deadline.toMillis();
        // What is left of a deadline that several calls share is some odd number of milliseconds.
        return millis < 1000 ? millis + " ms" : Math.round(millis / 1000.0) + " s";
    }
}

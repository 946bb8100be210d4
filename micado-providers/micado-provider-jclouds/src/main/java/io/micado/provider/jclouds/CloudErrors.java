package io.micado.provider.jclouds;

import com.google.common.base.Throwables;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Says of which kind a failure of a cloud's API is; what the cloud's own error codes mean is told by an {@link ErrorTable}. Called on any
 * thread. Immutable.
 *
 * <p>No exception that it makes has one of jclouds' as its cause, since those may show what was sent.
 */
final class CloudErrors {
    /** A difference of clocks beyond which signatures and tokens are refused. */
    private static final Duration GREAT_SKEW = Duration.ofMinutes(4);
    /** A long run without spaces is no text for people: an echo of encoded user data, a token, a signature. */
    private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9+/=_-]{48,}");

    /** Headers that hold credentials, as a server quotes them that shows in an error what it was sent. */
    private static final Pattern CREDENTIALS = Pattern.compile(
            "((?:x-auth-token|x-subject-token|authorization)\\W{1,5}(?:(?:basic|bearer|aws4-hmac-sha256)\\s+)?)[^\\s,;\\]}\"']+",
            Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_MESSAGE = 400;

    private final String cloud;
    private final ErrorTable table;
    private final Timekeeper timekeeper;

    CloudErrors(String cloud, ErrorTable table, Timekeeper timekeeper) {
        this.cloud = cloud;
        this.table = table;
        this.timekeeper = timekeeper;
    }

    /**
     * {@return what a failure means}
     *
     * @param what what was tried, for people
     * @param changes whether the request would have changed something on the cloud
     */
    MicadoException explain(String what, boolean changes, RuntimeException failure) {
        for (Throwable cause : Throwables.getCausalChain(failure)) {
            if (cause instanceof MicadoException told) {
                return told;
            }
            if (cause instanceof Refusal refusal) {
                return refused(what, changes && !refusal.login(), refusal);
            }
            if (cause instanceof NoAnswer lost) {
                return unanswered(what, changes && !lost.login(), lost.failure());
            }
        }
        Optional<MicadoException> known = table.otherThan(failure, changes);
        if (known.isPresent()) {
            return said(what, known.get());
        }
        return unreadable(what, changes, failure.getClass().getSimpleName());
    }

    /** {@return that an answer of status 200 makes no sense} */
    MicadoException unreadable(String what, boolean changes, String why) {
        return new MicadoException(
                changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT,
                what + " on cloud " + cloud + ": the answer cannot be read (" + why + ")");
    }

    private MicadoException refused(String what, boolean changes, Refusal refusal) {
        MicadoException error = said(what, table.meaning(refusal, changes));
        Duration skew = skew(refusal);
        if (error.kind() == ErrorKind.AUTHENTICATION && skew.abs().compareTo(GREAT_SKEW) > 0) {
            error = new MicadoException(
                    ErrorKind.AUTHENTICATION,
                    error.getMessage() + "; this machine's clock is "
                            + skew.abs().toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead of")
                            + " the cloud's: set it right");
        }
        Optional<Duration> wait = retryAfter(refusal);
        return error.kind() == ErrorKind.RATE_LIMITED && wait.isPresent() ? error.withRetryAfter(wait.get()) : error;
    }

    private MicadoException said(String what, MicadoException meaning) {
        MicadoException error = new MicadoException(
                meaning.kind(), what + " on cloud " + cloud + ": " + presentable(String.valueOf(meaning.getMessage())));
        return meaning.remainingQuota().isPresent()
                ? error.withRemainingQuota(meaning.remainingQuota().getAsInt())
                : error;
    }

    private MicadoException unanswered(String what, boolean changes, IOException failure) {
        String message = what + " on cloud " + cloud + ": ";
        if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
            return new MicadoException(
                    ErrorKind.CONFIGURATION,
                    message + "the cloud's certificate is not trusted (" + failure.getMessage()
                            + "); add its authority to the Java trust store",
                    failure);
        }
        if (wasNotSent(failure)) {
            String why = failure instanceof UnknownHostException
                    ? "there is no host " + failure.getMessage()
                    : "cannot connect (" + failure.getMessage() + ")";
            return new MicadoException(ErrorKind.TRANSIENT, message + why, failure);
        }
        return new MicadoException(
                changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT,
                message + "the request was sent and no answer came (" + failure.getMessage() + ")",
                failure);
    }

    private static boolean wasNotSent(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                // The JDK has one class for both; only the text tells a connection that did not come about from a lost
                // answer.
                || (failure instanceof SocketTimeoutException
                        && String.valueOf(failure.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .startsWith("connect"));
    }

    /** {@return by how much this machine's clock is ahead of the cloud's; zero when the cloud does not tell} */
    private Duration skew(Refusal refusal) {
        return refusal.header("date")
                .flatMap(CloudErrors::httpDate)
                .map(theirs -> Duration.between(theirs, timekeeper.wallClock()))
                .orElse(Duration.ZERO);
    }

    private Optional<Duration> retryAfter(Refusal refusal) {
        return refusal.header("retry-after").flatMap(value -> {
            if (value.matches("\\d{1,6}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            Instant now = refusal.header("date").flatMap(CloudErrors::httpDate).orElseGet(timekeeper::wallClock);
            return httpDate(value).map(until -> Duration.between(now, until)).filter(wait -> !wait.isNegative());
        });
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** {@return a message of a cloud as people may see it: in one line, not too long, without echoes of what was sent encoded} */
    static String presentable(String message) {
        String line = message.replaceAll("\\s+", " ").strip();
        String clean = ENCODED.matcher(CREDENTIALS.matcher(line).replaceAll("$1(secret)"))
                .replaceAll("...");
        return clean.length() <= LONGEST_MESSAGE ? clean : clean.substring(0, LONGEST_MESSAGE) + "...";
    }
}

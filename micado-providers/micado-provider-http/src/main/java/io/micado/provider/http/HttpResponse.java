package io.micado.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer, read to its end. Given out by {@link HttpClient}, usable on any thread. Immutable; {@link #toString()} shows the status
 * and the size only.
 */
public final class HttpResponse {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final String call;
    private final boolean safe;
    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Instant receivedAt;
    private final Redaction redaction;

    /**
     * Takes an answer.
     *
     * @param call what was called, fit to be shown
     * @param safe whether the request only read
     * @param status the status
     * @param headers the headers by their lower-case names
     * @param body the body
     * @param receivedAt when it came, on our clock
     * @param redaction takes out what must not be shown
     */
    HttpResponse(
            String call,
            boolean safe,
            int status,
            Map<String, List<String>> headers,
            byte[] body,
            Instant receivedAt,
            Redaction redaction) {
        this.call = call;
        this.safe = safe;
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.receivedAt = receivedAt;
        this.redaction = redaction;
    }

    /** {@return the status} */
    public int status() {
        return status;
    }

    /** {@return whether the status is 200 to 299} */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** {@return the first header of this name, whatever its case} */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** {@return all headers of this name, whatever its case} */
    public List<String> headers(String name) {
        return headers.getOrDefault(HttpClient.headerKey(name), List.of());
    }

    /** {@return the body as UTF-8} */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * {@return the body as JSON}
     *
     * @throws MicadoException when it is none, or nested deeper than 100 levels: see {@link #unreadable}
     */
    public JsonNode json() {
        return JsonText.read(body, this);
    }

    /** {@return the body as JSON where it is some; for bodies of failures, which may be anything} */
    public Optional<JsonNode> jsonIfAny() {
        try {
            return Optional.of(json());
        } catch (MicadoException e) {
            return Optional.empty();
        }
    }

    /**
     * {@return the body as XML}
     *
     * @throws MicadoException when it is none, has a document type, or is nested deeper than 100 levels: see {@link #unreadable}
     */
    public XmlElement xml() {
        return XmlText.read(body, this);
    }

    /** {@return the body as XML where it is some; for bodies of failures, which may be anything} */
    public Optional<XmlElement> xmlIfAny() {
        try {
            return Optional.of(xml());
        } catch (MicadoException e) {
            return Optional.empty();
        }
    }

    /** {@return how long the other side asks to wait, at most an hour; as a number of seconds or as a date on its own clock} */
    public Optional<Duration> retryAfter() {
        return header("Retry-After").flatMap(this::parsedWait).map(HttpResponse::withinReason);
    }

    private Optional<Duration> parsedWait(String text) {
        String wait = text.strip();
        if (wait.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(wait)));
        }
        return date(wait)
                .map(until -> Duration.between(
                        header("Date").flatMap(HttpResponse::date).orElse(receivedAt), until));
    }

    private static Duration withinReason(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** {@return how far the other side's clock is ahead of ours, to a second; empty when it does not tell the time} */
    public Optional<Duration> clockOffset() {
        return header("Date").flatMap(HttpResponse::date).map(theirs -> Duration.between(receivedAt, theirs));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * {@return an exception of the kind that the status stands for, with the wait that the answer asks for}
     *
     * @param reason what the other side says, in its own words; may be empty. What must not be shown is taken out
     */
    public MicadoException failure(String reason) {
        return failure(HttpStatus.kindOf(status, safe), reason);
    }

    /**
     * {@return an exception of this kind, with the wait that the answer asks for}
     *
     * @param kind the kind
     * @param reason what the other side says, in its own words; may be empty. What must not be shown is taken out
     */
    public MicadoException failure(ErrorKind kind, String reason) {
        String said = redaction.clean(reason);
        MicadoException failure = new MicadoException(
                kind, call + " was answered with " + status + (said.isEmpty() ? remedy() : ": " + said));
        return retryAfter().map(failure::withRetryAfter).orElse(failure);
    }

    private String remedy() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> " and leads elsewhere; give the address where it ends as the endpoint";
            case 401, 407 -> "; check user name and password, or the token";
            case 403 -> "; the account is not allowed to do this";
            default -> "";
        };
    }

    /**
     * {@return an exception for an answer that cannot be understood: of kind {@code INTERNAL} when the request only read, or was
     * refused anyway; of kind {@code OUTCOME_UNKNOWN} when it may have done something}
     *
     * @param why what is wrong with it, without quoting it
     */
    public MicadoException unreadable(String why) {
        ErrorKind kind = safe || !isSuccess() ? ErrorKind.INTERNAL : ErrorKind.OUTCOME_UNKNOWN;
        return new MicadoException(kind, call + " was answered with " + status + " and a body that " + why);
    }

    @Override
    public String toString() {
        return status + ", " + body.length + " bytes";
    }
}

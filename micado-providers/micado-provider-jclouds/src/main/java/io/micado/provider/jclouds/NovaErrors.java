package io.micado.provider.jclouds;

import com.google.common.base.Splitter;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.MachineFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the error answers of OpenStack's services mean. Nova and Neutron have no error codes: the status and, where one status has several
 * meanings (403 is both a lack of rights and a quota), the fixed beginnings of their messages decide. Stateless.
 */
final class NovaErrors implements ErrorTable {
    /** "Quota exceeded for cores, ram: Requested 4, 8192, but already used 8, 16384 of 10, 20480 cores, ram" */
    private static final Pattern QUOTA = Pattern.compile(
            "Requested ([\\d, ]+?), but already used ([\\d, ]+?) of ([\\d, ]+?) ", Pattern.CASE_INSENSITIVE);

    /** What a scheduler, a hypervisor or a network without room says. */
    private static final List<String> NO_CAPACITY = List.of(
            "no valid host",
            "exhausted all hosts",
            "exceeded maximum number of retries",
            "insufficient compute resources",
            "no more ip addresses",
            "no more fixed ips");

    @Override
    public MicadoException meaning(Refusal refusal, boolean changes) {
        String message = message(refusal.body());
        String told = "status " + refusal.status() + (message.isEmpty() ? "" : ": " + message);
        ErrorKind kind = kind(refusal.status(), message.toLowerCase(Locale.ROOT), changes);
        MicadoException error = new MicadoException(kind, told);
        OptionalInt remaining = kind == ErrorKind.QUOTA_EXCEEDED ? remaining(message) : OptionalInt.empty();
        return remaining.isPresent() ? error.withRemainingQuota(remaining.getAsInt()) : error;
    }

    /**
     * {@return why a server failed after its launch was accepted} Nova chooses the host, counts the quota once more and makes the volume only then.
     *
     * @param fault the message of the server's fault
     */
    static MachineFailure failure(String fault) {
        String lower = fault.toLowerCase(Locale.ROOT);
        ErrorKind kind = ErrorKind.INTERNAL;
        if (isQuota(lower) || lower.contains("overquota")) {
            kind = ErrorKind.QUOTA_EXCEEDED;
        } else if (NO_CAPACITY.stream().anyMatch(lower::contains)) {
            kind = ErrorKind.INSUFFICIENT_CAPACITY;
        }
        return new MachineFailure(kind, CloudErrors.presentable(fault));
    }

    private static boolean isQuota(String lower) {
        return lower.contains("quota") && (lower.contains("exceed") || lower.contains("limit"));
    }

    private static ErrorKind kind(int status, String lower, boolean changes) {
        boolean quota = isQuota(lower);
        return switch (status) {
            case 403 ->
                quota || lower.contains("exceeds allowed") ? ErrorKind.QUOTA_EXCEEDED : ErrorKind.AUTHENTICATION;
            // Nova and Cinder answer so for limits of their own as well as for too many requests.
            case 413 -> quota ? ErrorKind.QUOTA_EXCEEDED : ErrorKind.RATE_LIMITED;
            case 409 -> {
                if (quota || lower.contains("overquota")) {
                    yield ErrorKind.QUOTA_EXCEEDED;
                }
                yield lower.contains("no more ip addresses") ? ErrorKind.INSUFFICIENT_CAPACITY : ErrorKind.CONFLICT;
            }
            case 400 -> lower.contains("no valid host") ? ErrorKind.INSUFFICIENT_CAPACITY : ErrorKind.CONFIGURATION;
            case 500 ->
                lower.contains("no valid host") ? ErrorKind.INSUFFICIENT_CAPACITY : ErrorTable.kindOf(status, changes);
            default -> ErrorTable.kindOf(status, changes);
        };
    }

    /** {@return the message} An error is {@code {"forbidden": {"message": ...}}}, whatever the name says. */
    static String message(String body) {
        try {
            JsonElement parsed = JsonParser.parseString(body);
            if (parsed.isJsonObject()) {
                for (Map.Entry<String, JsonElement> entry :
                        parsed.getAsJsonObject().entrySet()) {
                    if (entry.getValue() instanceof JsonObject error) {
                        return Json.text(error, "message").orElse("");
                    }
                }
                return Json.text(parsed.getAsJsonObject(), "message").orElse("");
            }
        } catch (JsonParseException e) {
            // a proxy in front of the cloud answers in HTML
        }
        return "";
    }

    /** {@return how many more of what was asked for the smallest quota leaves} */
    static OptionalInt remaining(String message) {
        Matcher told = QUOTA.matcher(message);
        if (!told.find()) {
            return OptionalInt.empty();
        }
        List<Long> requested = numbers(told.group(1));
        List<Long> used = numbers(told.group(2));
        List<Long> limit = numbers(told.group(3));
        if (requested.size() != used.size() || used.size() != limit.size() || requested.isEmpty()) {
            return OptionalInt.empty();
        }
        long least = Integer.MAX_VALUE;
        for (int i = 0; i < requested.size(); i++) {
            long free = Math.max(0, limit.get(i) - used.get(i));
            least = Math.min(least, requested.get(i) > 0 ? free / requested.get(i) : Integer.MAX_VALUE);
        }
        return OptionalInt.of((int) least);
    }

    private static List<Long> numbers(String list) {
        List<Long> numbers = new ArrayList<>();
        for (String part : Splitter.on(',').trimResults().split(list)) {
            if (part.matches("\\d{1,15}")) {
                numbers.add(Long.parseLong(part));
            }
        }
        return numbers;
    }
}

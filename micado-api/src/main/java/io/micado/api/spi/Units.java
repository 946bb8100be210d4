package io.micado.api.spi;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads time spans and amounts of bytes as people write them. Not instantiable. */
final class Units {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
    private static final Pattern SPAN = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]*)");
    private static final Map<String, Double> BYTES = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("b", 1.0),
            Map.entry("k", 0x1p10),
            Map.entry("m", 0x1p20),
            Map.entry("g", 0x1p30),
            Map.entry("t", 0x1p40),
            Map.entry("kib", 0x1p10),
            Map.entry("mib", 0x1p20),
            Map.entry("gib", 0x1p30),
            Map.entry("tib", 0x1p40),
            Map.entry("kb", 1e3),
            Map.entry("mb", 1e6),
            Map.entry("gb", 1e9),
            Map.entry("tb", 1e12));

    private Units() {}

    static @Nullable Duration parseDuration(String text) {
        String span = text.trim().toLowerCase(Locale.ROOT);
        if (SPAN.matcher(span).matches()) {
            Matcher part = PART.matcher(span);
            double millis = 0;
            while (part.find()) {
                millis += Double.parseDouble(part.group(1)) * MILLIS.getOrDefault(part.group(2), 0L);
            }
            return Duration.ofMillis(Math.round(millis));
        }
        if (span.equals("0")) {
            return Duration.ZERO;
        }
        try {
            return Duration.parse(text.trim());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    static @Nullable Long parseBytes(String text) {
        Matcher amount = AMOUNT.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!amount.matches()) {
            return null;
        }
        Double unit = BYTES.get(amount.group(2));
        return unit == null ? null : Long.valueOf(Math.round(Double.parseDouble(amount.group(1)) * unit));
    }
}

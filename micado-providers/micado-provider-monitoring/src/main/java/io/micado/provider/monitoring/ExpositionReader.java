package io.micado.provider.monitoring;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads pages in Prometheus' text format line by line, and of these only the families that are asked for: memory does not grow with
 * the page. Confined to one thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
final class ExpositionReader {
    /** A container with many labels has a long line; a longer one is left out. */
    private static final int LONGEST_LINE = 64 * 1024;

    private final Set<String> families;
    private final long maxBytes;
    private final byte[] line = new byte[LONGEST_LINE];

    /** Takes one sample. */
    @FunctionalInterface
    interface Samples {
        /**
         * Takes a sample.
         *
         * @param timestamp milliseconds since 1970 on the exporter's clock, where the page tells them
         */
        void take(String family, Map<String, String> labels, double value, OptionalLong timestamp);
    }

    ExpositionReader(Set<String> families, long maxBytes) {
        this.families = Set.copyOf(families);
        this.maxBytes = maxBytes;
    }

    /**
     * Hands over all samples of the families, leaving out lines that are none.
     *
     * @throws IOException when the page is too long, or breaks off
     */
    void read(InputStream page, Samples samples) throws IOException {
        InputStream in = new BufferedInputStream(page, 16 * 1024);
        long read = 0;
        int length = 0;
        boolean tooLong = false;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (++read > maxBytes) {
                throw new IOException("the page is longer than " + maxBytes + " bytes");
            }
            if (next == '\n') {
                if (!tooLong) {
                    parse(length, samples);
                }
                length = 0;
                tooLong = false;
            } else if (length == LONGEST_LINE) {
                tooLong = true;
            } else {
                line[length++] = (byte) next;
            }
        }
        // What follows the last line end may be half a sample of a page that broke off.
    }

    private void parse(int length, Samples samples) {
        int end = 0;
        while (end < length && line[end] != '{' && line[end] != ' ' && line[end] != '\t') {
            end++;
        }
        if (end == 0 || line[0] == '#') {
            return;
        }
        String family = new String(line, 0, end, StandardCharsets.UTF_8);
        if (families.contains(family)) {
            new Line(new String(line, end, length - end, StandardCharsets.UTF_8)).hand(family, samples);
        }
    }

    /** The rest of a line, behind the name. */
    private static final class Line {
        private final String text;
        private int at;

        private Line(String text) {
            this.text = text;
        }

        private void hand(String family, Samples samples) {
            Map<String, String> labels = new LinkedHashMap<>();
            if (!readLabels(labels)) {
                return;
            }
            String[] numbers = text.substring(at).strip().split("[ \t]+", -1);
            try {
                double value = number(numbers[0]);
                OptionalLong timestamp =
                        numbers.length > 1 ? OptionalLong.of(Long.parseLong(numbers[1])) : OptionalLong.empty();
                if (Double.isFinite(value)) {
                    samples.take(family, labels, value, timestamp);
                }
            } catch (NumberFormatException e) {
                return; // no sample
            }
        }

        private static double number(String text) {
            // NaN and the infinities are samples of nothing that is measured here.
            return text.endsWith("Inf") ? Double.NaN : Double.parseDouble(text);
        }

        /** {@return whether the labels, if there are any, were whole} */
        private boolean readLabels(Map<String, String> labels) {
            if (at >= text.length() || text.charAt(at) != '{') {
                return true;
            }
            at++;
            while (at < text.length() && text.charAt(at) != '}') {
                int equals = text.indexOf("=\"", at);
                if (equals < 0) {
                    return false;
                }
                String name = text.substring(at, equals).strip();
                at = equals + 2;
                StringBuilder value = new StringBuilder();
                if (!readValue(value)) {
                    return false;
                }
                labels.put(name, value.toString());
                while (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == ' ')) {
                    at++;
                }
            }
            at++;
            return at <= text.length();
        }

        private boolean readValue(StringBuilder value) {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return true;
                }
                if (c == '\\' && at < text.length()) {
                    char escaped = text.charAt(at++);
                    value.append(escaped == 'n' ? '\n' : escaped);
                } else {
                    value.append(c);
                }
            }
            return false;
        }
    }
}

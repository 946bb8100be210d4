package io.micado.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes paths and queries apart, and refuses everything that two programs could read in two ways: dots, double or encoded slashes,
 * control characters, broken encodings. Stateless.
 */
final class Paths {
    private static final int LONGEST = 2_000;

    private Paths() {}

    /** {@return the decoded segments of a raw path; a slash at its end does not count} */
    static List<String> segments(String rawPath) {
        if (rawPath.length() > LONGEST) {
            throw new HttpProblem(414, "the path is longer than " + LONGEST + " characters");
        }
        if (!rawPath.startsWith("/")) {
            throw HttpProblem.badRequest("the path must begin with /");
        }
        List<String> segments = new ArrayList<>();
        String inner = rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
        if (inner.isEmpty()) {
            return segments;
        }
        for (String raw : inner.substring(1).split("/", -1)) {
            String segment = decode(raw, false);
            boolean ambiguous = segment.isBlank()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.indexOf('/') >= 0
                    || segment.indexOf('\\') >= 0
                    || segment.indexOf(';') >= 0;
            if (ambiguous) {
                throw HttpProblem.badRequest(
                        "the path must have no empty segments, no dots alone, and no slashes or semicolons in a segment");
            }
            segments.add(segment);
        }
        return segments;
    }

    /** {@return the parameters of a raw query; of one that is given twice the first} */
    static Map<String, String> query(String rawQuery) {
        if (rawQuery.length() > LONGEST) {
            throw new HttpProblem(414, "the query is longer than " + LONGEST + " characters");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : rawQuery.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                parameters.putIfAbsent(decode(name, true), decode(value, true));
            }
        }
        return parameters;
    }

    private static String decode(String raw, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw HttpProblem.badRequest("a percent sign must be followed by two hexadecimal digits");
                }
                bytes.write(16 * high + low);
                i += 2;
            } else if (c > 0x7e) {
                throw HttpProblem.badRequest("characters beyond ASCII must be percent-encoded");
            } else {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        return checked(bytes.toByteArray());
    }

    private static String checked(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HttpProblem.badRequest("what is percent-encoded must be UTF-8");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw HttpProblem.badRequest("there must be no control characters");
        }
        return text;
    }
}

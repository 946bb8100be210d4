package io.micado.provider.http;

import java.util.List;

/**
 * Takes out of a text from the other side what must never be shown, for messages of exceptions. Made for one call, used by
 * {@link HttpResponse} on any thread. Immutable.
 */
final class Redaction {
    /** What is shown instead. */
    static final String SHOWN = "(secret)";

    /** A quotation of a hidden text is recognised from this length on; shorter pieces tell nothing. */
    private static final int PIECE = 12;

    private static final int LONGEST_TEXT = 300;
    private static final int MOST_READ = 4_000;

    private final List<String> hidden;

    Redaction(List<String> hidden) {
        this.hidden = hidden.stream()
                .map(Redaction::onOneLine)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** {@return the text on one line, cut to a readable length, without hidden texts and longer pieces of them} */
    String clean(String text) {
        String line = onOneLine(text.substring(0, Math.min(text.length(), MOST_READ)));
        for (String secret : hidden) {
            line = line.replace(secret, SHOWN);
        }
        for (String secret : hidden) {
            line = withoutPieces(line, secret);
        }
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }

    private static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    private static String withoutPieces(String text, String secret) {
        if (secret.length() < PIECE) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            int end = i + PIECE;
            if (end > text.length() || !secret.contains(text.substring(i, end))) {
                clean.append(text.charAt(i));
                i++;
            } else {
                while (end < text.length() && secret.contains(text.substring(i, end + 1))) {
                    end++;
                }
                clean.append(SHOWN);
                i = end;
            }
        }
        return clean.toString();
    }

    @Override
    public String toString() {
        return "redaction of " + hidden.size() + " texts";
    }
}

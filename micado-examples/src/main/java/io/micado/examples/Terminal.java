package io.micado.examples;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the examples speak: lines that stay, and below them, on a terminal, a live part that is drawn over itself. Used by all
 * programs here, on their main thread and their shutdown hook. Thread-safe.
 */
final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out;
    private final PrintStream errors;
    private final boolean interactive;
    private final int width;
    private int liveLines;

    Terminal(PrintStream out, PrintStream errors, boolean interactive, int width) {
        this.out = out;
        this.errors = errors;
        this.interactive = interactive;
        this.width = width;
    }

    /** {@return the one that this program was started from} */
    static Terminal system() {
        boolean interactive = isInteractive();
        return new Terminal(System.out, System.err, interactive, interactive ? measuredWidth() : USUAL_WIDTH);
    }

    /** {@return whether somebody watches, so that {@link #live} is of use} */
    boolean interactive() {
        return interactive;
    }

    /** Writes a line that stays. */
    synchronized void line(String text) {
        clearLive();
        out.println(text);
        out.flush();
    }

    /** Writes a line about what is wrong. */
    synchronized void error(String text) {
        clearLive();
        out.flush();
        errors.println(text);
        errors.flush();
    }

    /** Writes where an exception comes from, for those who asked for it. */
    synchronized void trace(Throwable failure) {
        clearLive();
        failure.printStackTrace(errors);
    }

    /** Draws the live part anew; does nothing unless somebody watches. Lines that are too long are cut. */
    synchronized void live(List<String> lines) {
        if (!interactive) {
            return;
        }
        StringBuilder text = new StringBuilder(backToStart());
        for (int i = 0; i < lines.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(cut(lines.get(i))).append(CLEAR_TO_END_OF_LINE);
        }
        text.append(CLEAR_BELOW);
        liveLines = lines.size();
        out.print(text);
        out.flush();
    }

    private void clearLive() {
        if (liveLines > 0) {
            out.print(backToStart() + CLEAR_BELOW);
            liveLines = 0;
        }
    }

    private String backToStart() {
        return "\r" + (liveLines > 1 ? "\u001b[" + (liveLines - 1) + "A" : "");
    }

    private String cut(String line) {
        // One column stays free: some terminals wrap already when the last one is written to.
        return line.length() < width ? line : line.substring(0, Math.max(0, width - 2)) + "…";
    }

    // Up to Java 21 there is no console where there is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isInteractive() {
        Console console = System.console();
        return console != null && isTerminal(console) && !"dumb".equals(System.getenv("TERM"));
    }

    /** From Java 22 on there may be a console without a terminal, and it can tell; before, a console was always a terminal. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static int measuredWidth() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return USUAL_WIDTH;
            }
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            return size.length == 2 && size[1].matches("[1-9]\\d{1,3}") ? Integer.parseInt(size[1]) : USUAL_WIDTH;
        } catch (IOException e) {
            return USUAL_WIDTH; // there is no stty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }
}

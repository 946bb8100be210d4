package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * What metrics of any name were when they were last believed, so that one sample that is far off changes nothing
 * ({@link Plausibility}). Read from a target's memory for one pass and put back as text, {@code NAME=BASE64&NAME=BASE64}. Confined
 * to one thread.
 */
final class Beliefs {
    /** The text of nothing believed yet. */
    static final String NOTHING = "";

    private final Map<String, Belief> byName = new TreeMap<>();

    private Beliefs() {}

    /** {@return what a text remembers; nothing when it is damaged} */
    static Beliefs of(String text) {
        Beliefs beliefs = new Beliefs();
        try {
            for (String entry : text.isEmpty() ? new String[0] : text.split("&", -1)) {
                int end = entry.indexOf('=');
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(entry.substring(end + 1)));
                beliefs.byName.put(
                        URLDecoder.decode(entry.substring(0, end), StandardCharsets.UTF_8), new Belief(bytes));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            // Damaged: to believe the next samples is what a new target does.
            return new Beliefs();
        }
        return beliefs;
    }

    /**
     * {@return whether a value is believed; the first one of a name always is}
     *
     * @param name what it is of
     * @param value the value
     * @param little how much of it is little
     * @param observed the samples that it was made of
     */
    boolean accept(String name, double value, double little, Observed observed) {
        Belief belief = byName.computeIfAbsent(name, any -> new Belief(value));
        boolean accepted = belief.plausibility.accepts(value / little, belief.level / little, observed);
        belief.level = accepted ? value : belief.level;
        return accepted;
    }

    /** {@return what was last believed of a name that was asked for} */
    double level(String name) {
        Belief belief = byName.get(name);
        return belief == null ? Double.NaN : belief.level;
    }

    /** {@return what to recommend when a value is not believed: nothing is added, and nothing taken away} */
    static Recommendation.Capacity setAside(ScalingContext in, String found) {
        return Recommendation.of(in.desired(), found + ": too far off to be believed at once")
                .asLowerBound()
                .withDeadBandApplied();
    }

    /** {@return the text that remembers this} */
    String text() {
        StringBuilder text = new StringBuilder();
        byName.forEach((name, belief) -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(Base64.getUrlEncoder().withoutPadding().encodeToString(belief.bytes())));
        return text.toString();
    }

    /** A value and the one that has yet to be confirmed. Confined to one thread. */
    private static final class Belief {
        private double level;
        private final Plausibility plausibility;

        Belief(double level) {
            this.level = level;
            plausibility = new Plausibility();
        }

        Belief(ByteBuffer in) {
            level = in.getDouble();
            plausibility = new Plausibility(in);
        }

        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(Double.BYTES + Plausibility.BYTES);
            out.putDouble(level);
            plausibility.write(out);
            return out.array();
        }
    }
}

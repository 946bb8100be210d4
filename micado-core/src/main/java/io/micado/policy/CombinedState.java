package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The memories of the scalers that {@link Policies#max} combines, in their order. Immutable. As text it is a head, and for
 * each the version, the length of its text and the text: {@code combined|1:3:abc|0:0:}.
 *
 * @param parts one for each scaler
 */
record CombinedState(List<PolicyState> parts) implements PolicyState {
    private static final int VERSION = 1;
    private static final String HEAD = "combined";

    CombinedState {
        parts = List.copyOf(parts);
    }

    /** {@return so many memories; {@link PolicyState#NONE} for all when the combined one is not understood} */
    static List<PolicyState> split(PolicyState state, int count) {
        List<PolicyState> parts = List.of();
        if (state instanceof CombinedState own) {
            parts = own.parts;
        } else if (state.version() == VERSION) {
            parts = decode(state.encode());
        }
        // Another number means other policies: whose memory it was, nobody can tell.
        return parts.size() == count ? parts : Collections.nCopies(count, PolicyState.NONE);
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        StringBuilder text = new StringBuilder(HEAD);
        for (PolicyState part : parts) {
            String own = part.encode();
            text.append('|')
                    .append(part.version())
                    .append(':')
                    .append(own.length())
                    .append(':')
                    .append(own);
        }
        return text.toString();
    }

    private static List<PolicyState> decode(String text) {
        if (!text.startsWith(HEAD)) {
            return List.of();
        }
        try {
            List<PolicyState> parts = new ArrayList<>();
            int at = HEAD.length();
            while (at < text.length()) {
                int version = text.indexOf(':', at);
                int length = text.indexOf(':', version + 1);
                int end = length + 1 + Integer.parseInt(text.substring(version + 1, length));
                parts.add(new Encoded(
                        Integer.parseInt(text.substring(at + 1, version)), text.substring(length + 1, end)));
                at = end;
            }
            return parts;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // Damaged: to start anew is safe.
            return List.of();
        }
    }
}

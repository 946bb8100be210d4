package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@link PredictiveScaler} has learned of one target, taken from its {@link PolicyState} for one pass and put into
 * the next one. Confined to one thread.
 */
final class PredictiveMemory {
    private static final int VERSION = 4;
    /** Tells this text from that of another policy, which may have had the target before. */
    private static final String HEAD = "predictive|";

    /** A clock may step back by so much, in seconds, without everything being forgotten. */
    private static final double CLOCK_STEP = 60;

    final Forecaster forecaster;
    final Budget budget;
    final Saturation saturation;
    final Plausibility plausibility;
    final Anchor anchor;

    private PredictiveMemory() {
        forecaster = new Forecaster();
        budget = new Budget();
        saturation = new Saturation();
        plausibility = new Plausibility();
        anchor = new Anchor();
    }

    private PredictiveMemory(ByteBuffer in) {
        forecaster = new Forecaster(in);
        budget = new Budget(in);
        saturation = new Saturation(in);
        plausibility = new Plausibility(in);
        anchor = new Anchor(in);
    }

    /** {@return what a state remembers; nothing when it is not ours, of an unknown version, damaged or from the future} */
    static PredictiveMemory of(PolicyState state, double now) {
        PredictiveMemory memory = bytes(state).flatMap(PredictiveMemory::decode).orElseGet(PredictiveMemory::new);
        return memory.forecaster.seenAt() > now + CLOCK_STEP ? new PredictiveMemory() : memory;
    }

    /** {@return the state that remembers this} */
    PolicyState state() {
        ByteBuffer out = ByteBuffer.allocate(
                forecaster.bytes() + Budget.BYTES + Saturation.BYTES + Plausibility.BYTES + Anchor.BYTES);
        forecaster.write(out);
        budget.write(out);
        saturation.write(out);
        plausibility.write(out);
        anchor.write(out);
        return new State(out.array());
    }

    private static Optional<byte[]> bytes(PolicyState state) {
        if (state instanceof State own) {
            return Optional.of(own.bytes);
        }
        String text = state.version() == VERSION ? state.encode() : "";
        try {
            return text.startsWith(HEAD)
                    ? Optional.of(Base64.getDecoder().decode(text.substring(HEAD.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<PredictiveMemory> decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            PredictiveMemory memory = new PredictiveMemory(in);
            return in.hasRemaining() ? Optional.empty() : Optional.of(memory);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // Damaged: to start anew is safe, it only has to learn again.
            return Optional.empty();
        }
    }

    /** The memory as bytes, which nobody changes. Immutable. */
    private static final class State implements PolicyState {
        private final byte[] bytes;

        State(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int version() {
            return VERSION;
        }

        @Override
        public String encode() {
            return HEAD + Base64.getEncoder().encodeToString(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof State that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}

package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BurstHeightsTest {
    private BurstHeights heights = new BurstHeights();

    /** A burst that grows for three minutes, and its end. */
    private void burst(double second, double height) {
        heights.add(second, 10 + height / 2, 10, true);
        heights.add(second + 60, 10 + height, 11, true);
        heights.add(second + 120, 10 + height, 13, true);
        heights.add(second + 180, 10, 15, false);
    }

    @Test
    void foretellsTheUsualHeightAsSoonAsABurstBegins() {
        for (int i = 0; i < 10; i++) {
            burst(10_000 * i, 20 + 0.1 * i);
        }
        burst(100_000, 60);
        assertThat(heights.expected(150_000, 60, 0.9)).isZero();

        heights.add(200_000, 11, 8, true);

        assertThat(heights.expected(200_000, 60, 0.9)).isCloseTo(8 + 20.8, within(0.2));
        assertThat(heights.expected(200_000, 60, 1)).isEqualTo(8 + 60);
    }

    @Test
    void oneBurstIsNotUsual() {
        burst(0, 20);
        heights.add(10_000, 18, 10, true);

        assertThat(heights.expected(10_000, 60, 0.9)).isZero();
    }

    @Test
    void onceABurstHasLastedItsHeightIsSeenAndNotForetold() {
        burst(0, 20);
        burst(10_000, 20);
        heights.add(20_000, 18, 10, true);
        heights.add(20_100, 18, 10, true);

        assertThat(heights.expected(20_050, 60, 0.9)).isEqualTo(30);
        assertThat(heights.expected(20_100, 60, 0.9)).isZero();
    }

    @Test
    void isTheSameAfterItsBytes() {
        for (int i = 0; i < 40; i++) {
            burst(10_000 * i, i < 30 ? 50 : 20);
        }
        ByteBuffer bytes = ByteBuffer.allocate(BurstHeights.BYTES);
        heights.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        heights = new BurstHeights(bytes.flip());
        for (int i = 40; i < 47; i++) {
            burst(10_000 * i, 20);
        }
        heights.add(500_000, 20, 10, true);

        assertThat(heights.expected(500_000, 60, 0.9)).isEqualTo(30);
    }
}
